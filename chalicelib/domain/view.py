"""Views: what is derived from aggregates, kept, and may be dropped and made again at any time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.keys import Ref

OVERLAY_VERSION = 1
"""Raised by a release that makes views differently (1 to 255); such a release starts a rebuild."""

Body = dict[str, Any]


def view_version(revision: int, overlay_version: int = OVERLAY_VERSION) -> int:
    """One number that orders views of a thing: by revision, then by the overlay that made them."""
    return revision * 256 + overlay_version


@dataclass(frozen=True, slots=True)
class Document:
    """One search document: the index kind it goes to, its id there, and the fields searched.

    ``refs`` are the aggregates whose records the document carries, unmodified and compressed, in its binary field.
    """

    kind: str
    id: str
    fields: Mapping[str, Any]
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What an aggregate looks like to readers, but for what depends on the reader and on the clock.

    ``bodies``: the thing's own rendered body and, for a course, one per run (key of the mapping: the Ref).
    ``embeds``: every other thing that shows through, at any depth. ``valid_until``: the next instant (ms) at which
    the documents' time-dependent values change. ``fields``: which source won each field, for explain.
    """

    ref: Ref
    bodies: Mapping[Ref, Body]
    documents: tuple[Document, ...]
    embeds: frozenset[Ref]
    valid_until: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wants:
    """What an overlay still has to be given: aggregates by Ref, and finished bodies of other views by Ref."""

    aggregates: frozenset[Ref] = frozenset()
    bodies: frozenset[Ref] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.aggregates or self.bodies)
