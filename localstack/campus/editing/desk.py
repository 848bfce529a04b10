"""The desk where edits are made: finds what can be edited, writes down what changes and who will announce it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
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
        if not uuid and count:
            return self.draw.randrange(count)
        n = self.world.slot(kind, uuid or "", count)
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


def again(text: str) -> str:
    """The same text in its next edition."""
    head, mark, tail = text.rpartition(" (edition ")
    if mark and tail.rstrip(")").isdecimal():
        return f"{head} (edition {int(tail.rstrip(')')) + 1})"
    return f"{text} (edition 2)"


def worded(value: Any, otherwise: str) -> str:
    """The text asked for; numbers from a command line are texts too."""
    return str(value) if value else otherwise


def plain(value: Any) -> Any:
    """A value as JSON and the ledger hold it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
