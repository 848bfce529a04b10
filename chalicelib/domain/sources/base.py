"""What every source module declares: its nouns, how each is read, and what its payloads say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.tenant import SourceSite

Payload = Any
Says = Mapping[str, Any]


class UnreadablePayload(ValueError):
    """An answer that is not what the source's contract promises; its text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Request:
    """A GET below the site's base URL. Path segments are already percent-encoded."""

    path: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One element of an answer: whose record it becomes, and the element itself, untouched."""

    key: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing. ``next`` is the number of the next page, None at the end; ``count`` may over-report.

    ``unreadable``: elements that were left out, where no count would tell.
    """

    found: tuple[Found, ...]
    next: int | None
    count: int | None = None
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Noun:
    """One noun of a source and the kind it is for us.

    ``read(site, keys)`` builds the requests that answer about these keys (at most ``batch`` of them); ``found(body)``
    takes an answer of such a request apart; None when the noun can only be listed. ``read_one`` asks for one key where
    a batch left it out. ``listing(site, page)`` and ``page(body, number)`` walk everything; pages count from ``first``.
    A noun that can only be listed is replaced by every complete walk; ``several``: the source tells of one key in
    several elements, and the record is their list. ``says(payload)`` gives canonical fields, in the payload's latest
    shape; of a run's record, ``course.x`` is what it says of the course. ``migrations[n]`` lifts shape n to n + 1.
    """

    thing: str
    kind: str
    says: Callable[[Payload], Says]
    read: Callable[[SourceSite, Sequence[str]], tuple[Request, ...]] | None = None
    read_one: Callable[[SourceSite, str], Request] | None = None
    found: Callable[[Payload], tuple[Found, ...]] | None = None
    batch: int = 1
    listing: Callable[[SourceSite, int], Request] | None = None
    page: Callable[[Payload, int], Page] | None = None
    first: int = 1
    several: bool = False
    version: int = 1
    migrations: Mapping[int, Callable[[Payload], Payload]] = field(default_factory=dict)

    @property
    def only_listed(self) -> bool:
        return self.read is None

    def migrate(self, version: int, payload: Payload) -> Payload:
        """Lift a stored payload to the latest shape; records themselves are never edited."""
        for step in range(version, self.version):
            payload = self.migrations[step](payload)
        return payload


@dataclass(frozen=True, slots=True)
class Source:
    """A system that owns data: its name and its nouns. ``lag``: seconds it usually lags behind its own updates."""

    name: str
    nouns: tuple[Noun, ...]
    lag: float = 0.0

    def of_kind(self, kind: str) -> tuple[Noun, ...]:
        """The nouns that an update about this kind makes us read."""
        return tuple(n for n in self.nouns if n.kind == kind)

    def noun(self, kind: str, thing: str) -> Noun:
        """The noun of this kind whose records are called ``source#thing``; raises StopIteration for a foreign one."""
        return next(n for n in self.nouns if n.thing == thing and n.kind == kind)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(n.kind for n in self.nouns))
