"""Merging what the records of a thing say, field by field, by the table of owners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.merging.owners import EDITED, EXISTENCE, MINTED, ranked
from chalicelib.domain.record import Aggregate, Record
from chalicelib.domain.sources import SOURCES
from chalicelib.domain.sources.base import Says, Source

COURSE = "course."


@dataclass(frozen=True, slots=True)
class Voice:
    """One record speaking: who it is (``source#thing``) and the fields it says."""

    name: str
    says: Says

    @property
    def source(self) -> str:
        return self.name.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Merged:
    """The fields of a thing and, for each, the record that won it."""

    values: Mapping[str, Any] = field(default_factory=dict)
    winners: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, otherwise: Any = None) -> Any:
        """The field's value; ``otherwise`` when nobody says it or its owner says null."""
        value = self.values.get(name)
        return otherwise if value is None else value


def voices(thing: Aggregate, sources: Mapping[str, Source] = SOURCES) -> tuple[Voice, ...]:
    """The records that count, by name, each in its latest shape; empty ones and foreign ones say nothing."""
    spoken = (Voice(r.name, _says(thing, r, sources)) for r in _counting(thing))
    return tuple(voice for voice in spoken if voice.says)


def exists(thing: Aggregate) -> bool:
    """Whether any source ever said anything of it; that we minted an identity makes no course and no run."""
    own = frozenset({MINTED}) if thing.ref.kind in {"course", "run"} else frozenset()
    return any(record.payload and record.name not in own for record in thing.records)


def retired(thing: Aggregate) -> bool:
    """Whether the source that decides of its existence said twice that it is no more."""
    return (owner := _keeper(thing)) is not None and thing.is_gone(owner)


def merge(kind: str, publisher: bool, spoken: Sequence[Voice]) -> Merged:
    """Each field from the best-ranked voice that says it; of equally ranked ones the earlier in ``spoken``."""
    names = sorted({name for voice in spoken for name in voice.says})
    won = {name: winner for name in names if (winner := _winner(kind, publisher, name, spoken))}
    return Merged({n: v.says[n] for n, v in won.items()}, {n: v.name for n, v in won.items()})


def of_course(spoken: Iterable[Voice]) -> tuple[Voice, ...]:
    """What a run's records say of the course: their ``course.x`` as ``x``."""
    told = ((v.name, {n.removeprefix(COURSE): x for n, x in v.says.items() if n.startswith(COURSE)}) for v in spoken)
    return tuple(Voice(name, says) for name, says in told if says)


def merged(thing: Aggregate, publisher: bool, sources: Mapping[str, Source] = SOURCES) -> Merged:
    """A thing's own fields, without what its records say of others."""
    own = (Voice(v.name, {n: x for n, x in v.says.items() if not n.startswith(COURSE)}) for v in voices(thing, sources))
    return merge(thing.ref.kind, publisher, tuple(own))


def _winner(kind: str, publisher: bool, name: str, spoken: Sequence[Voice]) -> Voice | None:
    saying = [voice for voice in spoken if name in voice.says]
    owners = ranked(kind, name, publisher)
    if owners is None:
        owners = (EDITED, *sorted(v.source for v in saying if v.name != MINTED), MINTED)
    return next((v for owner in owners for v in saying if owner in {v.name, v.source}), None)


def _counting(thing: Aggregate) -> list[Record]:
    keeper = _keeper(thing)
    counting = (r for r in thing.records if r.name == keeper or not thing.is_gone(r.name))
    return sorted(counting, key=lambda r: r.name)


def _keeper(thing: Aggregate) -> str | None:
    marks = thing.head.marks
    return next((n for n in EXISTENCE.get(thing.ref.kind, ()) if n in marks and marks[n].digest), None)


def _says(thing: Aggregate, record: Record, sources: Mapping[str, Source]) -> Says:
    source = sources.get(record.source)
    noun = (
        next((n for n in source.nouns if (n.thing, n.kind) == (record.thing, thing.ref.kind)), None) if source else None
    )
    if noun is None or not record.payload:
        return {}
    return noun.says(noun.migrate(record.version, record.payload))
