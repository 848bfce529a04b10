"""One question to a source, and its answer, free of any web framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from campus.config import Addresses
from campus.faults import Faults
from campus.quirks import Quirks
from campus.world import World

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON


class Refused(Exception):
    """A source that says no, in its own words."""

    def __init__(self, status: int, body: Any, **headers: str) -> None:
        super().__init__(status, body)
        self.answer = Answer(orjson.dumps(body), status, headers)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a view may know: the world as the source sees it, who asks, and for what."""

    world: World
    at: Addresses
    path: Mapping[str, str]
    query: Any
    claims: Mapping[str, Any]
    faults: Faults
    quirks: Quirks
    as_of: float
    now: float
    url: str

    @property
    def username(self) -> str:
        return str(self.claims.get("preferred_username", ""))

    @property
    def staff(self) -> bool:
        return bool(self.claims.get("administrator"))

    def missing(self, key: str) -> bool:
        return key.lower() in self.faults.missing_keys


def found(value: Any) -> Answer:
    """An answer with this value."""
    return Answer(orjson.dumps(value))


def not_found() -> Refused:
    """The refusal of most frameworks."""
    return Refused(404, {"detail": "Not found."})
