"""The registry: the source that is ourselves; edited by compare-and-set, stored through the same ingest as any source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.change import EDIT
from chalicelib.domain.keys import ref
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.store import Conflict
from chalicelib.services.ingest import Stored, ingest
from chalicelib.services.ports import Announce, Clock, Operations, Records

NAME = "registry#edited"


def read(tenant: str, kind: str, key: str, *, records: Records) -> tuple[dict[str, Any], int]:
    """What is edited of a thing and the revision an editor must have seen (0: nothing yet). Raises InvalidKey."""
    thing = ref(kind, key)
    aggregate = records.aggregates(tenant, [thing])[thing]
    record = aggregate.record(NAME)
    return (dict(record.payload), record.ticket) if record else ({}, 0)


def edit(
    tenant: str,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    *,
    seen: int,
    who: str,
    records: Records,
    announce: Announce,
    operations: Operations,
    clock: Clock,
) -> int:
    """Replace what is edited of a thing; returns the new revision. Raises Conflict when it moved on since ``seen``."""
    _, current = read(tenant, kind, key, records=records)
    if current != seen:
        raise Conflict(f"{kind} {key} was edited since revision {seen}; it is at {current}")
    ticket = operations.ticket(tenant, "registry")
    sighting = Sighting(kind, key, "registry", "edited", 1, dict(payload), ticket, clock())
    stored: Stored = ingest(
        tenant, [sighting], records=records, announce=announce, clock=clock, cause=EDIT, who=who, may_retire=False
    )
    return ticket if stored.changes or stored.unchanged else current
