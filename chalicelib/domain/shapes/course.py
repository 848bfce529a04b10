"""A course as answers show it, but for what the clock decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.keys import Ref, parse_run_key
from chalicelib.domain.merging.identity import number_of, spelling, uuid_of
from chalicelib.domain.merging.merge import (
    MERGED,
    Merged,
    Voice,
    exists,
    fingerprint,
    merge,
    merged,
    of_course,
    told,
    voices,
)
from chalicelib.domain.merging.pointers import Things, pointers, resolved
from chalicelib.domain.merging.vocabularies import COURSE_TYPES, Item, product_source, vocabulary
from chalicelib.domain.minting import slugify
from chalicelib.domain.record import Aggregate
from chalicelib.domain.shapes.course_types import Sold, course_type, run_type
from chalicelib.domain.shapes.images import image, video
from chalicelib.domain.shapes.marketing import course_url
from chalicelib.domain.shapes.organization import organizations
from chalicelib.domain.shapes.person import person
from chalicelib.domain.shapes.plain import COURSE_PLAIN, plain, public
from chalicelib.domain.shapes.run import Around, Run, run_body, spelled, understood
from chalicelib.domain.shapes.seats import entitlements
from chalicelib.domain.shapes.small import subject_body, topic_name
from chalicelib.domain.shapes.stamps import stamp
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.values import whole
from chalicelib.domain.view import Body

TWO_U = frozenset({"executive-education-2u", "bootcamp-2u"})
"""Types that are never in an enterprise subscription (course-discovery 5.8)."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course before it is rendered: its own records, its runs (canonical first), and what all of them say."""

    thing: Aggregate
    runs: tuple[Run, ...]
    said: Merged

    @property
    def canonical(self) -> Run | None:
        return self.runs[0] if self.runs else None

    @property
    def owners(self) -> tuple[Ref, ...]:
        """Authoring organizations as said, nodes among them."""
        return pointers(self.said.get("owners"), "organization")

    @property
    def by_key(self) -> Ref:
        """The organization its key names: the owner when nobody says another that is known."""
        return Ref("organization", self.thing.ref.key.split("+")[0])

    @property
    def sponsors(self) -> tuple[Ref, ...]:
        return pointers(self.said.get("sponsors"), "organization")

    @property
    def subjects(self) -> tuple[Ref, ...]:
        return pointers(self.said.get("subjects"), "subject")

    @property
    def topics(self) -> tuple[Ref, ...]:
        return pointers(self.said.get("topics"), "topic")

    def entitlement(self, tenant: Tenant) -> Ref:
        """Entitlements are kept under the course's uuid."""
        return Ref("entitlement", uuid_of(tenant, self.thing.ref, self.said))


def staff(run: Run) -> tuple[Ref, ...]:
    """The people of a run, in order."""
    return pointers(run.said.get("staff"), "person")


def gathered(tenant: Tenant, thing: Aggregate, things: Things) -> Course:
    """The course with those of its runs that are at hand and that somebody knows."""
    refs = (Ref("run", key) for key in sorted(thing.head.runs))
    runs = [understood(tenant, things[r]) for r in refs if r in things and exists(things[r])]
    named = told(thing, tenant.publisher).get("canonical_course_run_key")
    ordered = tuple(sorted(runs, key=lambda run: _rank(run, named), reverse=True))
    return Course(thing, ordered, _said(tenant, thing, ordered))


def _said(tenant: Tenant, thing: Aggregate, ordered: Sequence[Run]) -> Merged:
    """What its own records say of the course, and those of its runs, the canonical one's first."""
    known = [fingerprint(each) for each in (thing, *(run.thing for run in ordered))]
    question = ("course", tenant.publisher, *known) if all(known) else None

    def merging() -> Merged:
        spoken: list[Voice] = [*voices(thing), *(voice for run in ordered for voice in of_course(run.spoken))]
        return merge("course", tenant.publisher, spoken)

    return MERGED(question, merging)


def _rank(run: Run, named: Any) -> tuple[bool, str, str]:
    """Canonical is the run an operator named, else the one that starts last; no start is earliest, ties go by key."""
    return run.ref.key == str(named or "").lower(), run.start or "", run.ref.key


def course_bodies(tenant: Tenant, course: Course, things: Things) -> tuple[Body, dict[Ref, Body]]:
    """The Course with its full runs, and the body of each run on its own."""
    types = vocabulary(things, COURSE_TYPES)
    rights = entitlements(_right(course, tenant, things))
    sold = {run.ref: Sold(run.said.get("run_type"), run.seat_types) for run in course.runs}
    kind = course_type(types, course.said.get("type"), [r["mode"] for r in rights], list(sold.values()))
    body = _course_body(tenant, course, things, kind, rights)
    runs = {
        run.ref: run_body(tenant, run, around(run_type(types, kind, sold[run.ref]), _staff(tenant, run, things)))
        for around in [_around(course, body, kind)]
        for run in course.runs
    }
    ordered = sorted(runs.items(), key=lambda item: (item[1]["start"] or "", item[1]["_id"] or 0, item[0].key))
    body["course_runs"] = [run for _, run in ordered]
    return body, runs


