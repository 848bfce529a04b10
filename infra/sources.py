"""The sources whose updates need a queue and a worker each, with the kinds each one speaks of."""

from __future__ import annotations

from chalicelib.domain.sources import SOURCES


def kinds_by_source() -> dict[str, tuple[str, ...]]:
    """Source -> the kinds of its nouns, in the domain's order. A new source appears here by itself."""
    return {name: tuple(source.kinds) for name, source in SOURCES.items()}
