"""A program as answers show it, but for what the clock decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.keys import Ref
from chalicelib.domain.merging.identity import number_of, uuid_of
from chalicelib.domain.merging.merge import Merged, exists, merge, retired, told, voices
from chalicelib.domain.merging.pointers import Things, pointers, resolved
from chalicelib.domain.merging.vocabularies import Item, product_source, program_type
from chalicelib.domain.reads import fields
from chalicelib.domain.record import Aggregate
from chalicelib.domain.shapes.images import video
from chalicelib.domain.shapes.marketing import program_url
from chalicelib.domain.shapes.organization import minimal as minimal_organization
from chalicelib.domain.shapes.organization import organizations
from chalicelib.domain.shapes.person import person
from chalicelib.domain.shapes.plain import PROGRAM_PLAIN, in_order, numbers, plain, public
from chalicelib.domain.shapes.program_courses import (
    canonical_runs,
    lined_up,
    minimal_course,
    ordered_subjects,
    price_parts,
    union,
    weeks_range,
)
from chalicelib.domain.shapes.stamps import stamp
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.values import whole
from chalicelib.domain.view import Body

RETIRED, UNPUBLISHED = "retired", "unpublished"
IN_SUBSCRIPTION = frozenset(
    {"xseries", "micromasters", "professional-certificate", "professional-program-wl", "microbachelors"}
)
"""Types of programs that may be in an enterprise subscription (course-discovery 5.8)."""
TYPE_ATTRS = ("uuid", "slug", "coaching_supported")


def said_of(tenant: Tenant, thing: Aggregate, things: Things) -> Merged:
    """What is said of a program: its own records, and the marketing page that has its slug."""
    said = told(thing, tenant.publisher)
    page = [voice for ref in xseries(said) if ref in things for voice in voices(things[ref])]
    return merge("program", tenant.publisher, [*voices(thing), *page]) if page else said


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
    said = told(thing, tenant.publisher)
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


@dataclass(frozen=True, slots=True)
class Program:
    """A program before it is rendered: what is said of it, its type, and the bodies of the courses that exist."""

    thing: Aggregate
    said: Merged
    kind: Item
    courses: tuple[Body, ...]
    bodies: Mapping[Ref, Body]

    @property
    def excluded(self) -> list[str]:
        """Keys (normal form) of runs that do not count."""
        return sorted(key for body in self.courses for key in body["_runs"] if excludes(self.said, key))

    @property
    def seat_types(self) -> list[str]:
        return list(self.kind.get("applicable_seat_types", []))


def program(tenant: Tenant, thing: Aggregate, things: Things, bodies: Mapping[Ref, Body]) -> Body:
    """The Program (course-discovery 3.4), its courses made from their own bodies."""
    said = said_of(tenant, thing, things)
    courses = tuple(bodies[ref] for ref in courses_of(said) if bodies.get(ref))
    made = Program(thing, said, program_type(things, said.get("type")), courses, bodies)
    body = plain(said, PROGRAM_PLAIN) | _identity(tenant, made) | _numbers(made) | _from_courses(made)
    return in_order(fields.PROGRAM, body | _others(tenant, made, things) | _private(made))


def _identity(tenant: Tenant, made: Program) -> Body:
    slug = made.said.get("marketing_slug")
    return {
        "uuid": uuid_of(tenant, made.thing.ref, made.said),
        "type": made.kind.get("name"),
        "type_attrs": type_attrs(made.kind),
        "status": status_of(made.thing, made.said),
        "marketing_slug": slug or "",
        "marketing_url": program_url(tenant, made.kind.get("slug"), slug),
        "video": video(made.said.get("video")),
        "data_modified_timestamp": stamp([made.thing]),
        "applicable_seat_types": made.seat_types,
    }


def _numbers(made: Program) -> Body:
    weeks = weeks_range(canonical_runs(made.courses))
    return {
        **numbers(made.said, "total_hours_of_effort", "weeks_to_complete"),
        **numbers(made.said, "min_hours_effort_per_week", "max_hours_effort_per_week"),
        "weeks_to_complete_min": weeks[0],
        "weeks_to_complete_max": weeks[1],
        "credit_value": whole(made.said.get("credit_value")) or 0,
        **{name: _count(made, name) for name in ("enrollment_count", "recent_enrollment_count")},
    }


def _from_courses(made: Program) -> Body:
    """What is gathered from its courses; runs that do not count are left out where all runs are looked at."""
    courses, excluded = made.courses, frozenset(made.excluded)
    runs = [run for body in courses for run in body["course_runs"] if run["key"].lower() not in excluded]
    people = union(person_ for run in canonical_runs(courses) for person_ in run["staff"])
    order = made.said.get("instructor_ordering", [])
    return {
        "courses": [minimal_course(body) for body in courses],
        "languages": sorted({run["content_language"] for run in runs if run["content_language"]}),
        "transcript_languages": sorted({code for run in runs for code in run["transcript_languages"]}),
        "subjects": ordered_subjects(courses),
        "price_ranges": price_parts(courses, made.seat_types),
        "staff": lined_up(people, order),
        "instructor_ordering": _named(people, order),
        "topics": list(dict.fromkeys(topic for body in courses for topic in body["topics"])),
        "enterprise_subscription_inclusion": inclusion(made.kind, courses),
        "skill_names": list(dict.fromkeys(name for body in courses for name in body["skill_names"])),
        "skills": union(skill for body in courses for skill in body["skills"]),
    }


def _others(tenant: Tenant, made: Program, things: Things) -> Body:
    authors = _organizations(tenant, made.said, things, "authoring_organizations")
    return {
        "authoring_organizations": [minimal_organization(o) for o in authors],
        "credit_backing_organizations": _organizations(tenant, made.said, things, "credit_backing_organizations"),
        "curricula": [_curriculum(c, made.bodies) for c in made.said.get("curricula", [])],
        "individual_endorsements": _endorsements(tenant, made.said, things),
        "product_source": product_source(things, made.said.get("product_source")),
    }


def _private(made: Program) -> Body:
    return {
        "_id": number_of(made.said),
        "_excluded_runs": made.excluded,
        "_order_by_start": bool(made.said.get("order_courses_by_start_date", True)),
        "_applicable_seat_types": made.seat_types,
        "_one_click": bool(made.said.get("one_click_purchase_enabled", True)),
        "_retired": retired(made.thing),
    }


def inclusion(kind: Item, courses: Sequence[Body]) -> bool:
    """Whether the program may be in an enterprise subscription: its type may, and every course is (5.8)."""
    included = [body["enterprise_subscription_inclusion"] for body in courses]
    return bool(kind.get("slug") in IN_SUBSCRIPTION and included and all(included))


def _organizations(tenant: Tenant, said: Merged, things: Things, field: str) -> list[Body]:
    refs = resolved(pointers(said.get(field), "organization"), things)
    return organizations(tenant, [things[r] for r in refs if r in things])


def _count(made: Program, name: str) -> int:
    """What is said of the program itself, else the sum over its courses."""
    own = whole(made.said.get(name))
    return own if own is not None else sum(int(body[name]) for body in made.courses)


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
    """MinimalProgram of a Program, with its private helper values."""
    return {name: value for name, value in in_order(fields.MINIMAL_PROGRAM, body).items() if name != "_embeds"}


def _endorsements(tenant: Tenant, said: Merged, things: Things) -> list[Body]:
    return [
        {"endorser": who, "quote": given.get("quote", "")}
        for given in said.get("individual_endorsements", [])
        for who in _people(tenant, [given.get("endorser")], things)
    ]


def _people(tenant: Tenant, names: Iterable[Any], things: Things) -> list[Body]:
    known = (things[r] for r in pointers(names, "person") if r in things and exists(things[r]))
    return [public(person(tenant, thing, things)) for thing in known]


def _named(people: Sequence[Body], order: Sequence[str]) -> list[Body]:
    """The people an operator put in order."""
    by_uuid = {body["uuid"]: body for body in people}
    return [by_uuid[uuid.lower()] for uuid in order if uuid.lower() in by_uuid]
