"""Edits as an author would make them: something changes at its source, and the source says so to the exchange."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from campus.exchange import Update
from campus.facts import Course, Run
from campus.ledger import Entry
from campus.world import Pair, World


class CannotEdit(ValueError):
    """Nothing with this key, or nothing of this kind to edit."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit does before it is done: where, which fields, and who will say so."""

    entity: str
    address: str
    before: dict[str, Any]
    after: dict[str, Any]
    course: int | None
    # (source, kind, subject) of each update that will be published.
    announced: tuple[tuple[str, str, str], ...]
    extra: tuple[Entry, ...] = field(default=())

    @property
    def key(self) -> str:
        return self.announced[0][2]


@dataclass(slots=True)
class Desk:
    """Where edits are made; `draw` chooses what the caller left open."""

    world: World
    draw: Random

    def plan(self, what: str, key: str | None = None, value: Any = None) -> Change:
        if what not in EDITS:
            raise CannotEdit(f"cannot edit {what!r}; one of {', '.join(EDITS)}")
        return EDITS[what](self, key, value)

    def carry_out(self, change: Change, at: float) -> list[Update]:
        """Write it down; the updates are the caller's to publish."""
        self.world.ledger.add(Entry(at, change.entity, change.address, change.after, change.course))
        tenant = self.world.spec.tenant
        return [Update(tenant, source, kind, subject, at) for source, kind, subject in change.announced]

    def run(self, key: str | None, keep: Callable[[Run], bool] = lambda run: True) -> Pair:
        """The run asked for, or any that fits."""
        if key:
            pair = self.world.run(key)
            if pair is None or not keep(pair[1]):
                raise CannotEdit(f"no run {key!r} that could be edited so")
            return pair
        return self._any(lambda course: [run for run in course.runs if run.visible and not run.retired and keep(run)])

    def course(self, key: str | None, keep: Callable[[Course], bool] = lambda course: True) -> Course:
        if key:
            course = self.world.course_by_key(key)
            if course is None or not keep(course):
                raise CannotEdit(f"no course {key!r} that could be edited so")
            return course
        return self._any(lambda course: [course.runs[-1]] if keep(course) else [])[0]

    def slot(self, kind: str, uuid: str | None, count: int) -> int:
        if not uuid:
            return self.draw.randrange(count)
        n = self.world.slot(kind, uuid, count)
        if n is None:
            raise CannotEdit(f"no {kind} {uuid!r}")
        return n

    def _any(self, fitting: Callable[[Course], list[Run]]) -> Pair:
        for _ in range(2000):
            course = self.world.course(self.draw.randrange(self.world.spec.size))
            runs = fitting(course)
            if runs:
                return course, self.draw.choice(runs[-2:])
        raise CannotEdit("found nothing to edit")


def _again(text: str) -> str:
    """The same text in its next edition."""
    head, mark, tail = text.rpartition(" (edition ")
    if mark and tail.rstrip(")").isdecimal():
        return f"{head} (edition {int(tail.rstrip(')')) + 1})"
    return f"{text} (edition 2)"


def _run_change(pair: Pair, after: dict[str, Any]) -> Change:
    course, run = pair
    before = {name: _plain(getattr(run, name)) for name in after}
    return Change("run", run.key, before, after, course.index, (("studio", "run", run.key),))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def title(desk: Desk, key: str | None, value: Any) -> Change:
    pair = desk.run(key)
    return _run_change(pair, {"name": value or _again(pair[1].name)})


def about(desk: Desk, key: str | None, value: Any) -> Change:
    pair = desk.run(key)
    return _run_change(
        pair, {"short_description": value or _again(pair[1].short_description or "A course worth taking")}
    )


def dates(desk: Desk, key: str | None, value: Any) -> Change:
    """A value moves the run by so many days; without one it moves a week."""
    pair = desk.run(key, lambda run: run.start is not None)
    move = timedelta(days=int(value or 7))
    moved = {name: getattr(pair[1], name) for name in ("start", "end") if getattr(pair[1], name)}
    return _run_change(pair, {name: (moment + move).isoformat() for name, moment in moved.items()})


def pacing(desk: Desk, key: str | None, value: Any) -> Change:
    pair = desk.run(key)
    return _run_change(pair, {"pacing": value or {"self": "instructor", "instructor": "self"}[pair[1].pacing]})


def hide(desk: Desk, key: str | None, value: Any) -> Change:
    pair = desk.run(key)
    return _run_change(pair, {"hidden": not pair[1].hidden if value is None else bool(value)})


def vanish(desk: Desk, key: str | None, value: Any) -> Change:
    """The service user may not see the run any more, or again: to it that is a 404."""
    pair = desk.run(key)
    return _run_change(pair, {"visible": not pair[1].visible if value is None else bool(value)})


def retire(desk: Desk, key: str | None, value: Any) -> Change:
    """The run is gone from the LMS and from Otto; a false value brings it back."""
    pair = desk.run(key)
    course, run = pair
    change = _run_change(pair, {"retired": True if value is None else bool(value)})
    told = (*change.announced, ("otto", "run", run.key))
    return Change(change.entity, change.address, change.before, change.after, course.index, told)


