"""Listings of nouns that can only be listed: a complete walk, count agreeing and no page failed, replaces the set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.keys import normal
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.sources.base import Found, Noun, UnreadablePayload
from chalicelib.domain.store import NotThere, SourceBusy
from chalicelib.services.ports import Operations
from chalicelib.services.reading import Answers, Reader

Progress = Callable[[int, int | None], None]
"""Told after every page: how many elements so far, how many the source says there are."""


def _silent(seen: int, count: int | None) -> None: ...


@dataclass
class _Walk:
    elements: list[Found]
    ticket: int = 0
    count: int | None = None


def walk_complete(reader: Reader, noun: Noun, *, operations: Operations, progress: Progress = _silent) -> Answers:
    """Walk everything; elements about one key become one list, and keys that were there before are gone now.

    What cannot be walked to its end now leaves everything as it was: the walk is due again, under the key ``*``.
    """
    try:
        walk = _all(reader, noun, progress)
    except SourceBusy as busy:
        return Answers(busy={"*": busy})
    except (UnreadablePayload, NotThere) as error:
        return Answers(unreadable={"*": f"{noun.thing}: {error}"})
    sightings = _grouped(reader, noun, walk)
    if walk.count is None or len(walk.elements) == walk.count:
        sightings += _vanished(
            reader, noun, walk.ticket, {normal(noun.kind, s.key): s.key for s in sightings}, operations
        )
    return Answers(sightings=sightings)


def _all(reader: Reader, noun: Noun, progress: Progress) -> _Walk:
    walk = _Walk([])
    for page, ticket in reader.walk(noun):
        walk.ticket = walk.ticket or ticket
        walk.count = page.count if walk.count is None else walk.count
        walk.elements += page.found
        progress(len(walk.elements), page.count)
    return walk


def _grouped(reader: Reader, noun: Noun, walk: _Walk) -> list[Sighting]:
    """One sighting per key; where a source tells of one key in several elements, their list is the record."""
    by_key: dict[str, list[Found]] = {}
    for found in walk.elements:
        by_key.setdefault(normal(noun.kind, found.key), []).append(found)
    return [reader.sighting(noun, _joined(noun, found), walk.ticket) for found in by_key.values()]


def _joined(noun: Noun, found: list[Found]) -> Found:
    return Found(found[0].key, [f.payload for f in found]) if noun.several else found[0]


def _vanished(
    reader: Reader, noun: Noun, ticket: int, present: dict[str, str], operations: Operations
) -> list[Sighting]:
    """Absences of what the last complete walk saw and this one did not; remembers this walk for the next."""
    name = f"walk#{reader.tenant.code}#{reader.source.name}#{noun.thing}"
    before: dict[str, str] = operations.noted(name) or {}
    if before != present:
        operations.note(name, present)
    gone = [key for key in before if key not in present]
    return [
        Sighting(
            noun.kind, before[key], reader.source.name, noun.thing, noun.version, None, ticket, reader.clock(), True
        )
        for key in gone
    ]
