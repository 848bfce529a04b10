"""Builders: records, aggregates and tenants of tests, a line each. Payloads have the shapes of the real sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from chalicelib.domain.keys import Ref, course_of, parse_run_key, ref
from chalicelib.domain.overlay import overlay, wants
from chalicelib.domain.record import GONE, PRESENT, Aggregate, Head, Mark, Record, digest_of
from chalicelib.domain.sources import SOURCES
from chalicelib.domain.tenant import SourceSite, Tenant
from chalicelib.domain.view import Body, View

RUN = "course-v1:PyXU+RIV100+1T2026"
RUN_2 = "course-v1:PyXU+RIV100+2T2026"
COURSE = "PyXU+RIV100"
READ_AT = 1_767_571_200_000
LMS, OTTO, DRUPAL, PROGRAMS = (f"https://{n}.example.org" for n in ("lms", "otto", "www", "programs"))


def uuid_for(text: str) -> str:
    """A uuid that is the same in every test run."""
    return str(uuid5(NAMESPACE_URL, text))


def tenant(**changes: Any) -> Tenant:
    sites = {
        "studio": SourceSite(url=LMS, options={"username": "catalog"}),
        "otto": SourceSite(url=OTTO),
        "drupal": SourceSite(url=DRUPAL),
        "programs": SourceSite(url=PROGRAMS),
    }
    given = {"code": "edx", "marketing_root": "https://www.example.org", "lms_url": LMS, "sources": sites}
    return Tenant(**given | changes)


# Payloads


def studio_course(key: str = RUN, **changes: Any) -> dict[str, Any]:
    """An element of the LMS courses list."""
    parts = parse_run_key(key)
    return {
        "blocks_url": f"{LMS}/api/courses/v2/blocks/?course_id={key}",
        "effort": "4 hours/week",
        "start": "2026-01-05T00:00:00Z",
        "start_display": "Jan. 5, 2026",
        "start_type": "timestamp",
        "end": "2026-03-16T00:00:00Z",
        "enrollment_start": "2025-11-06T00:00:00Z",
        "enrollment_end": None,
        "id": key,
        "course_id": key,
        "name": "Rivers and Society",
        "number": parts.number,
        "org": parts.org,
        "short_description": "How rivers shape towns.",
        "pacing": "self",
        "mobile_available": True,
        "hidden": False,
        "invitation_only": False,
        "media": {
            "banner_image": {"uri": "/a.jpg", "uri_absolute": f"{LMS}/a.jpg"},
            "course_image": {"uri": "/a.jpg"},
            "course_video": {"uri": None},
            "image": {"raw": f"{LMS}/a.jpg", "small": f"{LMS}/s.jpg", "large": f"{LMS}/l.jpg"},
        },
        **changes,
    }


def studio_organization(short_name: str = "PyXU", **changes: Any) -> dict[str, Any]:
    return {
        "id": 4,
        "created": "2025-01-02T10:00:00Z",
        "modified": "2025-01-02T10:00:00Z",
        "name": "Pyrite University",
        "short_name": short_name,
        "description": "About Pyrite",
        "logo": f"{LMS}/media/pyxu.png",
        "active": True,
        **changes,
    }


def attributes(**values: Any) -> list[dict[str, Any]]:
    return [{"name": code, "code": code, "value": value} for code, value in values.items()]


def product(
    kind: str = "Seat", structure: str = "child", price: str | None = "49.00", **changes: Any
) -> dict[str, Any]:
    """A product of Otto; ``sku`` and ``currency`` go to its stock record, ``attributes`` is a mapping."""
    named, sku, currency = changes.pop("attributes", {}), changes.pop("sku", "E4F5A6B"), changes.pop("currency", "USD")
    stock = {"id": 12, "product": 12, "partner": 1, "partner_sku": sku, "price_currency": currency, "price": price}
    return {
        "id": 12,
        "structure": structure,
        "product_class": kind,
        "title": kind,
        "price": price,
        "expires": None,
        "is_available_to_buy": True,
        "attribute_values": attributes(**named),
        "stockrecords": [] if structure == "parent" else [stock],
        **changes,
    }


def seat(seat_type: str | None = "verified", price: str = "49.00", **changes: Any) -> dict[str, Any]:
    """A seat product; audit seats have no ``certificate_type``."""
    named = {"certificate_type": seat_type} if seat_type else {}
    return product(price=price, **{"attributes": named | changes.pop("attributes", {}), **changes})


def audit_seat() -> dict[str, Any]:
    return seat(None, "0.00", sku="A1B2C3D")


def otto_course(key: str = RUN, seats: Iterable[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """An element of Otto's courses list, with an audit and a verified seat unless told otherwise."""
    children = [audit_seat(), seat(expires="2026-03-06T00:00:00Z")] if seats is None else list(seats)
    return {
        "id": key,
        "url": f"{OTTO}/api/v2/courses/{key}/",
        "name": "Rivers and Society",
        "type": "verified",
        "verification_deadline": "2026-03-16T00:00:00Z",
        "last_edited": "2025-12-01T08:00:00Z",
        "products": [product(structure="parent", price=None), *children],
        **changes,
    }