def price(desk: Desk, key: str | None, value: Any) -> Change:
    pair = desk.run(key, lambda run: any(seat.price for seat in run.seats))
    course, run = pair
    seat = next(seat for seat in run.seats if seat.price and not seat.mobile)
    after = {"price": str(Decimal(str(value or seat.price + 10)).quantize(Decimal("0.01")))}
    return Change(
        "seat", f"{run.key}|{seat.type}", {"price": str(seat.price)}, after, course.index, (("otto", "run", run.key),)
    )


def entitlement(desk: Desk, key: str | None, value: Any) -> Change:
    course = desk.course(key, lambda course: course.entitlement is not None)
    assert course.entitlement
    before = {"price": str(course.entitlement.price)}
    after = {"price": str(Decimal(str(value or course.entitlement.price + 10)).quantize(Decimal("0.01")))}
    told = (("otto", "course", desk.world.course_uuid(course.key)),)
    return Change("entitlement", course.key, before, after, course.index, told)


def _node_change(desk: Desk, key: str | None, make: Callable[[Any], dict[str, Any]]) -> Change:
    course, run = desk.run(key, lambda run: run.node is not None)
    after = make(run.node)
    before = {name: getattr(run.node, name) for name in after}
    return Change("node", run.key, before, after, course.index, (("drupal", "run", run.key),))


def text(desk: Desk, key: str | None, value: Any) -> Change:
    return _node_change(desk, key, lambda node: {"short_description": value or _again(node.short_description)})


def course_title(desk: Desk, key: str | None, value: Any) -> Change:
    return _node_change(desk, key, lambda node: {"title": value or _again(node.title)})


def unpublish(desk: Desk, key: str | None, value: Any) -> Change:
    return _node_change(desk, key, lambda node: {"published": not node.published if value is None else not value})


def new_run(desk: Desk, key: str | None, value: Any) -> Change:
    """A re-run: Studio, Otto and the marketing site all speak of it."""
    from campus.generate import courses  # noqa: PLC0415

    course = desk.course(key)
    run = courses.new_run(desk.world.spec, course)
    told = tuple((source, "run", run.key) for source in ("studio", "otto", "drupal"))
    return Change("new_run", course.key, {}, {}, course.index, told)


def _other(desk: Desk, kind: str, fact: Any, after: dict[str, Any], *told: tuple[str, str, str]) -> Change:
    address = fact.short_name if kind == "organization" else fact.uuid
    return Change(kind, address, {name: getattr(fact, name) for name in after}, after, None, told)


def _organization(desk: Desk, key: str | None) -> Any:
    world = desk.world
    organization = (
        world.organization(key) if key else world.organization_at(desk.draw.randrange(world.organization_count))
    )
    if organization is None:
        raise CannotEdit(f"no organization {key!r}")
    return organization


def organization(desk: Desk, key: str | None, value: Any) -> Change:
    fact = _organization(desk, key)
    return _other(
        desk, "organization", fact, {"name": value or _again(fact.name)}, ("studio", "organization", fact.short_name)
    )


def school(desk: Desk, key: str | None, value: Any) -> Change:
    fact = _organization(desk, key)
    after = {"school_name": value or _again(fact.school_name)}
    return _other(desk, "organization", fact, after, ("drupal", "organization", fact.short_name))


def person(desk: Desk, key: str | None, value: Any) -> Change:
    fact = desk.world.person(desk.slot("person", key, desk.world.spec.people))
    return _other(
        desk, "person", fact, {"title": value or _again(fact.title or "Professor")}, ("drupal", "person", fact.uuid)
    )


def subject(desk: Desk, key: str | None, value: Any) -> Change:
    fact = desk.world.subject(desk.slot("subject", key, desk.world.spec.subjects))
    return _other(desk, "subject", fact, {"title": value or _again(fact.title)}, ("drupal", "subject", fact.uuid))


def sponsor(desk: Desk, key: str | None, value: Any) -> Change:
    fact = desk.world.sponsor(desk.slot("sponsor", key, desk.world.spec.sponsors))
    return _other(desk, "sponsor", fact, {"title": value or _again(fact.title)}, ("drupal", "organization", fact.slug))


def _program(desk: Desk, key: str | None) -> Any:
    return desk.world.program(desk.slot("program", key, desk.world.spec.programs))


def program(desk: Desk, key: str | None, value: Any) -> Change:
    fact = _program(desk, key)
    return _other(desk, "program", fact, {"name": value or _again(fact.name)}, ("programs", "program", fact.uuid))


def xseries(desk: Desk, key: str | None, value: Any) -> Change:
    """The marketing site's page of a program, whose overview changes."""
    fact = _program(desk, key)
    after = {"overview": f"<p>{value}</p>" if value else fact.overview + "\n<p>Now with more practice.</p>"}
    return _other(desk, "program", fact, after, ("drupal", "program", fact.node_uuid))


EDITS: dict[str, Callable[[Desk, str | None, Any], Change]] = {
    make.__name__: make
    for make in (
        title, about, dates, pacing, hide, vanish, retire, new_run, price, entitlement, text, course_title, unpublish,
        program, xseries, organization, school, person, subject, sponsor,
    )
}  # fmt: skip
