"""Tell: changes are announced, and heads are due until they were."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.change import Change
from chalicelib.services.ports import Announce, Records


def tell(tenant: str, changes: Sequence[Change], *, records: Records, announce: Announce) -> frozenset[Change]:
    """Announce changes of one tenant; what is not taken stays due and is told of later. Returns these."""
    refused = frozenset(announce.publish(changes)) if changes else frozenset()
    told = [change for change in changes if change not in refused]
    if told:
        records.announced(tenant, told)
    return refused
