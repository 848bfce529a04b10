"""What time makes of a run and of its course: availability, enrollment, the advertised run, and when that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from chalicelib.domain.reads.instants import DAY, day, parse

Run = Mapping[str, Any]
SOON = 60 * DAY
LAST_DAYS = 14
"""A run stops being current this many dates before its end (course-discovery.md 5.4)."""

EXECUTIVE_EDUCATION = "executive-education-2u"
PUBLISHED, UNPUBLISHED, REVIEWED = "published", "unpublished", "reviewed"


@dataclass(frozen=True, slots=True)
class Times:
    """The instants (ms, or None) of a run that the rules look at."""

    start: int | None
    end: int | None
    enrollment_start: int | None
    enrollment_end: int | None
    go_live: int | None
    paid_end: int | None
    """Until when a paid seat can be bought (course-discovery.md 5.6); None also when there is no such seat."""


def times_of(run: Run) -> Times:
    """Read the dates of a run's body once; the rules below compare numbers."""
    return Times(
        parse(run.get("start")),
        parse(run.get("end")),
        parse(run.get("enrollment_start")),
        parse(run.get("enrollment_end")),
        parse(run.get("go_live_date")),
        parse(run.get("_paid_seat_enrollment_end")),
    )


def has_ended(t: Times, now: int) -> bool:
    """Over since at least a millisecond: at its very end a run is still on."""
    return t.end is not None and t.end < now


def has_started(t: Times, now: int) -> bool:
    """A run without a start has not."""
    return t.start is not None and t.start <= now


def availability(t: Times, now: int) -> str:
    """Archived, Current, Starting Soon (within 60 days) or Upcoming, which is everything else."""
    if has_ended(t, now):
        return "Archived"
    if t.start is None:
        return "Upcoming"
    if t.start <= now:
        return "Current"
    return "Starting Soon" if t.start < now + SOON else "Upcoming"


def is_enrollable(t: Times, now: int) -> bool:
    """Whether enrollment is open; the run's own end plays no part."""
    return (t.enrollment_end is None or t.enrollment_end >= now) and (
        t.enrollment_start is None or t.enrollment_start <= now
    )


def is_open_ended(t: Times, now: int) -> bool:
    """The list filter ``active``: neither end nor enrollment_end has come; enrollment may not have opened yet (2.4)."""
    return (t.end is None or t.end > now) and (t.enrollment_end is None or t.enrollment_end > now)


def is_current(t: Times, now: int) -> bool:
    """Started (or without a start), and today is at least 14 dates before the end."""
    return (t.start is None or t.start <= now) and (t.end is None or day(now) <= day(t.end) - LAST_DAYS)


def is_upgradeable(t: Times, now: int) -> bool:
    """Whether a paid seat can still be bought."""
    return t.paid_end is not None and t.paid_end > now


def is_marketable(run: Run) -> bool:
    """Published, of a marketable type, with a seat and an address (5.5): timeless, so the body says it."""
    return bool(run.get("is_marketable"))


def is_active(run: Run, t: Times, now: int) -> bool:
    """Enrollable, marketable and not ended: stricter than the list filter ``active``."""
    return is_marketable(run) and is_enrollable(t, now) and not has_ended(t, now)


def is_marketable_external(run: Run, t: Times, now: int) -> bool:
    """Marketable, or executive education that is reviewed and has yet to go live and start (5.5)."""
    if is_marketable(run):
        return True
    return (
        run.get("_course_type") == EXECUTIVE_EDUCATION
        and run.get("status") == REVIEWED
        and t.start is not None
        and t.start > now
        and t.go_live is not None
        and t.go_live > now
    )


def is_seat_open(seat: Mapping[str, Any], now: int) -> bool:
    """Whether the seat's own deadline has not come."""
    deadline = parse(seat.get("upgrade_deadline"))
    return deadline is None or deadline > now


def open_seats(run: Run, t: Times, now: int, types: Iterable[str] | None = None) -> list[Mapping[str, Any]]:
    """The seats (of these types) that can be had now: enrollment open, run not ended, deadline not come (5.6)."""
    if has_ended(t, now) or not is_enrollable(t, now):
        return []
    return [s for s in run.get("seats") or () if (types is None or s["type"] in types) and is_seat_open(s, now)]


