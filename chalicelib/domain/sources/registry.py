"""The registry: the source that is ourselves. What we minted once, and what operators and seeds set."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.domain.merging.field_types import wrong
from chalicelib.domain.sources.base import Noun, Payload, Says, Source

MINTED, EDITED = "minted", "edited"
KINDS = ("course", "run", "program", "organization", "person", "subject", "topic", "pathway", "vocabulary")


def _teller(kind: str) -> Callable[[Payload], Says]:
    """Its payloads are canonical fields already; a value that its field cannot have is not said."""

    def says(payload: Payload) -> Says:
        said = payload if isinstance(payload, dict) else {}
        refused = wrong(kind, said)
        return {name: value for name, value in said.items() if name not in refused}

    return says


SOURCE = Source("registry", tuple(Noun(thing, kind, _teller(kind)) for kind in KINDS for thing in (MINTED, EDITED)))
