"""The vocabularies an overlay looks words up in: course types, program types, sources of products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.keys import Ref
from chalicelib.domain.merging.seeds import seeds
from chalicelib.domain.record import Aggregate

Item = Mapping[str, Any]
COURSE_TYPES = Ref("vocabulary", "course_types")
PROGRAM_TYPES = Ref("vocabulary", "program_types")
PRODUCT_SOURCES = Ref("vocabulary", "product_sources")
EDITED = "registry#edited"


def vocabulary(things: Mapping[Ref, Aggregate], ref: Ref) -> Mapping[str, Any]:
    """The payload of a vocabulary: what is edited here, else what an installation starts with."""
    record = things[ref].record(EDITED) if ref in things else None
    return {**seeds()[ref], **record.payload} if record and isinstance(record.payload, dict) else seeds()[ref]


def named(items: Any, name: Any) -> Item | None:
    """The item whose slug, uuid or name this is."""
    if not name:
        return None
    wanted = str(name).lower()
    return next((i for i in items if wanted in {str(i.get(f, "")).lower() for f in ("slug", "uuid", "name")}), None)


def program_type(things: Mapping[Ref, Aggregate], name: Any) -> Item:
    """A program type; one that the vocabulary lacks still shows under its own name."""
    found = named(vocabulary(things, PROGRAM_TYPES)["items"], name)
    return found or {
        "uuid": None,
        "slug": name,
        "name": name,
        "coaching_supported": False,
        "applicable_seat_types": [],
    }


def product_source(things: Mapping[Ref, Aggregate], slug: Any) -> dict[str, Any] | None:
    """``{name, slug, description}`` of a source of products; the first of the vocabulary when none is named."""
    items = vocabulary(things, PRODUCT_SOURCES)["items"]
    found = named(items, slug) if slug else next(iter(items), None)
    return {f: found.get(f) for f in ("name", "slug", "description")} if found else None
