"""Following what one record says of another thing: keys, nodes, people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.keys import InvalidKey, Ref, ref
from chalicelib.domain.merging.merge import voices
from chalicelib.domain.record import Aggregate

Things = Mapping[Ref, Aggregate]
NODE = "node"


def pointers(values: Any, kind: str) -> tuple[Ref, ...]:
    """Refs out of what a source says: ``kind#key`` texts, or bare keys of ``kind``; what is no key is left out."""
    values = values if isinstance(values, list | tuple) else ()
    found = (_pointer(value, kind) for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(r for r in found if r))


def _pointer(value: str, kind: str) -> Ref | None:
    named = Ref.parse(value) if "#" in value else Ref(kind, value)
    try:
        return ref(named.kind, named.key)
    except InvalidKey:
        return None


def nodes(refs: Iterable[Ref]) -> frozenset[Ref]:
    """Those that have to be resolved first."""
    return frozenset(r for r in refs if r.kind == NODE)


def resolved(refs: Iterable[Ref], things: Things) -> tuple[Ref, ...]:
    """The same with every node replaced by the thing it stands for; unknown nodes are left out."""
    found = (_resolve(r, things) for r in refs)
    return tuple(dict.fromkeys(r for r in found if r))


def _resolve(pointer: Ref, things: Things) -> Ref | None:
    if pointer.kind != NODE:
        return pointer
    said = voices(things[pointer]) if pointer in things else ()
    names = [v.says["stands_for"] for v in said if v.says.get("stands_for")]
    return next(iter(pointers(names, NODE)), None)
