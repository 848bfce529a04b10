"""Putting edits on top of facts: what the ledger says, written into copies of the generated values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from campus.facts import Course, Run, Seat
from campus.generate import courses
from campus.ledger import Entry
from campus.spec import Spec

F = TypeVar("F")
_INSTANTS = {"start", "end", "enrollment_start", "enrollment_end", "upgrade_deadline"}


def apply(fact: F, fields: dict[str, Any]) -> F:
    """A copy with these fields, read back from what JSON can hold."""
    return replace(fact, **{name: _value(name, value) for name, value in fields.items()}) if fields else fact  # type: ignore[type-var]


def course(spec: Spec, base: Course, entries: Iterable[Entry]) -> Course:
    """The course after its edits, in their order."""
    for entry in entries:
        base = _EDITS[entry.entity](spec, base, entry)
    return base


def _value(name: str, value: Any) -> Any:
    if name in _INSTANTS and isinstance(value, str):
        return datetime.fromisoformat(value)
    return Decimal(str(value)) if name == "price" else value


def _new_run(spec: Spec, base: Course, entry: Entry) -> Course:
    return replace(base, runs=(*base.runs, courses.new_run(spec, base)))


def _run(spec: Spec, base: Course, entry: Entry) -> Course:
    return _with_run(base, entry.key, lambda run: apply(run, entry.fields))


def _node(spec: Spec, base: Course, entry: Entry) -> Course:
    return _with_run(base, entry.key, lambda run: replace(run, node=apply(run.node, entry.fields)) if run.node else run)


def _seat(spec: Spec, base: Course, entry: Entry) -> Course:
    key, kind = entry.key.rsplit("|", 1)
    return _with_run(base, key, lambda run: replace(run, seats=tuple(_one(seat, kind, entry) for seat in run.seats)))


def _one(seat: Seat, kind: str, entry: Entry) -> Seat:
    return apply(seat, entry.fields) if seat.type == kind and not seat.mobile else seat


def _entitlement(spec: Spec, base: Course, entry: Entry) -> Course:
    return replace(base, entitlement=apply(base.entitlement, entry.fields)) if base.entitlement else base


def _with_run(base: Course, key: str, change: Any) -> Course:
    return replace(base, runs=tuple(change(run) if _same(run, key) else run for run in base.runs))


def _same(run: Run, key: str) -> bool:
    return run.key.lower() == key.lower()


_EDITS = {"new_run": _new_run, "run": _run, "node": _node, "seat": _seat, "entitlement": _entitlement}
