"""A whole store in memory: every port that services need, small and real, behind one clock and one counter of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.domain.change import Change
from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Head
from chalicelib.domain.store import IndexWrite, Parked, StoredView, Unavailable
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import view_version
from tests.fakes.records import FakeDue, FakeRecords
from tests.fakes.steps import Steps

START = 1_767_571_200_000


@dataclass
class FakeClock:
    """Now, in ms; stands still unless told otherwise."""

    now: int = START

    def __call__(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += max(1, int(seconds * 1000))


class FakeViews:
    """The Views port."""

    def __init__(self, steps: Steps, records: FakeRecords) -> None:
        self.steps, self.records = steps, records
        self.kept: dict[tuple[str, Ref], StoredView] = {}

    def get(self, tenant: str, refs: Iterable[Ref]) -> dict[Ref, StoredView]:
        self.steps("views.get")
        return {r: self.kept[tenant, r] for r in sorted(set(refs)) if (tenant, r) in self.kept}

    def with_heads(
        self, tenant: str, refs: Iterable[Ref], heads: Iterable[Ref]
    ) -> tuple[dict[Ref, StoredView], dict[Ref, Head]]:
        views = self.get(tenant, refs)
        return {r: replace(v, embeds=frozenset()) for r, v in views.items()}, self.records.heads(tenant, heads)

    def put(self, tenant: str, groups: Sequence[Sequence[StoredView]], seen: Sequence[int]) -> list[bool]:
        return [self._put(tenant, group, version) for group, version in zip(groups, seen, strict=True)]

    def _put(self, tenant: str, group: Sequence[StoredView], seen: int) -> bool:
        self.steps("views.put")
        first, *rest = group
        if self._version(tenant, first.ref) != seen or seen > _version(first):
            return False
        newer = [v for v in rest if self._version(tenant, v.ref) <= _version(v)]
        self.kept |= {(tenant, v.ref): v for v in (first, *newer)}
        return True

    def _version(self, tenant: str, ref: Ref) -> int:
        kept = self.kept.get((tenant, ref))
        return _version(kept) if kept else 0

    def remove(self, tenant: str, refs: Iterable[Ref]) -> None:
        self.steps("views.remove")
        for ref in refs:
            self.kept.pop((tenant, ref), None)


def _version(view: StoredView) -> int:
    return view_version(view.revision, view.overlay_version)


class FakeOperations:
    """The Operations, Budget and Park ports."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.counters: dict[str, int] = {}
        self.notes: dict[str, Any] = {}
        self.parked: list[Parked] = []
        self.calls: dict[str, list[int]] = {}
        self.blocked: dict[str, int] = {}

    def ticket(self, tenant: str, source: str) -> int:
        return self.count(f"ticket#{tenant}#{source}", 1)

    def count(self, name: str, amount: int, expires_in: int | None = None) -> int:
        self.steps("operations.count")
        self.counters[name] = self.counters.get(name, 0) + amount
        return self.counters[name]

    def counted(self, name: str) -> int:
        self.steps("operations.counted")
        return self.counters.get(name, 0)

    def paused(self, tenant: str, source: str) -> bool:
        return bool(self.noted(f"paused#{tenant}#{source}"))

    def set_paused(self, tenant: str, source: str, paused: bool) -> None:
        self.note(f"paused#{tenant}#{source}", paused)

    def note(self, name: str, value: Any) -> None:
        self.steps("operations.note")
        self.notes[name] = value

    def noted(self, name: str) -> Any:
        self.steps("operations.noted")
        return self.notes.get(name)

    def grant(self, host: str, per_minute: int | None, now: int) -> int:
        self.steps("budget.grant")
        if self.blocked.get(host, 0) > now:
            return self.blocked[host]
        if per_minute is None:
            return 0
        recent = [at for at in self.calls.get(host, []) if at > now - 60_000]
        if len(recent) >= per_minute:
            return recent[-per_minute] + 60_000
        self.calls[host] = [*recent, now]
        return 0

    def block(self, host: str, until: int) -> None:
        self.blocked[host] = max(until, self.blocked.get(host, 0))

    def park(self, items: Iterable[Parked]) -> None:
        for item in items:
            self.steps("park")
            self.parked = [p for p in self.parked if (p.queue, p.id) != (item.queue, item.id)] + [item]


class FakeTenants:
    """The Tenants port."""

    def __init__(self, *tenants: Tenant) -> None:
        self.kept = tenants

    def all(self) -> Sequence[Tenant]:
        return self.kept

    def get(self, code: str) -> Tenant | None:
        return next((t for t in self.kept if t.code == code), None)

    def at_host(self, host: str) -> Tenant:
        return next((t for t in self.kept if host in t.hosts), self.kept[0])


class FakeAnnounce:
    """The Announce port: what was published, and how many of the next changes are not taken."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.published: list[Change] = []
        self.refuse = 0

    def publish(self, changes: Sequence[Change]) -> list[Change]:
        self.steps("announce.publish")
        refused, self.refuse = list(changes[: self.refuse]), max(0, self.refuse - len(changes))
        self.published += changes[len(refused) :]
        return refused


class FakeExchange:
    """The Publish port."""

    def __init__(self) -> None:
        self.published: list[Mapping[str, Any]] = []

    def publish_updates(self, updates: Sequence[Mapping[str, Any]]) -> list[str]:
        self.published += updates
        return []


class FakeWrites:
    """The writing half of the Index port: versions by document; ``down`` for so many calls."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.kept: dict[tuple[str, str, str], IndexWrite] = {}
        self.down = 0

    def write(self, items: Sequence[IndexWrite]) -> None:
        self.steps("index.write")
        if self.down:
            self.down -= 1
            raise Unavailable("the index is down")
        for item in items:
            place = (item.tenant, item.document.kind, item.document.id)
            if place not in self.kept or self.kept[place].version <= item.version:
                self.kept[place] = item

    def revision_of(self, tenant: str, kind: str, key: str) -> int | None:
        kept = self.kept.get((tenant, kind, key))
        return kept.version if kept else None


@dataclass
class Store:
    """All fakes of one house."""

    steps: Steps = field(default_factory=Steps)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.records = FakeRecords(self.steps, self.clock)
        self.due = FakeDue(self.steps, self.records)
        self.views = FakeViews(self.steps, self.records)
        self.operations = FakeOperations(self.steps)
        self.announce = FakeAnnounce(self.steps)
        self.index = FakeWrites(self.steps)
