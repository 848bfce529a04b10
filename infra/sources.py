"""The sources whose updates need a queue and a worker each, with the kinds each one speaks of."""

from __future__ import annotations

from collections.abc import Mapping

try:
    from chalicelib.domain.sources import SOURCES  # type: ignore[attr-defined]
except ImportError:  # the domain's own table has not landed on this branch yet
    SOURCES = None

_UNTIL_THEN = {
    "studio": ("run", "organization"),
    "otto": ("run", "enrollment_code", "entitlement"),
    "drupal": ("run", "organization", "person", "subject", "xseries", "node"),
    "programs": ("program",),
    "registry": ("course", "run", "program", "organization", "person", "subject", "topic", "pathway", "vocabulary"),
}


def kinds_by_source() -> dict[str, tuple[str, ...]]:
    """Source -> the kinds of its nouns, in the domain's order. A new source appears here by itself."""
    if SOURCES is None:
        return dict(_UNTIL_THEN)
    sources = SOURCES.values() if isinstance(SOURCES, Mapping) else SOURCES
    return {source.name: tuple(source.kinds) for source in sources}