def status_of(run: Run, t: Times, now: int) -> str:
    """The run's status as a course reports it: an unpublished run that has ended is ``archived``."""
    status = str(run.get("status"))
    return "archived" if status == UNPUBLISHED and has_ended(t, now) else status


def is_hidden(run: Run) -> bool:
    """Hidden runs inside programs say so in a private value: their shape has no such field."""
    return bool(run.get("hidden", run.get("_hidden")))


def course_run_statuses(runs: Iterable[tuple[Run, Times]], now: int) -> list[str]:
    """Statuses of the runs that are not hidden, each once, sorted (5.5)."""
    return sorted({status_of(run, t, now) for run, t in runs if not is_hidden(run)})


def advertised(runs: Sequence[tuple[Run, Times]], now: int) -> Run | None:
    """The run a course advertises: the first non-empty tier of 5.5 among the marketable ones, None without any."""
    marketable = [(run, t) for run, t in runs if is_marketable(run)]
    for belongs, prefers in _TIERS:
        if tier := [(run, t) for run, t in marketable if belongs(t, now)]:
            return prefers(tier)
    return None


def _latest(tier: list[tuple[Run, Times]]) -> Run:
    return max(tier, key=_start)[0]


def _earliest(tier: list[tuple[Run, Times]]) -> Run:
    return min(tier, key=_start)[0]


def _start(each: tuple[Run, Times]) -> float:
    return -inf if each[1].start is None else each[1].start


_Tier = tuple[Callable[[Times, int], bool], Callable[[list[tuple[Run, Times]]], Run]]
_TIERS: tuple[_Tier, ...] = (
    (lambda t, now: is_current(t, now) and is_upgradeable(t, now), _latest),
    (lambda t, now: t.start is not None and t.start > now and is_upgradeable(t, now), _earliest),
    (lambda t, now: True, _latest),
)


# When does any of this change? A rule that says "<= x" turns at x, one that says "< x" a millisecond after it.
_TURNS: tuple[tuple[str, int], ...] = (
    ("start", 0),  # started, current, external marketing
    ("start", 1 - SOON),  # starting soon
    ("end", 0),  # the list filter active, course_ends
    ("end", 1),  # ended
    ("enrollment_start", 0),
    ("enrollment_start", 1),  # the price total asks for a start in the past
    ("enrollment_end", 0),  # the list filter active
    ("enrollment_end", 1),
    ("go_live", 0),
    ("paid_end", 0),
)


def turns(run: Run, t: Times) -> Iterator[int]:
    """Every instant at which some rule may answer differently about this run than a millisecond before."""
    for name, shift in _TURNS:
        value = getattr(t, name)
        if value is not None:
            yield value + shift
    if t.end is not None:
        yield (day(t.end) - LAST_DAYS + 1) * DAY
    for seat in run.get("seats") or ():
        deadline = parse(seat.get("upgrade_deadline"))
        if deadline is not None:
            yield deadline


def state(run: Run, t: Times, now: int) -> tuple[Any, ...]:
    """Every answer of the rules about one run: while this stays the same, nothing that is derived from it moves."""
    return (
        availability(t, now),
        has_started(t, now),
        is_enrollable(t, now),
        is_open_ended(t, now),
        t.end is not None and t.end > now,
        t.enrollment_start is not None and t.enrollment_start < now,
        is_current(t, now),
        is_upgradeable(t, now),
        is_active(run, t, now),
        is_marketable_external(run, t, now),
        tuple(is_seat_open(seat, now) for seat in run.get("seats") or ()),
    )


def next_change(runs: Iterable[Run], now: int) -> int | None:
    """The first instant (ms) after ``now`` at which any rule answers differently about any of the runs, or None."""
    changes = [at for run in runs if (at := _next_change(run, now)) is not None]
    return min(changes, default=None)


def _next_change(run: Run, now: int) -> int | None:
    t = times_of(run)
    before = state(run, t, now)
    return next((at for at in sorted(turns(run, t)) if at > now and state(run, t, at) != before), None)
