"""Edits of runs and courses: what authors do in Studio, sellers in Otto and editors on a run's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from campus.editing.desk import CannotEdit, Change, Desk, again, plain, worded
from campus.generate import courses
from campus.world import Pair


def _run_change(pair: Pair, after: dict[str, Any]) -> Change:
    course, run = pair
    before = {name: plain(getattr(run, name)) for name in after}
    return Change("run", run.key, before, after, course.index, (("studio", "run", run.key),))


def title(desk: Desk, key: str | None, value: Any) -> Change:
    """The title in Studio: of a run that has no page of its own, unless one is asked for, so that readers see it."""
    pair = desk.run(key, lambda run: key is not None or run.node is None)
    return _run_change(pair, {"name": worded(value, again(pair[1].name))})


def about(desk: Desk, key: str | None, value: Any) -> Change:
    """The short description in Studio."""
    pair = desk.run(key)
    return _run_change(
        pair, {"short_description": worded(value, again(pair[1].short_description or "A course worth taking"))}
    )


def dates(desk: Desk, key: str | None, value: Any) -> Change:
    """A value moves the run by so many days; without one it moves a week."""
    pair = desk.run(key, lambda run: run.start is not None)
    move = timedelta(days=int(value or 7))
    moved = {name: getattr(pair[1], name) for name in ("start", "end") if getattr(pair[1], name)}
    return _run_change(pair, {name: (moment + move).isoformat() for name, moment in moved.items()})


def pacing(desk: Desk, key: str | None, value: Any) -> Change:
    """From self-paced to instructor-paced, or back."""
    pair = desk.run(key)
    other = {"self": "instructor", "instructor": "self"}
    if value and value not in other:
        raise CannotEdit(f"pacing is one of {', '.join(other)}")
    return _run_change(pair, {"pacing": value or other[pair[1].pacing]})


def hide(desk: Desk, key: str | None, value: Any) -> Change:
    """Hidden in the LMS, or shown again."""
    pair = desk.run(key)
    return _run_change(pair, {"hidden": not pair[1].hidden if value is None else bool(value)})


def vanish(desk: Desk, key: str | None, value: Any) -> Change:
    """The service user may not see the run any more, or again: to it that is a 404."""
    pair = desk.run(key)
    return _run_change(pair, {"visible": not pair[1].visible if value is None else bool(value)})


def retire(desk: Desk, key: str | None, value: Any) -> Change:
    """The run is gone from the LMS and from Otto; a false value brings it back."""
    pair = desk.run(key)
    run = pair[1]
    change = _run_change(pair, {"retired": True if value is None else bool(value)})
    return replace(change, announced=(*change.announced, ("otto", "run", run.key)))


def price(desk: Desk, key: str | None, value: Any) -> Change:
    """The price of the first paid seat."""
    pair = desk.run(key, lambda run: any(seat.price for seat in run.seats))
    course, run = pair
    seat = next(seat for seat in run.seats if seat.price and not seat.mobile)
    after = {"price": str(Decimal(str(value or seat.price + 10)).quantize(Decimal("0.01")))}
    return Change(
        "seat", f"{run.key}|{seat.type}", {"price": str(seat.price)}, after, course.index, (("otto", "run", run.key),)
    )


def entitlement(desk: Desk, key: str | None, value: Any) -> Change:
    """The price of the right to any run."""
    course = desk.course(key, lambda course: course.entitlement is not None)
    assert course.entitlement
    before = {"price": str(course.entitlement.price)}
    after = {"price": str(Decimal(str(value or course.entitlement.price + 10)).quantize(Decimal("0.01")))}
    told = (("otto", "entitlement", desk.world.course_uuid(course.key)),)
    return Change("entitlement", course.key, before, after, course.index, told)


def _node_change(desk: Desk, key: str | None, make: Callable[[Any], dict[str, Any]]) -> Change:
    course, run = desk.run(key, lambda run: run.node is not None)
    after = make(run.node)
    before = {name: getattr(run.node, name) for name in after}
    return Change("node", run.key, before, after, course.index, (("drupal", "run", run.key),))


def text(desk: Desk, key: str | None, value: Any) -> Change:
    """The short text of a run's page."""
    return _node_change(desk, key, lambda node: {"short_description": worded(value, again(node.short_description))})


def course_title(desk: Desk, key: str | None, value: Any) -> Change:
    """The title of a run's page, which is the course's."""
    return _node_change(desk, key, lambda node: {"title": worded(value, again(node.title))})


def unpublish(desk: Desk, key: str | None, value: Any) -> Change:
    """The page is taken off the marketing site, or put back."""
    return _node_change(desk, key, lambda node: {"published": not node.published if value is None else not value})


def new_run(desk: Desk, key: str | None, value: Any) -> Change:
    """A re-run: Studio, Otto and the marketing site all speak of it."""
    course = desk.course(key)
    run = courses.new_run(desk.world.spec, course)
    told = tuple((source, "run", run.key) for source in ("studio", "otto", "drupal"))
    return Change("new_run", course.key, {}, {}, course.index, told)
