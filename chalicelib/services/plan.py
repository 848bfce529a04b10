"""The plan of one write: what a batch of sightings does to heads, records and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.domain.change import Change
from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Aggregate, Head, Record, next_revision
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.store import Claim, HeadWrite, Replaced, Unit

MOST_ITEMS = 100
"""Items that one transaction holds."""


@dataclass
class Stored:
    """What came of sightings: changes announced, how many sightings brought something new, what to look at again.

    ``first_seen``: a source told of something for the first time. ``first_missed``: it had it until now.
    """

    changes: list[Change] = field(default_factory=list)
    changed: int = 0
    first_seen: int = 0
    first_missed: int = 0
    look_again: list[Sighting] = field(default_factory=list)

    def add(self, other: Stored) -> None:
        """Take another batch's outcome into this one."""
        self.changes += other.changes
        self.changed += other.changed
        self.first_seen += other.first_seen
        self.first_missed += other.first_missed
        self.look_again += other.look_again


@dataclass
class Draft:
    """One aggregate while a plan is made: what was seen, what it becomes, and what to tell of it once it is written."""

    ref: Ref
    seen: Head
    head: Head
    records: dict[str, Record]
    written: dict[str, Record] = field(default_factory=dict)
    replaced: list[Replaced] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    changed: bool = False
    sightings: list[Sighting] = field(default_factory=list)
    tied: set[Ref] = field(default_factory=set)
    """What must be written in the same transaction: a link has two ends."""
    unfinished: bool = False
    """Only some of its links fit: its sightings come again when these are written."""
    came: Stored = field(default_factory=Stored)

    @property
    def touched(self) -> bool:
        return self.head is not self.seen

    def put(self, record: Record, who: str, cause: str) -> None:
        """Let a record take the place of what was there."""
        before = self.records.get(record.name)
        if before is not None and record.name not in self.written:
            self.replaced.append(Replaced(before, who, cause))
        self.records[record.name] = self.written[record.name] = record

    def leave_for_later(self, head: Head) -> None:
        """Write only this head now, nothing of what was seen."""
        self.head, self.changed, self.unfinished = head, False, True
        self.written, self.replaced, self.claims = {}, [], []

    def write(self, revision: int, cause: str) -> HeadWrite:
        """This aggregate's part of the transaction; ``cause`` empty: nobody is told."""
        moved = replace(
            self.head,
            lock=self.seen.lock + 1,
            revision=revision if self.changed else self.seen.revision,
        )
        return HeadWrite(
            ref=self.ref,
            seen=self.seen,
            head=moved,
            records=tuple(self.written.values()),
            replaced=tuple(self.replaced),
            cause=cause if self.changed else "",
        )


class Plan:
    """Drafts by Ref, made of aggregates as they were read."""

    def __init__(self, aggregates: Mapping[Ref, Aggregate]) -> None:
        self.drafts = {ref: _draft(aggregate) for ref, aggregate in aggregates.items()}

    def draft(self, of: Ref) -> Draft:
        """The draft of a Ref; an empty one where nothing was known."""
        if of not in self.drafts:
            self.drafts[of] = _draft(Aggregate(of))
        return self.drafts[of]

    def tie(self, one: Draft, other: Draft) -> None:
        """Both are written together or not at all."""
        one.tied.add(other.ref)
        other.tied.add(one.ref)

    def units(self, now: int, cause: str) -> list[tuple[Unit, list[Draft]]]:
        """What must be written together, with the drafts it is made of."""
        left = {ref: draft for ref, draft in self.drafts.items() if draft.touched}
        groups = []
        while left:
            first = next(iter(left))
            groups.append([left.pop(ref) for ref in self._reached(first, left)])
        return [(_unit(drafts, now, cause), drafts) for drafts in groups]

    def _reached(self, first: Ref, among: Mapping[Ref, Draft]) -> list[Ref]:
        """Everything tied to it, over any number of ties."""
        found, waiting = {first: None}, [first]
        while waiting:
            for ref in sorted(among[waiting.pop()].tied):
                if ref in among and ref not in found:
                    found[ref] = None
                    waiting.append(ref)
        return list(found)


def _draft(aggregate: Aggregate) -> Draft:
    return Draft(aggregate.ref, aggregate.head, aggregate.head, {r.name: r for r in aggregate.records})


def _unit(drafts: list[Draft], now: int, cause: str) -> Unit:
    """All that changed in a unit gets one revision, above any it had: links may move between its things."""
    revision = next_revision(max(d.seen.revision for d in drafts), now)
    announced = {d.ref: cause if d.ref.kind != "run" else "" for d in drafts}
    return Unit(
        writes=tuple(d.write(revision, announced[d.ref]) for d in drafts),
        claims=tuple(claim for d in drafts for claim in d.claims),
    )


def items(unit: Unit) -> int:
    """How many items its transaction writes."""
    return sum(1 + len(w.records) + len(w.replaced) for w in unit.writes) + len(unit.claims)


def sightings_of(drafts: Iterable[Draft]) -> list[Sighting]:
    """The sightings behind drafts that were not written: to be planned again from what is there then."""
    return [sighting for draft in drafts for sighting in draft.sightings]


def halves(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """Two parts of what does not fit into one transaction; sightings of one thing stay together."""
    refs = list(dict.fromkeys(s.ref for s in sightings))
    first = set(refs[: len(refs) // 2])
    if not first:
        raise ValueError(f"one thing alone fills a transaction: {refs[0]}")
    return [[s for s in sightings if s.ref in first], [s for s in sightings if s.ref not in first]]
