"""A run as answers show it, but for what the clock decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chalicelib.domain.identity import number_of, spelling, uuid_of
from chalicelib.domain.images import video
from chalicelib.domain.keys import Ref
from chalicelib.domain.languages import facet_name
from chalicelib.domain.marketing import run_url
from chalicelib.domain.merge import Merged, Voice, merge, retired, voices
from chalicelib.domain.record import Aggregate
from chalicelib.domain.seats import first_paid_price, legacy_type, paid_until, seats, types_of
from chalicelib.domain.stamps import stamp
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.values import instant, money, run_slug, whole
from chalicelib.domain.view import Body

UNPUBLISHED = "unpublished"
DATES = ("start", "end", "enrollment_start", "enrollment_end", "go_live_date", "announcement")
MINIMAL = (
    "key",
    "uuid",
    "title",
    "external_key",
    "fixed_price_usd",
    "image",
    "short_description",
    "marketing_url",
    "seats",
    "start",
    "end",
    "go_live_date",
    "enrollment_start",
    "enrollment_end",
    "weeks_to_complete",
    "pacing_type",
    "type",
    "restriction_type",
    "run_type",
    "status",
    "variant_id",
)


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
    spoken = voices(thing)
    said = merge("run", tenant.publisher, spoken)
    return Run(thing, said, spoken, tuple(seats(said)))


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
    said, marketable = run.said, bool(around.run_type.get("is_marketable"))
    slug = _slug(run, around)
    dates = {name: instant(said.get(name)) for name in DATES}
    text = _fallback(said, around.said)
    weeks, low, high = (whole(said.get(n)) for n in ("weeks_to_complete", "min_effort", "max_effort"))
    transcripts = list(said.get("transcript_languages", []))
    pacing = said.get("pacing_type")
    return {
        "key": spelled(run),
        "uuid": uuid_of(tenant, run.ref, said),
        "title": text("title"),
        "external_key": said.get("external_key"),
        "fixed_price_usd": money(said.get("fixed_price_usd")),
        "image": around.image,
        "short_description": text("short_description"),
        "marketing_url": run_url(tenant, slug, marketable),
        "seats": [dict(seat) for seat in run.seats],
        "start": dates["start"],
        "end": dates["end"],
        "go_live_date": dates["go_live_date"],
        "enrollment_start": dates["enrollment_start"],
        "enrollment_end": dates["enrollment_end"],
        "weeks_to_complete": weeks,
        "pacing_type": pacing,
        "type": legacy_type(run.seats),
        "restriction_type": said.get("restriction_type"),
        "run_type": around.run_type.get("uuid"),
        "status": UNPUBLISHED if retired(run.thing) else said.get("status", UNPUBLISHED),
        "variant_id": said.get("variant_id"),
        "course": around.key,
        "full_description": text("full_description"),
        "announcement": dates["announcement"],
        "video": video(said.get("video")) or video(around.said.get("video")),
        "content_language": said.get("content_language"),
        "license": said.get("license", ""),
        "outcome": text("outcome"),
        "transcript_languages": transcripts,
        "instructors": [],
        "staff": list(around.staff),
        "min_effort": low,
        "max_effort": high,
        "modified": stamp([run.thing], said),
        "level_type": around.said.get("level_type"),
        "mobile_available": bool(said.get("mobile_available", False)),
        "hidden": bool(said.get("hidden", False)),
        "reporting_type": said.get("reporting_type", "mooc"),
        "eligible_for_financial_aid": bool(said.get("eligible_for_financial_aid", True)),
        "first_enrollable_paid_seat_price": first_paid_price(run.seats),
        "has_ofac_restrictions": said.get("has_ofac_restrictions"),
        "ofac_comment": said.get("ofac_comment", ""),
        "enrollment_count": whole(said.get("enrollment_count")) or 0,
        "recent_enrollment_count": whole(said.get("recent_enrollment_count")) or 0,
        "expected_program_type": said.get("expected_program_type"),
        "expected_program_name": said.get("expected_program_name", ""),
        "course_uuid": around.uuid,
        "estimated_hours": estimated_hours(low, high, weeks),
        "content_language_search_facet_name": facet_name(said.get("content_language")),
        "enterprise_subscription_inclusion": around.inclusion and pacing != "instructor_paced",
        "transcript_languages_search_facet_names": [n for n in map(facet_name, transcripts) if n],
        "ai_languages": said.get("ai_languages"),
        "_invitation_only": bool(said.get("invitation_only", False)),
        "_id": number_of(said),
        "_slug": slug,
        "_course_type": around.type.get("slug"),
        "_run_type_slug": around.run_type.get("slug"),
        "_run_type_retired": bool(around.run_type.get("retired")),
        "_marketable_type": marketable,
        "_restricted": bool(said.get("restriction_type")),
        "_retired": retired(run.thing),
        "_paid_seat_enrollment_end": paid_until(run.seats, dates["end"], dates["enrollment_end"]),
    }


def minimal(body: Body) -> Body:
    """MinimalCourseRun of a CourseRun, with its private helper values."""
    return {n: body[n] for n in MINIMAL} | {n: v for n, v in body.items() if n.startswith("_")}


def estimated_hours(low: int | None, high: int | None, weeks: int | None) -> float:
    """``(min + max) / 2 * weeks``; zero when the effort or the length is unknown (5.4)."""
    known = [effort for effort in (low, high) if effort is not None]
    return float(Decimal(sum(known)) / len(known) * weeks) if known and weeks else 0.0


def _slug(run: Run, around: Around) -> str:
    """Set once by the registry; until then what it would be: slugified title and key."""
    title = run.said.get("title") or around.said.get("title") or ""
    return run.said.get("slug") or run_slug(title, spelled(run))


def _fallback(own: Merged, of_course: Merged) -> Any:
    """A run's text is its own, else its course's."""
    return lambda name: own.get(name) or of_course.get(name)
