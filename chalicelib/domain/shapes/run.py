"""A run as answers show it, but for what the clock decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chalicelib.domain.keys import Ref, parse_run_key
from chalicelib.domain.merging.identity import number_of, spelling, uuid_of
from chalicelib.domain.merging.merge import Merged, Voice, retired, told, voices
from chalicelib.domain.minting import slug_candidates
from chalicelib.domain.reads import fields
from chalicelib.domain.record import Aggregate
from chalicelib.domain.shapes.images import video
from chalicelib.domain.shapes.languages import facet_name
from chalicelib.domain.shapes.marketing import run_url
from chalicelib.domain.shapes.plain import RUN_PLAIN, in_order, numbers, plain
from chalicelib.domain.shapes.seats import first_paid_price, legacy_type, paid_until, seats, types_of
from chalicelib.domain.shapes.stamps import stamp
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.values import instant, money, whole
from chalicelib.domain.view import Body

PUBLISHED, UNPUBLISHED = "published", "unpublished"
TEXTS = ("title", "short_description", "full_description", "outcome")
DATES = ("start", "end", "enrollment_start", "enrollment_end", "go_live_date", "announcement")


@dataclass(frozen=True, slots=True)
class Run:
    """A run before it is rendered: its records, what they say of it, and what is sold."""

    thing: Aggregate
    said: Merged
    spoken: tuple[Voice, ...]
    seats: tuple[dict[str, Any], ...]

    @property
    def ref(self) -> Ref:
        return self.thing.ref

    @property
    def start(self) -> str | None:
        return instant(self.said.get("start"))

    @property
    def seat_types(self) -> frozenset[str]:
        return types_of(self.seats)


def understood(tenant: Tenant, thing: Aggregate) -> Run:
    """What the records of a run say, merged."""
    said = told(thing, tenant.publisher)
    return Run(thing, said, voices(thing), tuple(seats(said)))


def spelled(run: Run) -> str:
    """The run's key as it was first seen."""
    return spelling(run.ref, run.said)


@dataclass(frozen=True, slots=True)
class Around:
    """What a run shows of its course and of other things."""

    key: str
    uuid: str
    said: Merged
    image: dict[str, Any] | None
    inclusion: bool
    type: Mapping[str, Any]
    run_type: Mapping[str, Any]
    staff: tuple[Body, ...]


def run_body(tenant: Tenant, run: Run, around: Around) -> Body:
    """The CourseRun (course-discovery 3.3) with its private helper values; programs are added by the course."""
    said = run.said
    body = plain(said, RUN_PLAIN) | {name: instant(said.get(name)) for name in DATES}
    body |= numbers(said, "weeks_to_complete", "min_effort", "max_effort")
    body |= _texts(run, around) | _sold(run, body) | _shared(tenant, run, around, body)
    return in_order(fields.RUN, body | _derived(body) | _others(run, around, body))


def _texts(run: Run, around: Around) -> Body:
    """A run's text is its own, else its course's."""
    texts = {name: run.said.get(name) or around.said.get(name) for name in TEXTS}
    return texts | {"video": video(run.said.get("video")) or video(around.said.get("video"))}


def _sold(run: Run, body: Body) -> Body:
    return {
        "seats": [dict(seat) for seat in run.seats],
        "type": legacy_type(run.seats),
        "first_enrollable_paid_seat_price": first_paid_price(run.seats),
        "fixed_price_usd": money(run.said.get("fixed_price_usd")),
        "_paid_seat_enrollment_end": paid_until(run.seats, body["end"], body["enrollment_end"]),
    }


def _shared(tenant: Tenant, run: Run, around: Around, body: Body) -> Body:
    """Who it is, and what it has of its course."""
    slug, marketable = _slug(run, around), bool(around.run_type.get("is_marketable"))
    return {
        "key": spelled(run),
        "uuid": uuid_of(tenant, run.ref, run.said),
        "course": around.key,
        "course_uuid": around.uuid,
        "image": around.image,
        "level_type": around.said.get("level_type"),
        "run_type": around.run_type.get("uuid"),
        "status": UNPUBLISHED if retired(run.thing) else run.said.get("status", UNPUBLISHED),
        "staff": list(around.staff),
        "instructors": [],
        "marketing_url": run_url(tenant, slug, marketable),
        "enterprise_subscription_inclusion": around.inclusion and body["pacing_type"] != "instructor_paced",
        "_slug": slug,
        "_marketable_type": marketable,
    }


def is_marketable(body: Body) -> bool:
    """Published, sold, addressed, of a marketable type, and with a key of the new kind (5.5).

    The slug counts, not the URL: an installation without a marketing site markets its runs elsewhere.
    """
    told = body["status"] == PUBLISHED and body["seats"] and body["_slug"] and body["_marketable_type"]
    return bool(told) and not parse_run_key(body["key"]).legacy


def _derived(body: Body) -> Body:
    transcripts = map(facet_name, body["transcript_languages"])
    return {
        "is_marketable": is_marketable(body),
        "estimated_hours": estimated_hours(body["min_effort"], body["max_effort"], body["weeks_to_complete"]),
        "content_language_search_facet_name": facet_name(body["content_language"]),
        "transcript_languages_search_facet_names": [name for name in transcripts if name],
    }


def _others(run: Run, around: Around, body: Body) -> Body:
    counts = {name: whole(run.said.get(name)) or 0 for name in ("enrollment_count", "recent_enrollment_count")}
    return counts | {
        "modified": stamp([run.thing]),
        "_id": number_of(run.said),
        "_course_type": around.type.get("slug"),
        "_run_type_slug": around.run_type.get("slug"),
        "_run_type_retired": bool(around.run_type.get("retired")),
        "_hidden": body["hidden"],
        "_restricted": bool(body["restriction_type"]),
        "_retired": retired(run.thing),
        "_invitation_only": bool(run.said.get("invitation_only", False)),
    }


def minimal(body: Body) -> Body:
    """MinimalCourseRun of a CourseRun, with its private helper values."""
    return in_order(fields.MINIMAL_RUN, body)


def estimated_hours(low: int | None, high: int | None, weeks: int | None) -> float:
    """``(min + max) / 2 * weeks``; zero when the effort or the length is unknown (5.4)."""
    known = [effort for effort in (low, high) if effort is not None]
    return float(Decimal(sum(known)) / len(known) * weeks) if known and weeks else 0.0


def _slug(run: Run, around: Around) -> str:
    """Set once by the registry; until then what it would be."""
    title = run.said.get("title") or around.said.get("title")
    return str(run.said.get("slug") or slug_candidates(run.ref, spelled(run), None, title)[0])
