"""Ingest: sightings become records, heads and links in transactions; what changed is announced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.domain.change import Change
from chalicelib.domain.keys import Ref, course_of, ref
from chalicelib.domain.links import course_of_run, courses_of_program
from chalicelib.domain.record import PRESENT, Aggregate, Head, Mark, digest_of
from chalicelib.domain.sighting import Sighting, effect
from chalicelib.domain.store import Conflict, HeadWrite, Unit
from chalicelib.services.mint import mint
from chalicelib.services.plan import Draft, Plan, sightings_of
from chalicelib.services.ports import Announce, Clock, Records
from chalicelib.services.tell import tell

RUNS_PER_ROUND = 20
"""Runs of one course written in one transaction: three items each, and a transaction holds a hundred."""
ATTEMPTS = 12


@dataclass
class Stored:
    """What a batch did: changes announced, things that changed, things never seen before, keys to look at again."""

    changes: list[Change] = field(default_factory=list)
    changed: int = 0
    first_seen: int = 0
    look_again: list[Sighting] = field(default_factory=list)

    def add(self, other: Stored) -> None:
        """Take another batch's outcome into this one."""
        self.changes += other.changes
        self.changed += other.changed
        self.first_seen += other.first_seen
        self.look_again += other.look_again


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
    stored = Stored()
    for batch in _rounds(sightings):
        pending: Sequence[Sighting] = batch
        for _ in range(ATTEMPTS):
            plan = _plan(tenant, pending, records=records, cause=cause, who=who, may_retire=may_retire)
            units = plan.units(clock(), cause)
            failed = records.commit(tenant, units)
            _account(plan, [u for u in units if u not in failed], stored)
            _announce(tenant, units, failed, stored, records=records, announce=announce)
            pending = sightings_of(plan, failed)
            if not failed:
                break
        else:
            raise Conflict(f"{len(pending)} things of {tenant} were written by others {ATTEMPTS} times in a row")
    return stored


def _rounds(sightings: Sequence[Sighting]) -> Iterable[list[Sighting]]:
    """Batches in which no course has more runs than fit into one transaction."""
    pending = list(sightings)
    while pending:
        taken: dict[Ref, set[Ref]] = {}
        now: list[Sighting] = []
        later: list[Sighting] = []
        for sighting in pending:
            runs = taken.setdefault(_transaction_of(sighting), set())
            fits = sighting.ref in runs or len(runs) < RUNS_PER_ROUND
            runs.add(sighting.ref) if fits else None
            (now if fits else later).append(sighting)
        yield now
        pending = later


def _transaction_of(sighting: Sighting) -> Ref:
    return course_of(sighting.key) if sighting.kind == "run" else sighting.ref


def _plan(
    tenant: str,
    sightings: Sequence[Sighting],
    *,
    records: Records,
    cause: str,
    who: str,
    may_retire: bool,
) -> Plan:
    plan = Plan(_known(tenant, sightings, records))
    for sighting in sightings:
        draft = plan.draft(sighting.ref)
        draft.sightings.append(sighting)
        _apply(draft, sighting, cause=cause, who=who, may_retire=may_retire)
    for draft in plan.drafts.copy().values():
        _link(plan, draft)
    mint(tenant, plan, sightings, records=records)
    return plan


def _account(plan: Plan, written: Sequence[Unit], stored: Stored) -> None:
    """Count what was written, once, however many attempts it took."""
    for draft in [plan.draft(write.ref) for unit in written for write in unit.writes]:
        stored.changed += bool(draft.sightings) and draft.changed
        stored.first_seen += bool(draft.sightings) and draft.changed and not draft.seen.exists
        stored.look_again += draft.look_again


def _known(tenant: str, sightings: Sequence[Sighting], records: Records) -> Mapping[Ref, Aggregate]:
    """Aggregates of what was seen (only their heads where the answer brings nothing new) and of the runs' courses."""
    seen = {s.ref for s in sightings}
    courses = {course_of(r.key) for r in seen if r.kind == "run"}
    heads = dict(records.heads(tenant, seen | courses))
    linked = {ref("course", h.course) for h in heads.values() if h.course} - courses
    heads |= records.heads(tenant, linked) if linked else {}
    news = {s.ref for s in sightings if s.ref in heads and _brings_news(heads[s.ref], s)}
    full = records.records_of(tenant, {r: heads[r] for r in news}) if news else {}
    return {r: Aggregate(r, head, tuple(full.get(r, ()))) for r, head in heads.items()}


def _brings_news(head: Head, sighting: Sighting) -> bool:
    mark = head.marks.get(sighting.name, Mark(0, 0))
    if sighting.absent:
        return bool(mark.digest)
    return mark.state != PRESENT or mark.digest != digest_of(sighting.payload) or mark.version != sighting.version


def _apply(draft: Draft, sighting: Sighting, *, cause: str, who: str, may_retire: bool) -> None:
    """Let a sighting work on its draft; one that is not newer than what is known does nothing."""
    _check_editor(draft, sighting)
    result = effect(draft.head, sighting, may_retire=may_retire)
    if result is None:
        return
    draft.head = result.head
    if result.record is not None:
        draft.put(result.record, who, cause)
    if result.look_again:
        draft.look_again.append(sighting)
    draft.changed |= result.changed


def _check_editor(draft: Draft, sighting: Sighting) -> None:
    current = draft.head.marks.get(sighting.name, Mark(0, 0)).ticket
    if sighting.over is not None and sighting.over != current:
        raise Conflict(f"{sighting.kind} {sighting.key} is at revision {current}, the editor saw {sighting.over}")


def _link(plan: Plan, draft: Draft) -> None:
    if draft.changed and draft.ref.kind == "run":
        _link_run(plan, draft)
    elif draft.changed and draft.ref.kind == "program":
        _link_program(plan, draft)


def _link_run(plan: Plan, run: Draft) -> None:
    """A changed run raises its course; one that moved leaves the old one in the same transaction."""
    course = course_of_run(run.ref, tuple(run.records.values()))
    run.written_with = course
    before = run.head.course
    if before and before != course.key:
        old = plan.draft(ref("course", before))
        old.head = replace(old.head, runs=old.head.runs - {run.ref.key})
        old.changed, old.written_with = True, course
    run.head = replace(run.head, course=course.key)
    target = plan.draft(course)
    target.head = replace(target.head, runs=target.head.runs | {run.ref.key})
    target.changed = True


def _link_program(plan: Plan, program: Draft) -> None:
    """A program is noted at each course it lists, also at those that nobody has told of yet."""
    before = program.head.programs
    after = frozenset(c.key for c in courses_of_program(tuple(program.records.values())))
    program.head = replace(program.head, programs=after)
    for key in before ^ after:
        course = plan.draft(ref("course", key))
        programs = (
            course.head.programs | {program.ref.key} if key in after else course.head.programs - {program.ref.key}
        )
        course.head = replace(course.head, programs=programs)
        course.changed = True


def _announce(
    tenant: str,
    units: Sequence[Unit],
    failed: Sequence[Unit],
    stored: Stored,
    *,
    records: Records,
    announce: Announce,
) -> None:
    """Tell of what was written. What is not taken stays due and is told of later."""
    changes = [
        _change(tenant, unit, write) for unit in units if unit not in failed for write in unit.writes if write.cause
    ]
    tell(tenant, changes, records=records, announce=announce)
    stored.changes += changes


def _change(tenant: str, unit: Unit, write: HeadWrite) -> Change:
    behind = tuple(str(w.ref) for w in unit.writes if w.ref != write.ref and w.records)
    return Change(tenant, write.ref.kind, write.ref.key, write.head.revision, write.cause, behind)
