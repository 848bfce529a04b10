"""Bodies as the views keep them: complete, timeless, with private values; builders for the tests of reading."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.reads import fields

Body = dict[str, Any]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

RUN_TIME_FIELDS = ("availability", "is_enrollable", "is_marketable_external")
COURSE_TIME_FIELDS = ("course_run_statuses", "advertised_course_run_uuid", "editable", "course_run_keys")
PROGRAM_TIME_FIELDS = ("course_run_statuses", "is_program_eligible_for_one_click_purchase")


def named(kind: str, name: str) -> str:
    """A uuid that is the same in every test that names the same thing."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}:{name}"))


def at(days: float = 0, **delta: float) -> str:
    """A date text this far from NOW."""
    return (NOW + timedelta(days=days, **delta)).isoformat().replace("+00:00", "Z")


def seat(type_: str = "verified", price: str = "49.00", **values: Any) -> Body:
    return {
        "type": type_,
        "price": price,
        "currency": "USD",
        "upgrade_deadline": None,
        "upgrade_deadline_override": None,
        "credit_provider": None,
        "credit_hours": None,
        "sku": f"{type_.upper()}1",
        "bulk_sku": None,
    } | values


def organization(key: str = "edX", **values: Any) -> Body:
    body = dict.fromkeys(fields.ORGANIZATION)
    return (
        body
        | {
            "uuid": named("organization", key),
            "key": key,
            "name": f"The {key} University",
            "slug": key.lower(),
            "tags": [],
            "auto_generate_course_run_keys": True,
            "logo_image_url": f"https://media.test/{key}.png",
            "data_modified_timestamp": "2026-01-01T00:00:00Z",
        }
        | values
    )


def person(name: str = "Ada", **values: Any) -> Body:
    body = dict.fromkeys(fields.PERSON)
    return (
        body
        | {
            "uuid": named("person", name),
            "given_name": name,
            "family_name": "Teacher",
            "slug": name.lower(),
            "bio": f"<p>{name} teaches.</p>",
            "position": {"title": "Professor", "organization_name": "edX"},
            "areas_of_expertise": [],
            "urls": {"facebook": None, "twitter": None, "blog": None},
            "urls_detailed": [],
            "works": [],
            "published": True,
        }
        | values
    )


def subject(slug: str = "computer-science", **values: Any) -> Body:
    name = slug.replace("-", " ").title()
    return dict.fromkeys(fields.SUBJECT) | {"uuid": named("subject", slug), "slug": slug, "name": name} | values


def topic(slug: str = "python", **values: Any) -> Body:
    return dict.fromkeys(fields.TOPIC) | {"uuid": named("topic", slug), "slug": slug, "name": slug.title()} | values


def nested_program(title: str = "Robots", **values: Any) -> Body:
    return {
        "uuid": named("program", title),
        "title": title,
        "type": "MicroMasters",
        "type_attrs": {
            "uuid": named("program_type", "micromasters"),
            "slug": "micromasters",
            "coaching_supported": False,
        },
        "marketing_slug": title.lower(),
        "marketing_url": f"https://www.test/micromasters/{title.lower()}",
        "number_of_courses": 2,
        "_status": "active",
        "_marketing": True,
    } | values


def run(key: str = "course-v1:edX+DemoX+1T2026", minimal: bool = False, **values: Any) -> Body:
    """A published, marketable run that started a month ago and goes on for half a year."""
    names = fields.MINIMAL_RUN if minimal else fields.RUN_WITH_PROGRAMS
    body = {name: None for name in names if name not in RUN_TIME_FIELDS}
    org, number, _ = key.removeprefix("course-v1:").split("+")
    body |= {
        "key": key,
        "uuid": named("run", key),
        "title": f"Demonstration of {number}",
        "image": {"src": "https://media.test/x.png", "description": None, "height": None, "width": None},
        "short_description": "<p>Short.</p>",
        "marketing_url": f"https://www.test/course/{number.lower()}-{key[-6:].lower()}",
        "seats": [seat("audit", "0.00"), seat("verified", "49.00", upgrade_deadline=at(120))],
        "start": at(-30),
        "end": at(180),
        "pacing_type": "self_paced",
        "type": "verified",
        "run_type": named("run_type", "verified-audit"),
        "status": "published",
        "is_marketable": True,
        "weeks_to_complete": 8,
    }
    if not minimal:
        body |= {
            "course": f"{org}+{number}",
            "course_uuid": named("course", f"{org}+{number}"),
            "full_description": "<p>" + "All of it. " * 30 + "</p>",
            "content_language": "en-us",
            "content_language_search_facet_name": "English",
            "transcript_languages": ["en-us", "fr"],
            "transcript_languages_search_facet_names": ["English", "French"],
            "instructors": [],
            "staff": [person("Ada"), person("Bob")],
            "level_type": "Introductory",
            "min_effort": 2,
            "max_effort": 4,
            "estimated_hours": 24,
            "mobile_available": False,
            "hidden": False,
            "license": "all-rights-reserved",
            "first_enrollable_paid_seat_price": 49,
            "modified": "2026-10-01T00:00:00Z",
            "enrollment_count": 0,
            "recent_enrollment_count": 0,
            "programs": [],
        }
    private = {
        "_course_type": "verified-audit",
        "_run_type_slug": "verified-audit",
        "_marketable_type": True,
        "_restricted": False,
        "_slug": f"{number.lower()}-{key[-6:].lower()}",
        "_paid_seat_enrollment_end": at(120),
        "_excluded_from_programs": [],
        "_run_type_retired": False,
        "_retired": False,
    }
    return body | private | values


