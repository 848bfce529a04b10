"""What a program's courses make of it: their order, what all of it costs, whether one click buys it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from math import inf
from typing import Any

from chalicelib.domain.reads import schedule
from chalicelib.domain.reads.instants import parse
from chalicelib.domain.reads.schedule import Run, Times, times_of
from chalicelib.domain.view import Body

Product = Mapping[str, Any]


def kept_runs(course: Mapping[str, Any], excluded: Collection[str]) -> list[Run]:
    """The runs of a program's course that the program does not exclude (``excluded``: keys, normal form)."""
    runs: Sequence[Run] = course.get("course_runs") or ()
    return [run for run in runs if str(run["key"]).lower() not in excluded] if excluded else list(runs)


def ordered_courses(program: Body) -> list[Body]:
    """Courses by their earliest run, unless the program keeps its saved order (3.4).

    No start sorts last; between equal starts the earliest enrollment start decides, none of that sorts first.
    """
    courses: list[Body] = program.get("courses") or []
    if not program.get("_order_by_start", True):
        return courses
    excluded = excluded_runs(program)
    return sorted(courses, key=lambda course: _earliest(kept_runs(course, excluded)))


def excluded_runs(program: Body) -> frozenset[str]:
    """Keys (normal form) of the runs that the program leaves out."""
    return frozenset(key.lower() for key in program.get("_excluded_runs") or ())


def _earliest(runs: Iterable[Run]) -> tuple[float, float]:
    return min(((_at(run["start"], inf), _at(run["enrollment_start"], -inf)) for run in runs), default=(inf, inf))


def _at(text: str | None, missing: float) -> float:
    at = parse(text)
    return missing if at is None else at


def is_one_click(program: Body, now: int) -> bool:
    """Whether every course has one thing to buy: an entitlement, or one published run with an open seat (5.6)."""
    if not program.get("_one_click", True):
        return False
    excluded, types = excluded_runs(program), _types(program)
    return all(_has_one_offer(course, excluded, types, now) for course in program.get("courses") or ())


def _has_one_offer(course: Body, excluded: frozenset[str], types: frozenset[str], now: int) -> bool:
    if len(_entitlements(course, types)) == 1:
        return True
    published = [run for run in kept_runs(course, excluded) if run.get("status") == schedule.PUBLISHED]
    return len(published) == 1 and bool(schedule.open_seats(published[0], times_of(published[0]), now, types))


def totals(program: Body, now: int) -> dict[str, Decimal]:
    """What all courses cost together, per currency: one seat or entitlement of each (5.6)."""
    excluded, types = excluded_runs(program), _types(program)
    sums: dict[str, Decimal] = {}
    for course in program.get("courses") or ():
        for currency, product in _products(course, excluded, types, now).items():
            sums[currency] = sums.get(currency, Decimal(0)) + Decimal(str(product["price"]))
    return sums


def price_ranges(program: Body, now: int) -> list[Body]:
    """The kept ranges with their total, which depends on what can be had now."""
    sums = totals(program, now) if program.get("price_ranges") else {}
    return [_with_total(each, sums) for each in program.get("price_ranges") or ()]


def _with_total(each: Body, sums: Mapping[str, Decimal]) -> Body:
    total = sums.get(each["currency"], Decimal(0))
    kept = each.get("min")
    return {**each, "total": f"{total:.2f}" if isinstance(kept, str) else float(total)}


def _products(course: Body, excluded: frozenset[str], types: frozenset[str], now: int) -> dict[str, Product]:
    """Per currency what represents the course: its entitlement, else the seat of the best run to enroll in now."""
    chosen: dict[str, tuple[Times, Product]] = {}
    for run in _priced_runs(course, excluded):
        t = times_of(run)
        for seat in run.get("seats") or ():
            if seat["type"] in types and _is_better(t, chosen.get(seat["currency"]), now):
                chosen[seat["currency"]] = (t, seat)
    products = {currency: seat for currency, (_, seat) in chosen.items()}
    return products | {e["currency"]: e for e in _entitlements(course, types)}


def _is_better(t: Times, chosen: tuple[Times, Product] | None, now: int) -> bool:
    """Anything beats nothing; then a run not ended, always open or most recently opened for enrollment."""
    if chosen is None:
        return True
    if schedule.has_ended(t, now):
        return False
    if t.enrollment_start is None:
        return True
    return (chosen[0].enrollment_start or 0) < t.enrollment_start < now


def _priced_runs(course: Body, excluded: frozenset[str]) -> list[Run]:
    """The canonical run where the body names it, else all of them."""
    runs = kept_runs(course, excluded)
    canonical = course.get("_canonical_course_run_key", course.get("canonical_course_run_key"))
    return [run for run in runs if run["key"] == canonical] if canonical else runs


def _entitlements(course: Body, types: frozenset[str]) -> list[Product]:
    return [e for e in course.get("entitlements") or () if e["mode"] in types]


def _types(program: Body) -> frozenset[str]:
    return frozenset(program.get("_applicable_seat_types") or program.get("applicable_seat_types") or ())