def otto_entitlement(uuid: str, mode: str = "verified", price: str = "49.00") -> dict[str, Any]:
    return product("Course Entitlement", price=price, attributes={"UUID": uuid, "certificate_type": mode}, sku="ENT1")


def otto_code(key: str = RUN, seat_type: str = "verified", sku: str = "BULK1") -> dict[str, Any]:
    named = {"course_key": key, "seat_type": seat_type}
    return product("Enrollment Code", "standalone", attributes=named, sku=sku)


def text(value: str) -> dict[str, str]:
    return {"value": value, "format": "standard_html"}


def drupal_course(key: str = RUN, **changes: Any) -> dict[str, Any]:
    return {
        "type": "course",
        "title": "Rivers and Society",
        "uuid": uuid_for(key),
        "status": "1",
        "url": f"{DRUPAL}/course/rivers-and-society-pyxu-riv100",
        "field_course_id": key,
        "field_course_code": "RIV100",
        "field_course_course_title": {"value": "Rivers &amp; Society", "format": None},
        "field_course_description": text("<p>Long&nbsp;text</p>\n"),
        "field_course_body": [],
        "field_course_sub_title_short": "How rivers shape towns",
        "field_course_start_date": "1767571200",
        "field_course_end_date": "1773619200",
        "field_course_self_paced": True,
        "field_course_level": "Introductory",
        "field_course_languages": [{"name": "English", "field_language_tag": "en"}],
        "field_course_video_locale_lang": [],
        "field_course_video": [],
        "field_product_video": {"url": f"{DRUPAL}/v.mp4"},
        "field_course_image_promoted": {"url": f"{DRUPAL}/i.jpg"},
        "field_course_school_node": [],
        "field_course_subject": [],
        "field_course_staff": [],
        "field_course_required_weeks": "7",
        "field_course_enrollment_mobile": None,
        "field_couse_is_hidden": None,
        **changes,
    }


def drupal_school(key: str = "PyXU", **changes: Any) -> dict[str, Any]:
    return {
        "type": "school",
        "title": key,
        "uuid": uuid_for(f"school {key}"),
        "url": f"{DRUPAL}/school/{key.lower()}",
        "field_school_name": "Pyrite University of the West",
        "field_school_description": text("<p>Since 1871</p>"),
        "field_school_image_logo": {"url": f"{DRUPAL}/logo.png"},
        "field_school_image_banner": [],
        "field_school_url_slug": key.lower(),
        "field_school_is_founder": False,
        "field_school_is_charter": True,
        "field_school_is_contributor": False,
        "field_school_is_partner": True,
        **changes,
    }


