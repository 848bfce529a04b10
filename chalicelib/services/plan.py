"""The plan of one write: what a batch of sightings does to heads, records and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Aggregate, Head, Record, next_revision
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.store import Claim, HeadWrite, Replaced, Unit


@dataclass
class Draft:
    """One aggregate while a plan is made: what was seen, what it becomes."""

    ref: Ref
    seen: Head
    head: Head
    records: dict[str, Record]
    written: dict[str, Record] = field(default_factory=dict)
    replaced: list[Replaced] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    changed: bool = False
    sightings: list[Sighting] = field(default_factory=list)
    look_again: list[Sighting] = field(default_factory=list)
    written_with: Ref | None = None
    """Whose transaction this belongs to: its own unless a link ties it to another thing's."""

    @property
    def touched(self) -> bool:
        return self.head is not self.seen

    def put(self, record: Record, who: str, cause: str) -> None:
        """Let a record take the place of what was there."""
        before = self.records.get(record.name)
        if before is not None and record.name not in self.written:
            self.replaced.append(Replaced(before, who, cause))
        self.records[record.name] = self.written[record.name] = record

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

    def units(self, now: int, cause: str) -> list[Unit]:
        """What must be written together: a course with its runs that changed; everything else alone."""
        groups: dict[Ref, list[Draft]] = {}
        for draft in self.drafts.values():
            if draft.touched:
                groups.setdefault(draft.written_with or draft.ref, []).append(draft)
        return [_unit(drafts, now, cause) for drafts in groups.values()]


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


def sightings_of(plan: Plan, units: Iterable[Unit]) -> list[Sighting]:
    """The sightings behind units that could not be written: to be planned again from what is there now."""
    return [s for unit in units for write in unit.writes for s in plan.draft(write.ref).sightings]
