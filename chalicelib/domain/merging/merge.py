"""Merging what the records of a thing say, field by field, by the table of owners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from chalicelib.domain.memo import Memo
from chalicelib.domain.merging.owners import EDITED, EXISTENCE, MINTED, ranked
from chalicelib.domain.record import Aggregate, Record
from chalicelib.domain.sources import SOURCES
from chalicelib.domain.sources.base import Says, Source

COURSE = "course."
Fingerprint = tuple[str, frozenset[tuple[str, str]], tuple[tuple[str, int, str], ...]]


@dataclass(frozen=True, slots=True)
class Voice:
    """One record speaking: who it is (``source#thing``) and the fields it says."""

    name: str
    says: Says

    @property
    def source(self) -> str:
        return _source(self.name)


@dataclass(frozen=True, slots=True)
class Merged:
    """The fields of a thing and, for each, the record that won it."""

    values: Mapping[str, Any] = field(default_factory=dict)
    winners: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, otherwise: Any = None) -> Any:
        """The field's value; ``otherwise`` when nobody says it or its owner says null."""
        value = self.values.get(name)
        return otherwise if value is None else value


VOICES: Memo[tuple[Voice, ...]] = Memo(4_096)
MERGED: Memo[Merged] = Memo(4_096)
"""A course is gathered three times on its way to a view, and most of what it shows is shown by others too."""


def fingerprint(thing: Aggregate) -> Fingerprint | None:
    """All that decides what a thing's records say; None where a record does not know its digest."""
    records = tuple((r.name, r.version, r.digest) for r in thing.records)
    if not all(digest for _, _, digest in records):
        return None
    return thing.ref.kind, frozenset((name, mark.state) for name, mark in thing.head.marks.items()), records


def voices(thing: Aggregate, sources: Mapping[str, Source] = SOURCES) -> tuple[Voice, ...]:
    """The records that count, by name, each in its latest shape; empty ones and foreign ones say nothing."""
    return VOICES(fingerprint(thing) if sources is SOURCES else None, lambda: _voices(thing, sources))


def _voices(thing: Aggregate, sources: Mapping[str, Source]) -> tuple[Voice, ...]:
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
    saying: dict[str, list[Voice]] = {}
    for voice in spoken:
        for name in voice.says:
            saying.setdefault(name, []).append(voice)
    won = {name: winner for name in sorted(saying) if (winner := _winner(kind, publisher, name, saying[name]))}
    return Merged({n: v.says[n] for n, v in won.items()}, {n: v.name for n, v in won.items()})


def of_course(spoken: Iterable[Voice]) -> tuple[Voice, ...]:
    """What a run's records say of the course: their ``course.x`` as ``x``."""
    told = ((v.name, {n.removeprefix(COURSE): x for n, x in v.says.items() if n.startswith(COURSE)}) for v in spoken)
    return tuple(Voice(name, says) for name, says in told if says)


def merged(thing: Aggregate, publisher: bool, sources: Mapping[str, Source] = SOURCES) -> Merged:
    """A thing's own fields, without what its records say of others."""
    known = fingerprint(thing) if sources is SOURCES else None
    return MERGED(known and ("own", publisher, known), lambda: _merged(thing, publisher, sources))


def told(thing: Aggregate, publisher: bool) -> Merged:
    """All that a thing's records say, also what they say of others."""
    known = fingerprint(thing)
    question = known and ("all", publisher, known)
    return MERGED(question, lambda: merge(thing.ref.kind, publisher, voices(thing)))


def _merged(thing: Aggregate, publisher: bool, sources: Mapping[str, Source]) -> Merged:
    own = (Voice(v.name, {n: x for n, x in v.says.items() if not n.startswith(COURSE)}) for v in voices(thing, sources))
    return merge(thing.ref.kind, publisher, tuple(own))


def _winner(kind: str, publisher: bool, name: str, saying: Sequence[Voice]) -> Voice | None:
    owners = ranked(kind, name, publisher)
    if owners is None:
        owners = (EDITED, *sorted(v.source for v in saying if v.name != MINTED), MINTED)
    for owner in owners:
        for voice in saying:
            if owner in (voice.name, voice.source):
                return voice
    return None


@cache
def _source(name: str) -> str:
    return name.partition("#")[0]


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
