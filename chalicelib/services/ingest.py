"""Ingest: sightings become records, heads and links in transactions; what changed is announced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.change import Change
from chalicelib.domain.keys import Ref, course_of
from chalicelib.domain.record import PRESENT, SUSPECT, Aggregate, Head, Mark, digest_of
from chalicelib.domain.sighting import Effect, Sighting, effect
from chalicelib.domain.store import Conflict, HeadWrite, Unit
from chalicelib.services.link import ends, link
from chalicelib.services.mint import mint
from chalicelib.services.plan import MOST_ITEMS, Draft, Plan, Stored, halves, items, sightings_of
from chalicelib.services.ports import Announce, Clock, Records
from chalicelib.services.tell import tell

ATTEMPTS = 12


def ingest(
    tenant: str,
    sightings: Sequence[Sighting],
    *,
    records: Records,
    announce: Announce,
    clock: Clock,
    cause: str,
    who: str = "",
    may_retire: bool = True,
) -> Stored:
    """Store what was seen and announce what changed. Raises Conflict when others kept winning, Unavailable.

    Any order and any number of repetitions end in the same state: the newest ticket per record wins.
    """
    batch = _Batch(tenant, records, announce, clock, cause, who, may_retire)
    stored = Stored()
    waiting = [list(sightings)] if sightings else []
    while waiting:
        waiting += batch.write(waiting.pop(0), stored)
    return stored


@dataclass(frozen=True, slots=True)
class _Batch:
    """What every round of one ingest works with."""

    tenant: str
    records: Records
    announce: Announce
    clock: Clock
    cause: str
    who: str
    may_retire: bool

    def write(self, sightings: Sequence[Sighting], stored: Stored) -> list[list[Sighting]]:
        """Write what fits until nothing conflicts; returns the sightings that have to go in rounds of their own."""
        later: list[list[Sighting]] = []
        pending = sightings
        for _ in range(ATTEMPTS):
            plan = self._plan(pending)
            units = plan.units(self.clock(), self.cause)
            for unit, drafts in units:
                later += halves(sightings_of(drafts)) if items(unit) > MOST_ITEMS else []
            pending = self._commit([pair for pair in units if items(pair[0]) <= MOST_ITEMS], stored, later)
            if not pending:
                return later
        raise Conflict(f"{len(pending)} things of {self.tenant} were written by others {ATTEMPTS} times in a row")

    def _commit(
        self, fitting: list[tuple[Unit, list[Draft]]], stored: Stored, later: list[list[Sighting]]
    ) -> list[Sighting]:
        """Write, count and announce; returns the sightings of what met a conflict."""
        units = [unit for unit, _ in fitting]
        failed = {id(unit) for unit in self.records.commit(self.tenant, units)} if units else set()
        for unit, drafts in fitting:
            for draft in drafts if id(unit) not in failed else ():
                if draft.unfinished:
                    later.append(draft.sightings)
                else:
                    stored.add(draft.came)
        changes = _changes(self.tenant, [unit for unit in units if id(unit) not in failed])
        tell(self.tenant, changes, records=self.records, announce=self.announce)
        stored.changes += changes
        return [s for unit, drafts in fitting if id(unit) in failed for s in sightings_of(drafts)]

    def _plan(self, sightings: Sequence[Sighting]) -> Plan:
        plan = Plan(_known(self.tenant, sightings, self.records))
        for sighting in sightings:
            self._apply(plan.draft(sighting.ref), sighting)
        changed = [draft for draft in plan.drafts.values() if draft.changed]
        self._read_heads(plan, {end for draft in changed for end in ends(draft)})
        for draft in changed:
            link(plan, draft)
        mint(self.tenant, plan, records=self.records)
        return plan

    def _read_heads(self, plan: Plan, refs: set[Ref]) -> None:
        """Heads of what a link leads to; of what was seen they were read already."""
        missing = refs - plan.drafts.keys()
        if missing:
            found = self.records.heads(self.tenant, missing)
            plan.drafts |= Plan({ref: Aggregate(ref, head) for ref, head in found.items()}).drafts

    def _apply(self, draft: Draft, sighting: Sighting) -> None:
        """Let a sighting work on its draft, and count what it did."""
        _check_editor(draft, sighting)
        draft.sightings.append(sighting)
        before = draft.head.marks.get(sighting.name, Mark(0, 0))
        result = effect(draft.head, sighting, may_retire=self.may_retire)
        if result is None:
            return
        draft.head = result.head
        if result.record is not None:
            draft.put(result.record, self.who, self.cause)
        draft.changed |= result.changed
        _count(draft.came, sighting, before, result)


def _count(came: Stored, sighting: Sighting, before: Mark, result: Effect) -> None:
    came.changed += result.changed
    came.first_seen += not before.digest and result.record is not None
    came.first_missed += before.state == PRESENT and result.head.marks[sighting.name].state == SUSPECT
    came.look_again += [sighting] if result.look_again else []


def _known(tenant: str, sightings: Sequence[Sighting], records: Records) -> Mapping[Ref, Aggregate]:
    """Aggregates of what was seen (only their heads where the answer brings nothing new) and of the runs' courses."""
    seen = {s.ref for s in sightings}
    heads = records.heads(tenant, seen | {course_of(r.key) for r in seen if r.kind == "run"})
    news = {s.ref for s in sightings if s.ref in heads and _brings_news(heads[s.ref], s)}
    full = records.records_of(tenant, {r: heads[r] for r in news}) if news else {}
    return {r: Aggregate(r, head, tuple(full.get(r, ()))) for r, head in heads.items()}


def _brings_news(head: Head, sighting: Sighting) -> bool:
    mark = head.marks.get(sighting.name, Mark(0, 0))
    if mark.ticket >= sighting.ticket:
        return False
    if sighting.absent:
        return bool(mark.digest)
    return mark.state != PRESENT or mark.digest != digest_of(sighting.payload) or mark.version != sighting.version


def _check_editor(draft: Draft, sighting: Sighting) -> None:
    """An editor's compare-and-set: the record is still the one that was seen, and this edit is newer."""
    current = draft.head.marks.get(sighting.name, Mark(0, 0)).ticket
    if sighting.over is not None and (sighting.over != current or sighting.ticket <= current):
        raise Conflict(f"{sighting.kind} {sighting.key} is at revision {current}, the editor saw {sighting.over}")


def _changes(tenant: str, units: Sequence[Unit]) -> list[Change]:
    return [
        Change(tenant, write.ref.kind, write.ref.key, write.head.revision, write.cause, _behind(unit, write))
        for unit in units
        for write in unit.writes
        if write.cause
    ]


def _behind(unit: Unit, write: HeadWrite) -> tuple[str, ...]:
    """The records' owners behind a course's change: its runs, also those that left, and programs that list it."""
    if write.ref.kind != "course":
        return ()
    return tuple(str(w.ref) for w in unit.writes if w.records and write.ref.key in _courses(w))


def _courses(write: HeadWrite) -> frozenset[str]:
    linked = frozenset({write.head.course, write.seen.course})
    return linked | (write.head.programs ^ write.seen.programs if write.ref.kind == "program" else frozenset())