def _right(course: Course, tenant: Tenant, things: Things) -> Any:
    """What the entitlement's own record says, else what operators set on the course."""
    sold = things.get(course.entitlement(tenant))
    said = merged(sold, tenant.publisher).get("entitlement") if sold else None
    return said or course.said.get("entitlement") or course.said.get("entitlements")


def _around(course: Course, body: Body, kind: Item) -> Callable[[Item, tuple[Body, ...]], Around]:
    """What all runs show of their course, to be completed by what each has of its own."""

    def around(of_run: Item, people: tuple[Body, ...]) -> Around:
        return Around(
            key=body["key"],
            uuid=body["uuid"],
            said=course.said,
            image=body["image"],
            inclusion=body["enterprise_subscription_inclusion"],
            type=kind,
            run_type=of_run,
            staff=people,
        )

    return around


def _staff(tenant: Tenant, run: Run, things: Things) -> tuple[Body, ...]:
    known = (things[ref] for ref in staff(run) if ref in things and exists(things[ref]))
    return tuple(public(person(tenant, who, things)) for who in known)


def course_key(course: Course) -> str:
    """The key as it was first seen: minted, else as the first run's key spells it."""
    if minted := course.said.get("key"):
        return str(minted)
    spelt = (spelled(run) for run in sorted(course.runs, key=lambda run: run.ref.key))
    keys = [parse_run_key(key).course_key for key in spelt]
    return next((k for k in keys if k.lower() == course.thing.ref.key), spelling(course.thing.ref, course.said))


def _course_body(
    tenant: Tenant, course: Course, things: Things, kind: Item, rights: Sequence[Mapping[str, Any]]
) -> Body:
    """Everything of the Course (3.2) but its runs and programs."""
    owners = organizations(tenant, _known(course.owners, things) or _known([course.by_key], things))
    return {
        **plain(course.said, COURSE_PLAIN),
        **_identity(tenant, course, kind),
        **_media(course.said),
        "entitlements": list(rights),
        "owners": owners,
        "sponsors": organizations(tenant, _known(course.sponsors, things)),
        "subjects": [public(subject_body(tenant, thing)) for thing in _known(course.subjects, things)],
        "topics": [topic_name(name, things) for name in course.said.get("topics", [])],
        "product_source": product_source(things, course.said.get("product_source")),
        "enterprise_subscription_inclusion": inclusion(course.said, kind, owners),
        "enrollment_count": _count(course, "enrollment_count"),
        "recent_enrollment_count": _count(course, "recent_enrollment_count"),
    }


def _identity(tenant: Tenant, course: Course, kind: Item) -> Body:
    said = course.said
    slug = said.get("slug") or slugify(said.get("title") or "") or None
    changed = stamp([course.thing, *(run.thing for run in course.runs)])
    in_order = sorted(course.runs, key=lambda run: run.ref.key)
    return {
        "key": course_key(course),
        "uuid": uuid_of(tenant, course.thing.ref, said),
        "type": kind.get("uuid"),
        "course_type": kind.get("slug"),
        "url_slug": slug,
        "url_slug_history": _slugs(said, slug),
        "marketing_url": course_url(tenant, slug),
        "canonical_course_run_key": spelled(course.canonical) if course.canonical else None,
        "course_run_keys": [spelled(run) for run in in_order],
        "modified": changed,
        "data_modified_timestamp": changed,
        "_id": number_of(said),
        "_type_retired": bool(kind.get("retired")),
        "_slugs": _slugs(said, slug),
        "_runs": [run.ref.key for run in in_order],
    }


def _media(said: Merged) -> Body:
    picture = image(said.get("image") or said.get("card_image_url"))
    return {"image": picture, "original_image": picture, "video": video(said.get("video"))}


def inclusion(said: Merged, kind: Item, owners: Sequence[Body]) -> bool:
    """Whether it may be in an enterprise subscription: not refused, no 2U type, every owner takes part (5.8)."""
    if said.get("enterprise_subscription_inclusion") is False or kind.get("slug") in TWO_U:
        return False
    return bool(owners) and all(owner["enterprise_subscription_inclusion"] for owner in owners)


def _known(refs: Iterable[Ref], things: Things) -> list[Aggregate]:
    return [things[r] for r in resolved(refs, things) if r in things and exists(things[r])]


def _count(course: Course, name: str) -> int:
    """What is said of the course itself, else the sum over its runs."""
    own = whole(course.said.get(name))
    return own if own is not None else sum(whole(run.said.get(name)) or 0 for run in course.runs)


def _slugs(said: Merged, active: str | None) -> list[str]:
    history = said.get("slugs") or said.get("url_slug_history") or []
    return list(dict.fromkeys([*([active] if active else []), *history]))
