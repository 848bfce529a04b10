"""A whole catalog in memory: fake sources and stores around the real services, and what its queues would do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.change import EDIT, Change
from chalicelib.domain.keys import Ref
from chalicelib.domain.sources import SOURCES
from chalicelib.domain.tenant import SourceSite, Tenant
from chalicelib.domain.update import type_of
from chalicelib.services.due import Done, do_due
from chalicelib.services.ingest import ingest
from chalicelib.services.load import Loader
from chalicelib.services.plan import Stored
from chalicelib.services.project import project
from chalicelib.services.refresh import Outcome, Refresh
from chalicelib.services.registry import Registry
from chalicelib.services.touch import Touching, touch
from chalicelib.services.updates import Collaborators, Message, take_updates
from tests.fakes.sources import FakeSources
from tests.fakes.store import FakeTenants, Store

SITES = {name: SourceSite(url=f"https://{name}.example.org") for name in ("studio", "otto", "drupal", "programs")}
TENANT = Tenant(code="edx", marketing_root="https://www.example.org", lms_url="https://lms", sources=SITES)


@dataclass
class World:
    """Everything of one tenant; ``done`` counts the announced changes that each consumer has worked off."""

    tenant: Tenant = TENANT
    store: Store = field(default_factory=Store)
    done: dict[str, int] = field(default_factory=lambda: {"touches": 0, "views": 0})

    def __post_init__(self) -> None:
        self.sources = FakeSources(self.store.steps)
        self.clock, self.steps = self.store.clock, self.store.steps

    @property
    def c(self) -> Collaborators:
        s = self.store
        return Collaborators(
            sources=dict(SOURCES),
            tenants=FakeTenants(self.tenant),
            records=s.records,
            due=s.due,
            budget=s.operations,
            operations=s.operations,
            fetch=self.sources,
            announce=s.announce,
            park=s.operations,
            clock=s.clock,
            wait=s.clock.sleep,
        )

    @property
    def registry(self) -> Registry:
        return Registry(self.store.records, self.store.announce, self.store.operations, self.clock)

    # ---- what triggers do

    def ingest(self, sightings: Sequence[Any], cause: str = EDIT, **more: Any) -> Stored:
        s = self.store
        ports = {"records": s.records, "announce": s.announce, "clock": s.clock}
        return ingest(self.tenant.code, sightings, cause=cause, who="test", **ports, **more)

    def message(self, source: str, kind: str, key: str, /, **more: Any) -> Message:
        """An update as it stands in a queue."""
        body = {"id": f"{source}-{key}", "type": type_of(kind), "source": source, "tenant": self.tenant.code}
        return Message(key, json.dumps({**body, "subject": key, "time": "2026-01-01T00:00:00Z"} | more))

    def update(self, source: str, kind: str, *keys: str) -> Stored:
        """One batch of a source's queue."""
        return self.take(source, *(self.message(source, kind, key) for key in keys))

    def take(self, source: str, *messages: Message) -> Stored:
        return take_updates(f"updates-{source}", messages, c=self.c)

    def refresh(self, *sources: str, **more: Any) -> list[Outcome]:
        return Refresh(self.c, self.tenant, self.clock.sleep, **more).run(sources, parallel=1)

    def due(self, seconds: float = 50) -> Done:
        return do_due(c=self.c, due=self.store.due, seconds=seconds, sleep=self.clock.sleep)

    def project(self, refs: Sequence[Ref], *, again: bool = False) -> int:
        s = self.store
        ports = {"records": s.records, "views": s.views, "index": s.index, "due": s.due, "clock": s.clock}
        return project(self.tenant, refs, again=again, **ports)

    def touch(self, *changes: Change) -> None:
        left = [Touching(change) for change in changes]
        while left:
            left = touch(left, records=self.store.records, announce=self.store.announce, clock=self.clock, pages=2)

    # ---- what queues do in the end

    def take_touches(self, most: int = 10) -> bool:
        """The touches queue: the next changes as one batch; False when there are none."""
        batch = self._next("touches", most)
        self.touch(*batch)
        self.done["touches"] += len(batch)
        return bool(batch)

    def take_views(self, most: int = 10) -> bool:
        """The views queue: the next changes as one batch; False when there are none."""
        batch = self._next("views", most)
        if batch:
            self.project(list(dict.fromkeys(change.ref for change in batch)))
        self.done["views"] += len(batch)
        return bool(batch)

    def _next(self, queue: str, most: int) -> list[Change]:
        """What was announced after what the queue's worker has done; a worker that dies finds it again."""
        return self.store.announce.published[self.done[queue] :][:most]

    def consume(self) -> None:
        """Work off what was announced until nothing is left."""
        for _ in range(1_000):
            if not (self.take_touches() | self.take_views()):
                return
        raise AssertionError("the consumers find no end")

    def settle(self, minutes: int = 3) -> None:
        """Let time pass until everything due was done and consumed, as the schedules would."""
        self.consume()
        for _ in range(minutes):
            self.clock.now += 60_000
            self.due()
            self.consume()

    # ---- what is there

    def bodies(self, refs: Sequence[Ref]) -> dict[Ref, Any]:
        """As a read answers: the kept view or an overlay on the spot."""
        return Loader(self.tenant, self.store.records, self.store.views, self.clock()).bodies(refs)

    def fresh(self, refs: Sequence[Ref]) -> dict[Ref, Any]:
        """Overlaid from the records, whatever is kept."""
        return Loader(self.tenant, self.store.records, self.store.views, self.clock(), trust=False).bodies(refs)

    def views(self) -> dict[Ref, Any]:
        """The kept views' bodies."""
        return {ref: view.body for (_, ref), view in self.store.views.kept.items()}
