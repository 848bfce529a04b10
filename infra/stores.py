"""What is kept where: the tables and the bucket."""

from __future__ import annotations

from dataclasses import dataclass

TTL = "expires"
"""Attribute (epoch seconds) after which an item may disappear; items without it stay."""


@dataclass(frozen=True, slots=True)
class Index:
    """A sparse index: it holds the keys of the items that carry both of its attributes. Types are DynamoDB's (S, N)."""

    name: str
    hash: tuple[str, str]
    range: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with keys ``pk`` and ``sk`` (both S), paid per request."""

    name: str
    holds: str
    indexes: tuple[Index, ...] = ()


TABLES = (
    Table(
        "records",
        "aggregates: heads, records, edges, look-ups, claims; what is due",
        (Index("due", ("due_bucket", "S"), ("due_at", "N")),),
    ),
    Table("views", "what readers get: rendered, compressed, rebuildable"),
    Table("history", "what records replaced"),
    Table("tenants", "tenants and their source sites"),
    Table("principals", "users, groups, roles, object rights, throttle overrides"),
    Table("operations", "flags, runs, locks, budgets, parked, audit"),
)

BUCKETS = ("objects",)
"""Payloads that are too large for an item, by content hash; snapshots; exports."""
