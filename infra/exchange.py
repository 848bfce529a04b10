"""The exchange: topics, who consumes them, and the queues that follow from it.

To add a consumer of updates or changes, add one ``Consumer`` to the table and its handler to app.py: queues with their
dead-letter queues, subscriptions, functions, rights and alarms are derived. To add a source, add it to the domain's
SOURCES.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.change import EDIT, REFRESH
from chalicelib.domain.update import type_of
from infra.sources import kinds_by_source

UPDATES, CHANGES = "updates", "changes"
TOPICS = (UPDATES, CHANGES)

RECEIVES = 10
"""How often a message is tried before it is dead: only crashes count, what cannot be read now becomes due instead."""
DAY = 86_400
RETENTION, DEAD_RETENTION = 4 * DAY, 14 * DAY
LONG_POLL = 20
VISIBILITY_TIMEOUTS = 6
"""Visibility in function time-outs, so that no batch is seen twice while it is worked on (AWS's own advice)."""

Policy = Mapping[str, Any]
Kinds = Mapping[str, tuple[str, ...]]
"""Source -> the kinds it speaks of."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One queue of a consumer: which messages (SNS filter on attributes), how many at once, how old (s) is too old."""

    name: str
    policy: Policy
    concurrency: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who reads a topic. Seconds and megabytes; ``rights`` are words of infra/rights.py."""

    name: str
    handler: str
    topic: str
    lanes: tuple[Lane, ...]
    rights: str
    batch: int = 10
    window: int = 0
    timeout: int = 60
    memory: int = 512


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as it is made; ``consumer`` is None where messages only wait for a person."""

    name: str
    topic: str
    policy: Policy
    visibility: int
    oldest: int
    consumer: Consumer | None = None
    lane: Lane | None = None

    @property
    def dead(self) -> str:
        return f"{self.name}-dead"


# fmt: off
LIVE_VIEWS = Lane("live", {"cause": [EDIT]}, concurrency=10, oldest=300)
BULK_VIEWS = Lane("bulk", {"cause": [{"anything-but": [EDIT]}]}, concurrency=5, oldest=6 * 3600)
LIVE_TOUCHES = Lane("live", {"cause": [EDIT]}, concurrency=4, oldest=900)
BULK_TOUCHES = Lane("bulk", {"cause": [REFRESH]}, concurrency=2, oldest=6 * 3600)

INGEST = "records:write history:write tenants:read operations:write objects:write changes:publish secrets:read"


def consumers(kinds: Kinds) -> tuple[Consumer, ...]:
    """Who consumes what, when these are the sources."""
    sources = (*(_of_source(source, own) for source, own in kinds.items()), strangers(kinds))
    return (
        Consumer("updates", "on_updates", UPDATES, sources, f"{INGEST} queue:consume", timeout=120),
        Consumer("views", "on_views", CHANGES, (LIVE_VIEWS, BULK_VIEWS),
                 "records:write views:write tenants:read operations:write objects:read search:write queue:consume",
                 timeout=60, memory=1024),
        Consumer("touches", "on_touches", CHANGES, (LIVE_TOUCHES, BULK_TOUCHES),
                 "records:write operations:write changes:publish queue:consume queue:send", timeout=60),
    )
# fmt: on


def _of_source(source: str, kinds: tuple[str, ...]) -> Lane:
    policy = {"source": [source], "type": [type_of(kind) for kind in kinds]}
    return Lane(source, policy, concurrency=4, oldest=900)


def strangers(kinds: Kinds) -> Lane:
    """The lane of updates that no source's queue takes: the worker parks them with the reason, so that none is lost.

    The complement of the sources' filters: a source that is unknown or missing, or a known one with a type it has not.
    (SNS matches ``exists: false`` only where there is at least one attribute: an update without any reaches no queue.)
    """
    nobody = {"source": [{"exists": False}, {"anything-but": list(kinds)}]}
    mistyped = [
        {"source": [name], "type": [{"exists": False}, {"anything-but": [type_of(k) for k in own]}]}
        for name, own in kinds.items()
    ]
    return Lane("unknown", {"$or": [nobody, *mistyped]}, concurrency=2, oldest=900)


def queues(kinds: Kinds) -> tuple[Queue, ...]:
    """Every queue: one per consumer and lane."""
    return tuple(_queue(c, lane) for c in consumers(kinds) for lane in c.lanes)


def _queue(consumer: Consumer, lane: Lane) -> Queue:
    visibility = VISIBILITY_TIMEOUTS * consumer.timeout + consumer.window
    name = f"{consumer.name}-{lane.name}"
    return Queue(name, consumer.topic, lane.policy, visibility, lane.oldest, consumer, lane)


QUEUES = queues(kinds_by_source())
