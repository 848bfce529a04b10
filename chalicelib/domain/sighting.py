"""Sightings: what one answer of a source does to the mark of its record. Newest wins, by ticket and not by clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.record import GONE, PRESENT, SUSPECT, Head, Mark, Record, digest_of

SECOND_LOOK_MS = 15 * 60 * 1000
"""A 404 means retired only if it is still one this long after the first."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One source's answer about one key: its element, or None where it said that there is none.

    ``key`` in the source's spelling, ``ticket`` drawn before the read, ``read_at`` ms. ``final``: the absence needs no
    second look (a complete walk of a noun that can only be listed).
    """

    kind: str
    key: str
    source: str
    thing: str
    version: int
    payload: Any
    ticket: int
    read_at: int
    final: bool = False
    over: int | None = None
    """An editor's compare-and-set: the ticket that the record must still have."""

    @property
    def ref(self) -> Ref:
        """Whose record it becomes; raises InvalidKey."""
        return ref(self.kind, self.key)

    @property
    def name(self) -> str:
        return f"{self.source}#{self.thing}"

    @property
    def absent(self) -> bool:
        return self.payload is None

    def as_record(self, digest: str) -> Record:
        """The record that this answer makes."""
        return Record(self.source, self.thing, self.version, self.payload, self.ticket, self.read_at, digest)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a sighting does: the new head, a record to write, whether views may change, whether to look again."""

    head: Head
    record: Record | None = None
    changed: bool = False
    look_again: bool = False


def effect(head: Head, sighting: Sighting, *, may_retire: bool = True) -> Effect | None:
    """Apply a sighting to a head; None when an answer at least as new was there before."""
    mark = head.marks.get(sighting.name, Mark(0, 0))
    if mark.ticket >= sighting.ticket:
        return None
    seen = replace(mark, ticket=sighting.ticket, read_at=sighting.read_at)
    if sighting.absent:
        return _absent(head, sighting, seen, may_retire=may_retire)
    return _present(head, sighting, seen)


def _present(head: Head, sighting: Sighting, mark: Mark) -> Effect:
    digest = digest_of(sighting.payload)
    same = digest == mark.digest and sighting.version == mark.version
    back = mark.state == GONE
    new = replace(mark, digest=digest, version=sighting.version, state=PRESENT, missed_at=0)
    record = None if same else sighting.as_record(digest)
    return Effect(_marked(head, sighting.name, new), record, changed=back or not same)


def _absent(head: Head, sighting: Sighting, mark: Mark, *, may_retire: bool) -> Effect:
    if not mark.digest:
        return Effect(_marked(head, sighting.name, mark))
    if mark.state == GONE:
        return Effect(_marked(head, sighting.name, mark))
    missed_at = mark.missed_at or sighting.read_at
    second = mark.state == SUSPECT and sighting.read_at - missed_at >= SECOND_LOOK_MS
    if sighting.final or (second and may_retire):
        return Effect(_marked(head, sighting.name, replace(mark, state=GONE, missed_at=missed_at)), changed=True)
    new = replace(mark, state=SUSPECT, missed_at=missed_at)
    return Effect(_marked(head, sighting.name, new), look_again=True)


def _marked(head: Head, name: str, mark: Mark) -> Head:
    return replace(head, marks={**head.marks, name: mark})
