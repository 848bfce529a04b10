"""The registry: the source that is ourselves. What we minted once, and what operators and seeds set."""

from __future__ import annotations

from chalicelib.domain.sources.base import Noun, Payload, Says, Source

MINTED, EDITED = "minted", "edited"
KINDS = ("course", "run", "program", "organization", "person", "subject", "topic", "pathway", "vocabulary")


def says(payload: Payload) -> Says:
    """Its payloads are canonical fields already."""
    return dict(payload) if isinstance(payload, dict) else {}


SOURCE = Source("registry", tuple(Noun(thing, kind, says) for kind in KINDS for thing in (MINTED, EDITED)))
