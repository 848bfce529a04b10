"""Listings of nouns that can only be listed: a complete walk, count agreeing and no page failed, replaces the set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.domain.keys import Ref, normal
from chalicelib.domain.record import GONE, digest_of
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.sources.base import Found, Noun
from chalicelib.services.ports import Records
from chalicelib.services.reading import Patience, Reader

Progress = Callable[[int, int | None], None]
"""Told after every page: how many elements so far, how many the source says there are."""
PAGE = 1000


def _silent(seen: int, count: int | None) -> None: ...


@dataclass
class Walk:
    """A walk from the first page to the last, under the ticket of its first page."""

    reader: Reader
    noun: Noun
    elements: list[Found] = field(default_factory=list)
    ticket: int = 0
    count: int | None = None
    unreadable: int = 0

    @property
    def complete(self) -> bool:
        """Whether it saw everything: as many as were counted, none unreadable, none twice because pages shifted."""
        seen = {(normal(self.noun.kind, f.key), digest_of(f.payload)) for f in self.elements}
        counted = self.count is None or len(self.elements) == self.count
        return counted and not self.unreadable and len(seen) == len(self.elements)

    @property
    def sightings(self) -> list[Sighting]:
        """One per key; where a source tells of one key in several elements, their list is the record."""
        by_key: dict[str, list[Found]] = {}
        for found in self.elements:
            by_key.setdefault(normal(self.noun.kind, found.key), []).append(found)
        joined = (_joined(self.noun, found) for found in by_key.values())
        return [self.reader.sighting(self.noun, found, self.ticket) for found in joined]


def _joined(noun: Noun, found: list[Found]) -> Found:
    return Found(found[0].key, [f.payload for f in found]) if noun.several else found[0]


def walk(reader: Reader, noun: Noun, *, patience: Patience, progress: Progress = _silent) -> Walk:
    """Walk everything. Raises SourceBusy, UnreadablePayload, NotThere: then nothing is as it should not be."""
    done = Walk(reader, noun)
    for page, ticket in reader.walk(noun, patience):
        done.ticket = done.ticket or ticket
        done.count = page.count if done.count is None else done.count
        done.unreadable += page.unreadable
        done.elements += page.found
        progress(len(done.elements), page.count)
    return done


def settled(done: Walk, *, records: Records) -> list[Sighting]:
    """All that a walk says: what it saw and, if it was complete, absences of what was ever listed and is no more.

    What is listed is remembered before it is stored, so that no crash makes us forget to look for it; and never
    forgotten, so that walks side by side cannot make each other's findings vanish from memory.
    """
    tenant, sightings = done.reader.tenant.code, done.sightings
    known = _members(done, records)
    present = {s.ref for s in sightings}
    if new := present - known:
        records.put_edges(tenant, [(_list(done), ref, done.ticket) for ref in sorted(new)])
    missing = known - present if done.complete else set()
    heads = records.heads(tenant, missing) if missing else {}
    name = f"{done.reader.source.name}#{done.noun.thing}"
    gone = [ref for ref, head in heads.items() if name in head.marks and head.marks[name].state != GONE]
    return sightings + [_absence(done, ref) for ref in sorted(gone)]


def _list(done: Walk) -> Ref:
    return Ref("listing", f"{done.reader.source.name} {done.noun.thing}")


def _members(done: Walk, records: Records) -> set[Ref]:
    """Everything that a walk of this listing ever saw."""
    found: set[Ref] = set()
    after = ""
    while True:
        page, after = records.embedded_by(done.reader.tenant.code, _list(done), after, PAGE)
        found |= set(page)
        if not after:
            return found


def _absence(done: Walk, ref: Ref) -> Sighting:
    noun, reader = done.noun, done.reader
    return Sighting(
        ref.kind, ref.key, reader.source.name, noun.thing, noun.version, None, done.ticket, reader.clock(), final=True
    )
