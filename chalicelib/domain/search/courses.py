"""Search documents of courses and of their runs (course-discovery.md 4.3 and 4.4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from chalicelib.domain.keys import InvalidKey, Ref, parse_course_key
from chalicelib.domain.reads import schedule
from chalicelib.domain.reads.instants import stamp
from chalicelib.domain.reads.schedule import Run, Times, times_of
from chalicelib.domain.search.common import document, effort, full_name, organizations, skills, subjects, text, unique
from chalicelib.domain.view import Body, Document

Timed = tuple[Run, Times]
OTHER_CATALOGS = frozenset({"executive-education-2u", "bootcamp-2u"})
"""Course types that ``course_type=open-courses`` leaves out (2.2)."""
IN_REVIEW = frozenset({"review_by_legal", "review_by_internal"})
TRANSCRIPTS = "transcript_languages_search_facet_names"
PER_RUN = ("start", "end", "enrollment_start", "enrollment_end", "status", "pacing_type")


def course_document(ref: Ref, body: Body, now: int) -> Document:
    """A course: what its runs say is there once per visible run. Time-dependent values are those of ``now`` (ms)."""
    runs = [(run, times_of(run)) for run in body.get("course_runs") or ()]
    seen = [each for each in runs if is_visible(each[0])]
    fields = {
        **_named(body.get("key")),
        **organizations(body.get("owners")),
        **subjects(body.get("subjects")),
        **skills(body),
        **_texts(body),
        **{name: body.get(name) for name in _COURSE_AS_IS},
        **_programs(body),
        **_of_runs(seen, now),
        "course_run_statuses": _statuses(runs, now),
        "sellable": sorted({_restriction(run) for run, t in runs if schedule.is_active(run, t, now)}),
        "open_course": body.get("course_type") not in OTHER_CATALOGS,
        "external_course_marketing_type": (body.get("additional_metadata") or {}).get("external_course_marketing_type"),
        "product_source": (body.get("product_source") or {}).get("slug"),
        "prerequisites": [each.get("name") for each in body.get("prerequisites") or ()],
        "editors": [each.get("user_id") or (each.get("user") or {}).get("id") for each in body.get("editors") or ()],
        "type_retired": bool(body.get("_type_retired")),
        "searchable": not body.get("_type_retired"),
        "text": _course_text(body, [run for run, _ in seen]),
    }
    return document(ref, body, fields, group=str(body.get("key")))


_COURSE_AS_IS = (
    "title",
    "level_type",
    "course_type",
    "course_length",
    "enterprise_subscription_inclusion",
    "excluded_from_search",
    "excluded_from_seo",
    "topics",
    "url_slug",
    "modified",
    "data_modified_timestamp",
    "expected_learning_items",
)


def run_document(ref: Ref, run: Body, course: Body, now: int) -> Document:
    """A run, with what it shows of its course. Time-dependent values are those of ``now`` (ms)."""
    t = times_of(run)
    fields = {
        **_named(run.get("course") or course.get("key")),
        **organizations(course.get("owners")),
        **subjects(course.get("subjects")),
        **skills(course),
        **_texts(run),
        **effort(run),
        **{name: run.get(name) for name in _RUN_AS_IS},
        **_programs(run),
        **_of_time(run, t, now),
        "key": run.get("key"),
        "course_key": run.get("course") or course.get("key"),
        "course_lower": str(run.get("course") or course.get("key")).lower(),
        "language": run.get("content_language_search_facet_name"),
        "languages": unique([run.get("content_language_search_facet_name")]),
        "transcript_languages": run.get(TRANSCRIPTS),
        "seat_types": seat_types([run]),
        "staff_uuids": [each.get("uuid") for each in run.get("staff") or ()],
        "paid_seat_enrollment_end": run.get("_paid_seat_enrollment_end"),
        "has_enrollable_paid_seats": bool(_paid(run)),
        "first_enrollable_paid_seat_sku": first_paid_sku(run),
        "restriction": _restriction(run),
        "published": run.get("status") == schedule.PUBLISHED,
        "marketable": schedule.is_marketable(run),
        "course_type": course.get("course_type"),
        "run_type": run.get("_run_type_slug"),
        "slug": run.get("_slug"),
        "type_retired": bool(run.get("_run_type_retired")),
        "searchable": bool(run.get("_marketable_type", True)) and not run.get("_run_type_retired"),
        "text": _run_text(run, course),
    }
    return document(ref, run, fields, group=str(fields["course_key"]))


_RUN_AS_IS = (
    "title",
    "level_type",
    "pacing_type",
    "type",
    "status",
    "hidden",
    "license",
    "mobile_available",
    "start",
    "end",
    "enrollment_start",
    "enrollment_end",
    "go_live_date",
    "announcement",
    "modified",
    "first_enrollable_paid_seat_price",
    "fixed_price_usd",
    "restriction_type",
    "external_key",
    "enterprise_subscription_inclusion",
    "course_uuid",
)


def is_visible(run: Run) -> bool:
    """Whether a course's document counts this run: of a marketable type, and restricted to nobody."""
    return bool(run.get("_marketable_type", True)) and not run.get("_restricted")


def seat_types(runs: Iterable[Run]) -> list[str]:
    """Types of all their seats, each once, sorted."""
    return sorted({seat["type"] for run in runs for seat in run.get("seats") or ()})


