"""The registry: the source that is ourselves, edited by compare-and-set, stored through the ingest of all sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.change import EDIT
from chalicelib.domain.keys import InvalidKey, Ref, normal
from chalicelib.domain.merging.field_types import wrong
from chalicelib.domain.record import Aggregate, Record
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.sources import SOURCES
from chalicelib.domain.tenant import Tenant
from chalicelib.services.ingest import ingest
from chalicelib.services.ports import Announce, Clock, Operations, Records

EDITED, MINTED = "registry#edited", "registry#minted"


@dataclass(frozen=True, slots=True)
class Registry:
    """Reads and edits what no other source has; fits what the API asks of it."""

    records: Records
    announce: Announce
    operations: Operations
    clock: Clock

    def read(self, tenant: Tenant, ref: Ref) -> Mapping[str, Any] | None:
        """``{"kind", "key", "revision", "minted", "edited"}``, None when nothing is known of it."""
        aggregate = self.records.aggregates(tenant.code, [ref])[ref]
        return _shown(aggregate) if aggregate.head.exists else None

    def edit(self, tenant: Tenant, ref: Ref, fields: Mapping[str, Any], revision: int, who: str) -> Mapping[str, Any]:
        """Replace what is edited of a thing if its revision (0: nothing yet) is still the one that was seen.

        Raises Conflict when it is not, ValueError when the fields cannot be or nothing of this kind can be edited.
        """
        if ref.kind not in SOURCES["registry"].kinds:
            raise ValueError(f"a {ref.kind} is not kept in the registry")
        if odd := wrong(ref.kind, fields):
            raise ValueError("; ".join(odd.values()))
        ticket = self.operations.ticket(tenant.code, "registry")
        known = self.records.aggregates(tenant.code, [ref])[ref]
        spelled = _payload(known.record(MINTED)).get("key") or _spelled(ref, fields)
        sighting = Sighting(
            ref.kind, spelled, "registry", "edited", 1, dict(fields), ticket, self.clock(), over=revision
        )
        ingest(
            tenant.code,
            [sighting],
            records=self.records,
            announce=self.announce,
            clock=self.clock,
            cause=EDIT,
            who=who,
        )
        return _shown(self.records.aggregates(tenant.code, [ref])[ref])


def _spelled(ref: Ref, fields: Mapping[str, Any]) -> str:
    """A new thing's key as the editor spells it, where the fields say it."""
    key = fields.get("key")
    try:
        return key if isinstance(key, str) and normal(ref.kind, key) == ref.key else ref.key
    except InvalidKey:
        return ref.key


def _payload(record: Record | None) -> dict[str, Any]:
    return dict(record.payload) if record else {}


def _shown(aggregate: Aggregate) -> dict[str, Any]:
    mark = aggregate.head.marks.get(EDITED)
    return {
        "kind": aggregate.ref.kind,
        "key": aggregate.ref.key,
        "revision": mark.ticket if mark else 0,
        "minted": _payload(aggregate.record(MINTED)),
        "edited": _payload(aggregate.record(EDITED)),
    }
