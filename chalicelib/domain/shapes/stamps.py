"""When a thing last changed."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.record import Aggregate
from chalicelib.domain.values import from_ms


def stamp(things: Iterable[Aggregate]) -> str:
    """The last time a source said something new of these things; never null, some readers stop at a null.

    A record's ``read_at`` is when its payload was first read, so a read that found nothing new does not move it. What a
    source calls modified is not used: an importer that asks for what is newer than its last visit would miss things
    that came to us late.
    """
    return from_ms(max((record.read_at for thing in things for record in thing.records), default=0))