def drupal_sponsorer(slug: str = "river-trust", **changes: Any) -> dict[str, Any]:
    return {
        "type": "sponsorer",
        "title": "River Trust",
        "uuid": uuid_for(f"sponsorer {slug}"),
        "url": f"{DRUPAL}/sponsorer/{slug}",
        "body": [],
        "field_sponsorer_image": {"url": f"{DRUPAL}/trust.png"},
        **changes,
    }


def drupal_person(uuid: str, **changes: Any) -> dict[str, Any]:
    return {
        "type": "person",
        "title": "Ada Lovelace",
        "uuid": uuid,
        "url": f"{DRUPAL}/bio/ada-lovelace",
        "field_person_first_middle_name": "Ada",
        "field_person_last_name": "Lovelace",
        "field_person_resume": text("<p>Wrote the first program.</p>"),
        "field_person_image": {"url": f"{DRUPAL}/ada.jpg"},
        "field_person_positions": [
            {"field_person_position_tiltes": ["Professor"], "field_person_position_org_link": {"title": "PyXU"}}
        ],
        **changes,
    }


def drupal_subject(uuid: str, title: str = "Geography", **changes: Any) -> dict[str, Any]:
    return {
        "type": "subject",
        "title": title,
        "uuid": uuid,
        "url": f"{DRUPAL}/subject/{title.lower()}",
        "field_subject_url_slug": title.lower(),
        "body": text("<p>Land and water</p>"),
        "field_subject_subtitle": text("Where things are"),
        "field_subject_card_image": {"url": f"{DRUPAL}/card.jpg"},
        "field_xseries_banner_image": [],
        **changes,
    }


def drupal_xseries(slug: str = "water", **changes: Any) -> dict[str, Any]:
    return {
        "type": "xseries",
        "title": "Water XSeries",
        "uuid": uuid_for(f"xseries {slug}"),
        "url": f"{DRUPAL}/xseries/{slug}",
        "body": text("<p>All about water</p>"),
        "field_card_image": {"url": f"{DRUPAL}/water.jpg"},
        "field_product_video": [],
        "field_xseries_subtitle_short": "Rain, rivers, seas",
        "field_cards_section_description": "",
        **changes,
    }


def program_payload(uuid: str, runs: Iterable[str] = (RUN,), **changes: Any) -> dict[str, Any]:
    """A program as the Programs service lists it; each run makes a course code of its own course."""
    by_course: dict[str, list[str]] = {}
    for run in runs:
        by_course.setdefault(parse_run_key(run).course_key, []).append(run)
    organization = {"display_name": "Pyrite University", "key": "PyXU"}
    return {
        "id": 3,
        "uuid": uuid,
        "name": "Water XSeries",
        "subtitle": "Three courses on water",
        "category": "xseries",
        "status": "active",
        "marketing_slug": "water",
        "organizations": [organization],
        "course_codes": [
            {
                "display_name": "Rivers",
                "key": course.split("+")[1],
                "organization": organization,
                "run_modes": [
                    {
                        "course_key": run,
                        "mode_slug": "verified",
                        "sku": "E4F5A6B",
                        "start_date": None,
                        "run_key": "1T2026",
                    }
                    for run in listed
                ],
            }
            for course, listed in by_course.items()
        ],
        "banner_image_urls": {"w1440h480": "https://p.example.org/a.jpg", "w348h116": "https://p.example.org/d.jpg"},
        "created": "2016-01-02T00:00:00Z",
        "modified": "2016-02-02T00:00:00Z",
        **changes,
    }


# Records and aggregates


def record(name: str, payload: Any, kind: str = "run", **changes: Any) -> Record:
    """A record called ``source#thing`` in its latest shape."""
    source, thing = name.split("#")
    nouns = SOURCES[source].nouns if source in SOURCES else ()
    version = next((n.version for n in nouns if (n.thing, n.kind) == (thing, kind)), 1)
    given = {"version": version, "ticket": 1, "read_at": READ_AT, "digest": digest_of(payload)}
    return Record(source=source, thing=thing, payload=payload, **given | changes)