def course(key: str = "edX+DemoX", runs: list[Body] | None = None, **values: Any) -> Body:
    """A course with one open run and one program."""
    body: Body = {name: None for name in fields.COURSE_WITH_PROGRAMS if name not in COURSE_TIME_FIELDS}
    runs = [run(f"course-v1:{key}+1T2026")] if runs is None else runs
    body |= {
        "key": key,
        "uuid": named("course", key),
        "title": f"The course {key}",
        "course_runs": runs,
        "entitlements": [{"mode": "verified", "price": "99.00", "currency": "USD", "sku": "E1", "expires": None}],
        "owners": [organization(key.split("+", maxsplit=1)[0])],
        "image": {"src": "https://media.test/c.png", "description": None, "height": None, "width": None},
        "short_description": "<p>A short text.</p>",
        "full_description": "<p>" + "A long text. " * 40 + "</p>",
        "type": named("course_type", "verified-audit"),
        "course_type": "verified-audit",
        "url_slug": key.lower().replace("+", "-"),
        "url_slug_history": [key.lower().replace("+", "-")],
        "marketing_url": f"https://www.test/course/{key.lower().replace('+', '-')}",
        "subjects": [subject()],
        "sponsors": [],
        "level_type": "Introductory",
        "prerequisites": [],
        "expected_learning_items": ["To demonstrate"],
        "topics": ["python"],
        "editors": [],
        "collaborators": [],
        "skill_names": [],
        "skills": [],
        "card_image_url": "https://media.test/c.png",
        "canonical_course_run_key": runs[0]["key"] if runs else None,
        "product_source": {"name": "edX", "slug": "edx", "description": ""},
        "enterprise_subscription_inclusion": True,
        "modified": "2026-10-01T00:00:00Z",
        "data_modified_timestamp": "2026-10-01T00:00:00Z",
        "excluded_from_search": False,
        "excluded_from_seo": False,
        "programs": [nested_program()],
        "_type_retired": False,
        "_slugs": [key.lower().replace("+", "-")],
    }
    return body | values


def minimal_course(key: str = "edX+DemoX", runs: list[Body] | None = None, **values: Any) -> Body:
    """A course as a program's body carries it."""
    whole = course(key, runs=[run(f"course-v1:{key}+1T2026", minimal=True)] if runs is None else runs)
    names = [name for name in fields.MINIMAL_COURSE if name != "course_run_statuses"]
    return fields.arrange(whole, tuple(names)) | {"entitlements": []} | values


def program(title: str = "Robots", courses: list[Body] | None = None, **values: Any) -> Body:
    """An active program of two courses."""
    body: Body = {name: None for name in fields.PROGRAM if name not in PROGRAM_TIME_FIELDS}
    body |= nested_program(title) | {
        "subtitle": "Build them",
        "status": "active",
        "hidden": False,
        "banner_image": {},
        "courses": [minimal_course("edX+A"), minimal_course("edX+B")] if courses is None else courses,
        "authoring_organizations": [organization()],
        "curricula": [],
        "labels": [],
        "languages": ["en-us"],
        "transcript_languages": [],
        "subjects": [subject()],
        "staff": [person()],
        "expected_learning_items": ["Robots"],
        "price_ranges": [{"currency": "USD", "min": "49.00", "max": "49.00"}],
        "applicable_seat_types": ["verified", "professional"],
        "overview": "<p>Over.</p>",
        "topics": [],
        "skills": [],
        "skill_names": [],
        "data_modified_timestamp": "2026-10-01T00:00:00Z",
        "excluded_from_search": False,
        "excluded_from_seo": False,
        "_excluded_runs": [],
        "_order_by_start": True,
        "_applicable_seat_types": ["verified", "professional"],
    }
    del body["number_of_courses"]
    return body | values


def pathway(name: str = "Credit", **values: Any) -> Body:
    return {
        "id": 7,
        "uuid": named("pathway", name),
        "name": name,
        "org_name": "edX",
        "email": "path@test.test",
        "programs": [program()],
        "description": "Way",
        "status": "published",
        "destination_url": "https://way.test",
        "pathway_type": "credit",
    } | values
