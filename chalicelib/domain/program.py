"""A program as answers show it, but for what the clock decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.domain.identity import number_of, uuid_of
from chalicelib.domain.images import video
from chalicelib.domain.keys import Ref
from chalicelib.domain.marketing import program_url
from chalicelib.domain.merge import Merged, exists, merge, retired, voices
from chalicelib.domain.organization import minimal as minimal_organization
from chalicelib.domain.organization import organizations
from chalicelib.domain.person import person
from chalicelib.domain.pointers import Things, pointers, resolved
from chalicelib.domain.program_courses import (
    canonical_runs,
    in_order,
    minimal_course,
    ordered_subjects,
    price_parts,
    union,
    weeks_range,
)
from chalicelib.domain.record import Aggregate
from chalicelib.domain.stamps import stamp
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.values import whole
from chalicelib.domain.view import Body
from chalicelib.domain.vocabularies import Item, product_source, program_type

RETIRED, UNPUBLISHED = "retired", "unpublished"
IN_SUBSCRIPTION = frozenset(
    {"xseries", "micromasters", "professional-certificate", "professional-program-wl", "microbachelors"}
)
"""Types of programs that may be in an enterprise subscription (course-discovery 5.8)."""
TYPE_ATTRS = ("uuid", "slug", "coaching_supported")


def said_of(tenant: Tenant, thing: Aggregate, things: Things) -> Merged:
    """What is said of a program: its own records, and the marketing page that has its slug."""
    own = voices(thing)
    said = merge("program", tenant.publisher, own)
    page = [voice for ref in xseries(said) if ref in things for voice in voices(things[ref])]
    return merge("program", tenant.publisher, [*own, *page]) if page else said


def xseries(said: Merged) -> tuple[Ref, ...]:
    """The marketing page of a program: the one with its slug."""
    return pointers([said.get("marketing_slug")], "xseries")


def courses_of(said: Merged) -> tuple[Ref, ...]:
    """Its courses in saved order."""
    return pointers(said.get("courses"), "course")


def runs_listed(said: Merged) -> frozenset[str] | None:
    """Runs that count towards it; None where no such list is kept, so that all do."""
    listed = said.get("listed_runs")
    return None if listed is None else frozenset(r.key for r in pointers(listed, "run"))


def excludes(said: Merged, run_key: str) -> bool:
    """Whether a run of one of its courses does not count towards it (ecosystem A.6)."""
    if named := said.get("excluded_course_runs"):
        return Ref("run", run_key) in pointers(named, "run")
    listed = runs_listed(said)
    return listed is not None and run_key not in listed


def status_of(thing: Aggregate, said: Merged) -> str:
    """Its status; one that its owner no longer has is retired, and stays readable."""
    return RETIRED if retired(thing) else str(said.get("status", UNPUBLISHED))


def nested(tenant: Tenant, thing: Aggregate, things: Things) -> Body:
    """NestedProgram, as courses and runs show it, with what finish filters by."""
    said = merge("program", tenant.publisher, voices(thing))
    kind, slug = program_type(things, said.get("type")), said.get("marketing_slug")
    return {
        "uuid": uuid_of(tenant, thing.ref, said),
        "title": said.get("title"),
        "type": kind.get("name"),
        "type_attrs": type_attrs(kind),
        "marketing_slug": slug or "",
        "marketing_url": program_url(tenant, kind.get("slug"), slug),
        "number_of_courses": len(courses_of(said)),
        "_status": status_of(thing, said),
        "_marketing": bool(slug),
    }


def type_attrs(kind: Item) -> dict[str, Any]:
    """``{uuid, slug, coaching_supported}`` of a program type."""
    return {name: kind.get(name) for name in TYPE_ATTRS}


def program(tenant: Tenant, thing: Aggregate, things: Things, bodies: Mapping[Ref, Body]) -> Body:
    """The Program (course-discovery 3.4), its courses made from their own bodies."""
    said = said_of(tenant, thing, things)
    kind = program_type(things, said.get("type"))
    shown = {ref: bodies[ref] for ref in courses_of(said) if bodies.get(ref)}
    excluded = [key for body in shown.values() for key in body["_runs"] if excludes(said, key)]
    courses = [minimal_course(body) for body in shown.values()]
    body = _minimal(tenant, thing, things, said, kind, courses, bodies)
    rest = _rest(tenant, said, things, kind, list(shown.values()), frozenset(excluded))
    return body | rest | _private(thing, said, kind, excluded)


def _minimal(
    tenant: Tenant,
    thing: Aggregate,
    things: Things,
    said: Merged,
    kind: Item,
    courses: Sequence[Body],
    bodies: Mapping[Ref, Body],
) -> Body:
    slug = said.get("marketing_slug")
    return {
        "uuid": uuid_of(tenant, thing.ref, said),
        "title": said.get("title"),
        "subtitle": said.get("subtitle"),
        "type": kind.get("name"),
        "type_attrs": type_attrs(kind),
        "status": status_of(thing, said),
        "marketing_slug": slug or "",
        "marketing_url": program_url(tenant, kind.get("slug"), slug),
        "banner_image": said.get("banner_image", {}),
        "hidden": bool(said.get("hidden", False)),
        "courses": list(courses),
        "authoring_organizations": [minimal_organization(o) for o in _organizations(tenant, said, things)],
        "card_image_url": said.get("card_image_url"),
        "degree": said.get("degree"),
        "curricula": [_curriculum(c, bodies) for c in said.get("curricula", [])],
        "marketing_hook": said.get("marketing_hook", ""),
        "total_hours_of_effort": whole(said.get("total_hours_of_effort")),
        "recent_enrollment_count": _count(said, courses, "recent_enrollment_count"),
        "organization_short_code_override": said.get("organization_short_code_override", ""),
        "organization_logo_override_url": said.get("organization_logo_override_url"),
        "primary_subject_override": said.get("primary_subject_override"),
        "level_type_override": said.get("level_type_override"),
        "language_override": said.get("language_override"),
        "labels": said.get("labels", []),
        "taxi_form": said.get("taxi_form"),
        "program_duration_override": said.get("program_duration_override"),
        "data_modified_timestamp": stamp([thing], said),
        "excluded_from_search": bool(said.get("excluded_from_search", False)),
        "excluded_from_seo": bool(said.get("excluded_from_seo", False)),
        "has_ofac_restrictions": said.get("has_ofac_restrictions"),
        "ofac_comment": said.get("ofac_comment", ""),
        "subscription_eligible": said.get("subscription_eligible"),
        "subscription_prices": said.get("subscription_prices", []),
    }


def _rest(
    tenant: Tenant, said: Merged, things: Things, kind: Item, courses: Sequence[Body], excluded: frozenset[str]
) -> Body:
    runs = [r for body in courses for r in body["course_runs"] if r["key"].lower() not in excluded]
    leading = canonical_runs(courses)
    weeks = weeks_range(leading)
    applicable = list(kind.get("applicable_seat_types", []))
    people = union(person_ for run in leading for person_ in run["staff"])
    hours = ("min_hours_effort_per_week", "max_hours_effort_per_week")
    return {
        "overview": said.get("overview"),
        "weeks_to_complete": whole(said.get("weeks_to_complete")),
        "weeks_to_complete_min": weeks[0],
        "weeks_to_complete_max": weeks[1],
        **{name: whole(said.get(name)) for name in hours},
        "video": video(said.get("video")),
        "expected_learning_items": said.get("expected_learning_items", []),
        "faq": said.get("faq", []),
        "credit_backing_organizations": _organizations(tenant, said, things, "credit_backing_organizations"),
        "corporate_endorsements": said.get("corporate_endorsements", []),
        "job_outlook_items": said.get("job_outlook_items", []),
        "individual_endorsements": _endorsements(tenant, said, things),
        "languages": sorted({r["content_language"] for r in runs if r["content_language"]}),
        "transcript_languages": sorted({code for r in runs for code in r["transcript_languages"]}),
        "subjects": ordered_subjects(courses),
        "price_ranges": price_parts(courses, applicable),
        "staff": in_order(people, said.get("instructor_ordering", [])),
        "credit_redemption_overview": said.get("credit_redemption_overview"),
        "applicable_seat_types": applicable,
        "instructor_ordering": _ordering(people, said.get("instructor_ordering", [])),
        "enrollment_count": _count(said, courses, "enrollment_count"),
        "topics": list(dict.fromkeys(topic for body in courses for topic in body["topics"])),
        "credit_value": whole(said.get("credit_value")) or 0,
        "enterprise_subscription_inclusion": inclusion(kind, courses),
        "geolocation": said.get("geolocation"),
        "location_restriction": said.get("location_restriction"),
        "is_2u_degree_program": bool(said.get("is_2u_degree_program", False)),
        "in_year_value": said.get("in_year_value"),
        "skill_names": list(dict.fromkeys(name for body in courses for name in body["skill_names"])),
        "skills": union(skill for body in courses for skill in body["skills"]),
        "product_source": product_source(things, said.get("product_source")),
    }


def _private(thing: Aggregate, said: Merged, kind: Item, excluded: Iterable[str]) -> Body:
    return {
        "_id": number_of(said),
        "_excluded_runs": sorted(excluded),
        "_order_by_start": bool(said.get("order_courses_by_start_date", True)),
        "_applicable_seat_types": list(kind.get("applicable_seat_types", [])),
        "_one_click": bool(said.get("one_click_purchase_enabled", True)),
        "_retired": retired(thing),
    }


def inclusion(kind: Item, courses: Sequence[Body]) -> bool:
    """Whether the program may be in an enterprise subscription: its type may, and every course is (5.8)."""
    included = [body["enterprise_subscription_inclusion"] for body in courses]
    return bool(kind.get("slug") in IN_SUBSCRIPTION and included and all(included))


def _organizations(tenant: Tenant, said: Merged, things: Things, field: str = "authoring_organizations") -> list[Body]:
    refs = resolved(pointers(said.get(field), "organization"), things)
    return organizations(tenant, [things[r] for r in refs if r in things])


def _count(said: Merged, courses: Iterable[Body], name: str) -> int:
    own = whole(said.get(name))
    return own if own is not None else sum(body.get(f"_{name}", body.get(name, 0)) for body in courses)


def _curriculum(said: Mapping[str, Any], bodies: Mapping[Ref, Body]) -> Body:
    """A curriculum with its own courses and programs; upstream repeats the first one's."""
    courses = (bodies.get(r) for r in pointers(said.get("courses"), "course"))
    programs = (bodies.get(r) for r in pointers(said.get("programs"), "program"))
    return {
        "uuid": said.get("uuid"),
        "name": said.get("name"),
        "marketing_text": said.get("marketing_text", ""),
        "marketing_text_brief": said.get("marketing_text_brief"),
        "is_active": bool(said.get("is_active", True)),
        "courses": [minimal_course(body) for body in courses if body],
        "programs": [minimal(body) for body in programs if body],
    }


def minimal(body: Body) -> Body:
    """MinimalProgram of a Program, with its private helper values: everything before ``overview``."""
    names = list(body)
    first = names[: names.index("overview")] if "overview" in names else names
    return {n: body[n] for n in first} | {n: v for n, v in body.items() if n.startswith("_") and n != "_embeds"}


def _endorsements(tenant: Tenant, said: Merged, things: Things) -> list[Body]:
    return [
        {"endorser": who, "quote": given.get("quote", "")}
        for given in said.get("individual_endorsements", [])
        for who in _people(tenant, [given.get("endorser")], things)
    ]


def _people(tenant: Tenant, names: Iterable[Any], things: Things) -> list[Body]:
    known = (things[r] for r in pointers(names, "person") if r in things and exists(things[r]))
    return [{n: v for n, v in person(tenant, t, things).items() if not n.startswith("_")} for t in known]


def _ordering(people: Sequence[Body], order: Sequence[str]) -> list[Body]:
    """The people an operator put in order."""
    by_uuid = {body["uuid"]: body for body in people}
    return [by_uuid[u.lower()] for u in order if u.lower() in by_uuid]