def minted(key: str, kind: str = "run", **changes: Any) -> Record:
    """What the registry wrote when it first saw the thing."""
    payload = {"uuid": uuid_for(f"{kind} {key}"), "id": 1, "key": key, "slug": None, "slugs": [], **changes}
    return record("registry#minted", payload, kind)


def edited(kind: str = "run", **fields: Any) -> Record:
    return record("registry#edited", fields, kind)


def aggregate(where: Ref, *records: Record, gone: Iterable[str] = (), **head: Any) -> Aggregate:
    """An aggregate whose head has a mark for each record; ``gone`` names records that answered 404 twice."""
    states = dict.fromkeys(gone, GONE)
    marks = {r.name: Mark(r.ticket, r.read_at, r.digest, r.version, states.get(r.name, PRESENT)) for r in records}
    return Aggregate(where, Head(**{"revision": 1, "marks": marks, **head}), tuple(records))


def run(key: str = RUN, *records: Record, **options: Any) -> Aggregate:
    """A run with Studio's and Otto's records, or with those given."""
    usual = (record("studio#course", studio_course(key)), record("otto#course", otto_course(key)))
    return aggregate(ref("run", key), *(records or usual), **options)


def course(
    runs: Iterable[Aggregate] = (), *records: Record, key: str = COURSE, programs: Iterable[str] = ()
) -> Aggregate:
    """A course with its minted record and the links its head keeps."""
    own = records or (minted(key, "course", slug="rivers-and-society", slugs=["rivers-and-society"]),)
    linked = frozenset(r.ref.key for r in runs)
    return aggregate(ref("course", key), *own, runs=linked, programs=frozenset(programs))


def organization(key: str = "PyXU", *records: Record) -> Aggregate:
    usual = record("studio#organization", studio_organization(key), "organization")
    return aggregate(ref("organization", key), *(records or (usual,)))


def things(*given: Aggregate) -> dict[Ref, Aggregate]:
    return {thing.ref: thing for thing in given}


def campus(*runs: Aggregate, programs: Iterable[str] = (), also: Iterable[Aggregate] = ()) -> dict[Ref, Aggregate]:
    """A course with the runs given, its organization, and whatever else."""
    shown = runs or (run(),)
    where = course_of(shown[0].ref.key)
    return things(
        course(shown, key=where.key if where.key != COURSE.lower() else COURSE, programs=programs),
        *shown,
        organization(),
        *also,
    )


# Overlaying, the way services do


def overlaid(
    where: Ref,
    given: Mapping[Ref, Aggregate],
    of: Tenant | None = None,
    bodies: Mapping[Ref, Body] | None = None,
    now_ms: int = READ_AT,
) -> View | None:
    """Gives the overlay what it wants until it wants nothing more; what a test did not give does not exist."""
    at_hand, shown, who = dict(given), dict(bodies or {}), of or tenant()
    while missing := wants(who, where, at_hand, shown):
        at_hand |= {r: at_hand.get(r, Aggregate(r)) for r in missing.aggregates}
        shown |= {r: shown.get(r, {}) for r in missing.bodies}
    return overlay(who, where, at_hand, shown, now_ms)


def view_of(where: Ref, given: Mapping[Ref, Aggregate], **options: Any) -> View:
    """The same where a view is expected."""
    view = overlaid(where, given, **options)
    assert view is not None
    return view


def course_body(given: Mapping[Ref, Aggregate], key: str = COURSE, **options: Any) -> Body:
    where = ref("course", key)
    return view_of(where, given, **options).bodies[where]


def run_body(given: Mapping[Ref, Aggregate], key: str = RUN, **options: Any) -> Body:
    return view_of(course_of(key), given, **options).bodies[ref("run", key)]