def first_paid_sku(run: Run) -> str | None:
    """The SKU of the paid seat that closes first (5.6)."""
    seats = sorted(_paid(run), key=lambda seat: seat.get("upgrade_deadline") or "~")
    return seats[0].get("sku") if seats else None


def _paid(run: Run) -> list[Body]:
    return [s for s in run.get("seats") or () if s["type"] != "credit" and Decimal(str(s.get("price") or 0)) > 0]


def _of_runs(runs: list[Timed], now: int) -> dict[str, Any]:
    """What a course's document says of its visible runs; dates and states once per run, in their order."""
    bodies = [run for run, _ in runs]
    ends = [t.end for run, t in runs if run.get("status") == schedule.PUBLISHED and t.end is not None]
    end = max(ends, default=None)
    return {
        **{name: [run.get(name) for run in bodies if run.get(name) is not None] for name in PER_RUN},
        "course_runs": [run["key"] for run in bodies],
        "run_keys": [run["key"].lower() for run in bodies],
        "availability": [schedule.availability(t, now) for _, t in runs],
        "seat_types": seat_types(bodies),
        "languages": unique(run.get("content_language_search_facet_name") for run in bodies),
        "transcript_languages": unique(n for run in bodies for n in run.get(TRANSCRIPTS) or ()),
        "type": unique(run.get("type") for run in bodies),
        "staff_uuids": unique(person.get("uuid") for run in bodies for person in run.get("staff") or ()),
        "end_date": None if end is None else stamp(end),
        "course_ends": "Past" if end is not None and end <= now else "Future",
        "first_enrollable_paid_seat_price": _price(runs, now),
    }


def _of_time(run: Run, t: Times, now: int) -> dict[str, Any]:
    """What time decides about a run; true until ``valid_until`` (law 7)."""
    return {
        "availability": schedule.availability(t, now),
        "is_enrollable": schedule.is_enrollable(t, now),
        "is_active": schedule.is_active(run, t, now),
        "active": schedule.is_active(run, t, now),
        "open_ended": schedule.is_open_ended(t, now),
        "is_marketable_external": schedule.is_marketable_external(run, t, now),
        "is_current_and_still_upgradeable": schedule.is_current(t, now) and schedule.is_upgradeable(t, now),
        "has_enrollable_seats": bool(schedule.open_seats(run, t, now)),
    }


def _price(runs: list[Timed], now: int) -> int | None:
    """The course's price: that of its first active run with paid seats, by key (5.6)."""
    by_key = sorted(runs, key=lambda each: str(each[0]["key"]).lower())
    prices = (run.get("first_enrollable_paid_seat_price") for run, t in by_key if schedule.is_active(run, t, now))
    return next((price for price in prices if price is not None), None)


def _statuses(runs: list[Timed], now: int) -> list[str]:
    """What the list filter ``course_run_statuses`` may name: statuses and the pseudo ones of 2.2."""
    found = set()
    for run, t in runs:
        if schedule.is_hidden(run):
            continue
        status = str(run.get("status"))
        found.add(status)
        if status in IN_REVIEW:
            found.add("in_review")
        if status == schedule.UNPUBLISHED:
            found.add("archived" if schedule.has_ended(t, now) else "unsubmitted")
    return sorted(found)


def _restriction(run: Run) -> str:
    """Who may see the run: its restriction type, or ``none``, so that one filter names all that is allowed."""
    return str(run.get("restriction_type") or "restricted") if run.get("_restricted") else "none"


def _named(key: Any) -> dict[str, Any]:
    try:
        org, number = parse_course_key(str(key))
    except InvalidKey:
        return {"key": key}
    return {"key": key, "org": org, "number": number}


def _texts(body: Body) -> dict[str, Any]:
    return {name: body.get(name) for name in ("short_description", "full_description", "outcome")}


def _programs(body: Body) -> dict[str, Any]:
    active = [each for each in body.get("programs") or () if each.get("_status", "active") == "active"]
    return {"program_types": unique(each.get("type") for each in active)}


def _course_text(body: Body, runs: list[Run]) -> str:
    names = ("key", "uuid", "title", "short_description", "full_description", "level_type", "marketing_url")
    return text(
        *(body.get(name) for name in names),
        body.get("expected_learning_items"),
        [f"{o.get('key')}: {o.get('name')}" for o in [*(body.get("owners") or ()), *(body.get("sponsors") or ())]],
        body.get("prerequisites"),
        body.get("subjects"),
        body.get("topics"),
        body.get("programs"),
        *(part for run in runs for part in (run.get("key"), run.get("title"), run.get("short_description"))),
        *(full_name(person) for run in runs for person in run.get("staff") or ()),
    )


def _run_text(run: Body, course: Body) -> str:
    names = ("key", "uuid", "title", "short_description", "full_description", "level_type", "marketing_url")
    more = ("pacing_type", "content_language", "content_language_search_facet_name", "transcript_languages")
    return text(
        *(run.get(name) for name in (*names, *more)),
        run.get(TRANSCRIPTS),
        [full_name(person) for person in run.get("staff") or ()],
        course.get("key"),
        course.get("title"),
        course.get("expected_learning_items"),
        [f"{o.get('key')}: {o.get('name')}" for o in course.get("owners") or ()],
        course.get("prerequisites"),
        course.get("subjects"),
        run.get("programs"),
    )
