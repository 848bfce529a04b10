"""Records and what is due, in memory: the same conditions and transactions as in DynamoDB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.change import OWN, Change
from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Aggregate, Head, Record
from chalicelib.domain.store import (
    Claim,
    Due,
    DueAnnouncement,
    DueClock,
    DueRead,
    HeadWrite,
    HistoryEntry,
    Unit,
)
from tests.fakes.steps import Steps

GRACE_MS = 30_000
TRANSACTION_LIMIT = 100
DEPTH = {"program": 1, "pathway": 2}


@dataclass
class Kept:
    """A head with what it still has to announce: when, why, and the last change by own records that nobody told of."""

    head: Head
    due_at: int | None = None
    cause: str = ""
    owed: int = 0
    owed_cause: str = ""


class FakeRecords:
    """The Records port."""

    def __init__(self, steps: Steps, clock) -> None:
        self.steps, self.clock = steps, clock
        self.heads_kept: dict[tuple[str, Ref], Kept] = {}
        self.records_kept: dict[tuple[str, Ref, str], Record] = {}
        self.claims: dict[tuple[str, str, str, str], Ref] = {}
        self.edges: dict[tuple[str, Ref, Ref], int] = {}
        self.entries: dict[tuple[str, Ref], list[HistoryEntry]] = {}
        self.numbers: Counter[tuple[str, str]] = Counter()

    # ---- reading

    def heads(self, tenant: str, refs: Iterable[Ref]) -> dict[Ref, Head]:
        self.steps("records.heads")
        return {r: self.heads_kept[tenant, r].head for r in sorted(set(refs)) if (tenant, r) in self.heads_kept}

    def records_of(self, tenant: str, heads: Mapping[Ref, Head]) -> dict[Ref, list[Record]]:
        self.steps("records.records_of")
        return {ref: found for ref, head in heads.items() if (found := self._listed(tenant, ref, head))}

    def _listed(self, tenant: str, ref: Ref, head: Head) -> list[Record]:
        names = sorted(name for name, mark in head.marks.items() if mark.digest)
        return [self.records_kept[tenant, ref, n] for n in names if (tenant, ref, n) in self.records_kept]

    def aggregates(self, tenant: str, refs: Iterable[Ref]) -> dict[Ref, Aggregate]:
        wanted = list(dict.fromkeys(refs))
        heads = self.heads(tenant, wanted)
        records = self.records_of(tenant, heads) if heads else {}
        return {r: Aggregate(r, heads.get(r, Head()), tuple(records.get(r, ()))) for r in wanted}

    def look_up(self, tenant: str, kind: str, name: str, value: str) -> Ref | None:
        return self.holders(tenant, kind, name, [value]).get(value)

    def holders(self, tenant: str, kind: str, name: str, values: Iterable[str]) -> dict[str, Ref]:
        self.steps("records.holders")
        return {v: self.claims[k] for v in values if (k := (tenant, kind, name, v)) in self.claims}

    def history(self, tenant: str, ref: Ref, limit: int) -> list[HistoryEntry]:
        self.steps("records.history")
        return sorted(self.entries.get((tenant, ref), []), key=lambda e: e.revision, reverse=True)[:limit]

    def embedded_by(self, tenant: str, ref: Ref, after: str, limit: int) -> tuple[list[Ref], str]:
        self.steps("records.embedded_by")
        order = {f"{DEPTH.get(by.kind, 0)}{by}": by for t, of, by in self.edges if (t, of) == (tenant, ref)}
        names = sorted(name for name in order if name > after)
        page = names[:limit]
        return [order[name] for name in page], page[-1] if len(names) > limit else ""

    # ---- writing

    def commit(self, tenant: str, units: Sequence[Unit]) -> list[Unit]:
        """One step per unit: DynamoDB may have to write them one by one."""
        return [unit for unit in units if not self._commit(tenant, unit)]

    def _commit(self, tenant: str, unit: Unit) -> bool:
        self.steps("records.commit")
        _check(unit)
        seen = all(self._is_seen(tenant, w) for w in unit.writes)
        free = all(self.claims.get(_claim(tenant, c), c.ref) == c.ref for c in unit.claims)
        if not seen or not free:
            return False
        for write in unit.writes:
            self._write(tenant, write)
        self.claims |= {_claim(tenant, c): c.ref for c in unit.claims}
        return True

    def _is_seen(self, tenant: str, write: HeadWrite) -> bool:
        kept = self.heads_kept.get((tenant, write.ref))
        return (kept.head.lock if kept else 0) == write.seen.lock

    def _write(self, tenant: str, write: HeadWrite) -> None:
        kept = self.heads_kept.setdefault((tenant, write.ref), Kept(write.head))
        kept.head = write.head
        if write.cause:
            kept.due_at, kept.cause = self.clock() + GRACE_MS, write.cause
        if write.cause in OWN:
            kept.owed, kept.owed_cause = write.head.revision, write.cause
        self.records_kept |= {(tenant, write.ref, r.name): r for r in write.records}
        entries = self.entries.setdefault((tenant, write.ref), [])
        entries += [HistoryEntry(write.head.revision, replaced, self.clock()) for replaced in write.replaced]

    def number(self, tenant: str, kind: str, count: int = 1) -> int:
        self.steps("records.number")
        self.numbers[tenant, kind] += count
        return self.numbers[tenant, kind]

    # ---- announcing

    def announced(self, tenant: str, changes: Sequence[Change]) -> None:
        self.steps("records.announced")
        for change in changes:
            kept = self.heads_kept.get((tenant, change.ref))
            if kept is None:
                continue
            if change.cause in OWN and kept.owed <= change.revision:
                kept.owed, kept.owed_cause = 0, ""
            if kept.head.revision == change.revision and not kept.owed:
                kept.due_at, kept.cause = None, ""

    # ---- edges

    def put_edges(self, tenant: str, edges: Iterable[tuple[Ref, Ref, int]]) -> None:
        for embedded, by, revision in edges:
            self.steps("records.put_edges")
            self.edges[tenant, embedded, by] = revision

    def drop_edges(self, tenant: str, edges: Iterable[tuple[Ref, Ref, int]]) -> None:
        for embedded, by, revision in edges:
            self.steps("records.drop_edges")
            if self.edges.get((tenant, embedded, by), revision + 1) <= revision:
                del self.edges[tenant, embedded, by]


def _claim(tenant: str, claim: Claim) -> tuple[str, str, str, str]:
    return tenant, claim.ref.kind, claim.name, claim.value


def _check(unit: Unit) -> None:
    """What DynamoDB refuses outright: too many items, or the same item twice."""
    names = [f"head {w.ref}" for w in unit.writes] + [f"claim {_claim('', c)}" for c in unit.claims]
    names += [f"record {w.ref} {r.name}" for w in unit.writes for r in w.records]
    names += [f"history {w.ref} {w.head.revision} {r.record.name}" for w in unit.writes for r in w.replaced]
    if len(names) > TRANSACTION_LIMIT:
        raise ValueError(f"{len(names)} items in one transaction")
    if len(set(names)) < len(names):
        raise ValueError(f"an item twice in one transaction: {Counter(names).most_common(1)}")


class FakeDue:
    """The DueList port, over the same heads."""

    def __init__(self, steps: Steps, records: FakeRecords) -> None:
        self.steps, self.records = steps, records
        self.items: dict[tuple[str, ...], DueRead | DueClock] = {}

    def add(self, items: Iterable[DueRead | DueClock]) -> None:
        for item in items:
            self.steps("due.add")
            self.items[_place(item)] = item

    def at_latest(self, items: Iterable[DueRead | DueClock], now: int) -> None:
        for item in items:
            self.steps("due.at_latest")
            kept = self.items.get(_place(item))
            if kept is None or kept.at <= now or kept.at > item.at:
                self.items[_place(item)] = item

    def take(self, now: int, limit: int) -> list[Due]:
        self.steps("due.take")
        heads = [
            DueAnnouncement(tenant, ref, k.head.revision, k.owed_cause or k.cause, k.due_at)
            for (tenant, ref), k in self.records.heads_kept.items()
            if k.due_at is not None
        ]
        every: list[Due] = [*heads, *self.items.values()]
        return sorted((i for i in every if i.at <= now), key=lambda i: i.at)[:limit]

    def done(self, items: Iterable[DueRead | DueClock]) -> None:
        for item in items:
            self.steps("due.done")
            kept = self.items.get(_place(item))
            if kept is not None and kept.at == item.at:
                del self.items[_place(item)]

    def oldest(self, now: int) -> int:
        taken = self.take(now, 1)
        return now - taken[0].at if taken else 0


def _place(item: DueRead | DueClock) -> tuple[str, ...]:
    if isinstance(item, DueRead):
        return "read", item.tenant, item.source, item.kind, item.key.lower()
    return "clock", item.tenant, str(item.ref), item.why


def lock_free(head: Head) -> Head:
    """A head without what differs between two histories that end the same."""
    return replace(head, lock=0, revision=0)
