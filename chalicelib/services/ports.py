"""The ports: what services need of the outside, in the words of the domain. Adapters and the tests' fakes fit them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Aggregate, Head
from chalicelib.domain.view import Body


@dataclass(frozen=True, slots=True)
class StoredView:
    """A view as the views table keeps it: body, the revision and overlay that made it, what it shows of others."""

    ref: Ref
    revision: int
    overlay_version: int
    body: Body
    embeds: frozenset[Ref] = frozenset()
    valid_until: int | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of an index: keys in order (normal form) and the exact count of all that match."""

    keys: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list of things: exact filters (any of the values), ranges, an order and a window."""

    terms: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    ranges: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20


class ReadRecords(Protocol):
    """Reading aggregates: everything here is strongly consistent."""

    def heads(self, tenant: str, refs: Iterable[Ref]) -> Mapping[Ref, Head]:
        """Heads of those that exist."""

    def aggregates(self, tenant: str, refs: Iterable[Ref]) -> Mapping[Ref, Aggregate]:
        """Aggregates, with empty ones for those that do not exist."""

    def look_up(self, tenant: str, kind: str, name: str, value: str) -> Ref | None:
        """The thing whose uuid, id or slug (``name``) this is."""


class ReadViews(Protocol):
    """Reading kept views."""

    def get(self, tenant: str, refs: Iterable[Ref]) -> Mapping[Ref, StoredView]:
        """The kept views of those that have one."""


class ReadIndex(Protocol):
    """Which things, in which order, how many."""

    def page(self, tenant: str, kind: str, query: ListQuery) -> Hits:
        """Raises IndexUnavailable."""


class Unavailable(Exception):
    """Something this needs is not there now; its text says what, the caller retries or answers 503."""
