"""When a thing last changed."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.merge import Merged
from chalicelib.domain.record import Aggregate
from chalicelib.domain.values import from_ms, instant


def stamp(things: Iterable[Aggregate], said: Merged | None = None) -> str:
    """The last time a source said something new of these things; never null, some readers stop at a null.

    A record's ``read_at`` is when its payload was first read, so a read that found nothing new does not move it.
    """
    told = instant(said.get("modified")) if said else None
    return told or from_ms(max((record.read_at for thing in things for record in thing.records), default=0))
