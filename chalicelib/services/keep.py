"""Keep: what was read from a source is stored; what a source misses is looked at again, and retired with care."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.sighting import SECOND_LOOK_MS, Sighting
from chalicelib.domain.store import DueRead
from chalicelib.services.ingest import ingest
from chalicelib.services.plan import Stored
from chalicelib.services.retirement import note_known, note_misses, suspended_until

if TYPE_CHECKING:
    from chalicelib.services.updates import Collaborators

SUSPENDED_LOOK_MS = 6 * 3_600_000
"""While retirement is suspended nobody is in a hurry: second looks must not use up a source's budget."""


def keep(tenant: str, source: str, sightings: Sequence[Sighting], *, c: Collaborators, cause: str, who: str) -> Stored:
    """Store sightings of one source. Raises Unavailable or Conflict; all of it may be done again."""
    until = _suspended(tenant, source, sightings, c)
    stored = ingest(
        tenant,
        sightings,
        records=c.records,
        announce=c.announce,
        clock=c.clock,
        cause=cause,
        who=who,
        may_retire=until <= c.clock(),
    )
    if stored.first_seen:
        note_known(tenant, source, stored.first_seen, operations=c.operations)
    if stored.first_missed:
        note_misses(tenant, source, stored.first_missed, operations=c.operations, now=c.clock())
    if stored.look_again:
        at = c.clock() + (SUSPENDED_LOOK_MS if until > c.clock() else SECOND_LOOK_MS)
        c.due.add(_second_look(tenant, sighting, at, cause) for sighting in stored.look_again)
    return stored


def _suspended(tenant: str, source: str, sightings: Sequence[Sighting], c: Collaborators) -> int:
    """Asked only where something is missing."""
    if not any(s.absent and not s.final for s in sightings):
        return 0
    return suspended_until(tenant, source, operations=c.operations)


def _second_look(tenant: str, sighting: Sighting, at: int, cause: str) -> DueRead:
    return DueRead(
        tenant=tenant,
        source=sighting.source,
        kind=sighting.kind,
        key=sighting.key,
        at=at,
        cause=cause,
        why="404: a second look",
        confirm=False,
    )
