"""The ports: what services need of the outside, in the words of the domain. Adapters and the tests' fakes fit them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from chalicelib.domain.change import Change
from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Aggregate, Head, Record
from chalicelib.domain.sources.base import Noun, Request, Source
from chalicelib.domain.store import (
    Due,
    DueClock,
    DueRead,
    HistoryEntry,
    Hits,
    IndexWrite,
    ListQuery,
    Parked,
    StoredView,
    Unit,
)
from chalicelib.domain.tenant import SourceSite, Tenant

Clock = Callable[[], int]
"""Now, in milliseconds since 1970."""


class ReadRecords(Protocol):
    """Reading aggregates: everything here is strongly consistent."""

    def heads(self, tenant: str, refs: Iterable[Ref]) -> Mapping[Ref, Head]:
        """Heads of those that exist."""

    def aggregates(self, tenant: str, refs: Iterable[Ref]) -> Mapping[Ref, Aggregate]:
        """Aggregates, with empty ones for those that do not exist."""

    def records_of(self, tenant: str, heads: Mapping[Ref, Head]) -> Mapping[Ref, Sequence[Record]]:
        """The records that these heads list."""

    def look_up(self, tenant: str, kind: str, name: str, value: str) -> Ref | None:
        """The thing whose uuid, id or slug (``name``) this is."""


class Records(ReadRecords, Protocol):
    """Writing aggregates, always conditional on the heads that were seen."""

    def commit(self, tenant: str, units: Sequence[Unit]) -> Sequence[Unit]:
        """Write units together where they fit, else each alone; returns those that met a conflict."""

    def holders(self, tenant: str, kind: str, name: str, values: Iterable[str]) -> Mapping[str, Ref]:
        """Who holds which of these look-ups."""

    def announced(self, tenant: str, changes: Sequence[Change]) -> None:
        """These were published: their heads are due no more, unless they moved on since.

        A head also stays due while a change by its own records was not published: a touch does not tell of an edit.
        """

    def embedded_by(self, tenant: str, ref: Ref, after: str, limit: int) -> tuple[Sequence[Ref], str]:
        """A page of the things that show something of this one, and where the next page begins (empty: the end)."""

    def put_edges(self, tenant: str, edges: Iterable[tuple[Ref, Ref, int]]) -> None:
        """``(embedded, by, revision)``: note that ``by`` shows something of ``embedded``."""

    def drop_edges(self, tenant: str, edges: Iterable[tuple[Ref, Ref, int]]) -> None:
        """Forget edges, unless a later revision of ``by`` noted them again."""

    def history(self, tenant: str, ref: Ref, limit: int) -> Sequence[HistoryEntry]:
        """What was replaced, newest first."""

    def number(self, tenant: str, kind: str, count: int = 1) -> int:
        """The last of the next ``count`` integer ids of a kind; none is ever given twice."""


class DueList(Protocol):
    """One sparse index over all that must happen at an instant."""

    def add(self, items: Iterable[DueRead | DueClock]) -> None:
        """Note them; one per thing and reason, a later call replaces the instant."""

    def at_latest(self, items: Iterable[DueRead | DueClock], now: int) -> None:
        """Note them, but what is noted for an earlier instant still to come stays."""

    def take(self, now: int, limit: int) -> Sequence[Due]:
        """What is due by now, oldest first, without removing it."""

    def done(self, items: Iterable[DueRead | DueClock]) -> None:
        """Remove them, unless they were noted again for another instant."""

    def oldest(self, now: int) -> int:
        """Age (ms) of the oldest that is overdue; 0 when nothing is."""


class ReadViews(Protocol):
    """Reading kept views."""

    def get(self, tenant: str, refs: Iterable[Ref]) -> Mapping[Ref, StoredView]:
        """The kept views of those that have one."""

    def with_heads(
        self, tenant: str, refs: Iterable[Ref], heads: Iterable[Ref]
    ) -> tuple[Mapping[Ref, StoredView], Mapping[Ref, Head]]:
        """Kept views (their ``embeds`` left out), and heads of those that exist, in one read: what an answer needs."""


class Views(ReadViews, Protocol):
    """Writing views: newer only."""

    def put(self, tenant: str, groups: Sequence[Sequence[StoredView]], seen: Sequence[int]) -> Sequence[bool]:
        """Write each group if what is kept of its first view is the version seen (0: none) and not newer.

        Of the others in a group those that are older are left out. Tells which groups were written.
        """

    def remove(self, tenant: str, refs: Iterable[Ref]) -> None:
        """Drop kept views (they can be made again)."""


class ReadIndex(Protocol):
    """Which things, in which order, how many."""

    def page(self, tenant: str, kind: str, query: ListQuery) -> Hits:
        """Raises Unavailable."""

    def revision_of(self, tenant: str, kind: str, key: str) -> int | None:
        """The version the index holds of one document, None when it holds none; raises Unavailable."""


class Index(ReadIndex, Protocol):
    """Writing search documents: newer only."""

    def write(self, items: Sequence[IndexWrite]) -> None:
        """Raises Unavailable when any was not taken; an older version is not an error."""


class Announce(Protocol):
    """The second topic: what changed."""

    def publish(self, changes: Sequence[Change]) -> Sequence[Change]:
        """Publish in batches; returns those that were not taken."""


class Publish(Protocol):
    """The exchange: the first topic."""

    def publish_updates(self, updates: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        """Publish updates (JSON objects with ``type`` and ``source``); returns the ids that were not taken."""


class Park(Protocol):
    """Where invalid messages wait."""

    def park(self, items: Iterable[Parked]) -> None: ...


class Fetch(Protocol):
    """One GET at a source of a tenant, with its credentials, budget, caps and allow-list."""

    def __call__(self, tenant: Tenant, source: Source, noun: Noun, site: SourceSite, request: Request) -> Any:
        """The decoded JSON. Raises NotThere, SourceBusy or UnreadablePayload."""


class Budget(Protocol):
    """One rate budget per source host, shared by all workers."""

    def grant(self, host: str, per_minute: int | None, now: int) -> int:
        """0 when one call may be made now, else the instant (ms) at which to ask again."""

    def block(self, host: str, until: int) -> None:
        """Nobody calls this host before ``until`` (ms): it said Retry-After."""


class Operations(Protocol):
    """Small shared facts of running: tickets, pauses, counters, reports, walks."""

    def ticket(self, tenant: str, source: str) -> int:
        """The next number of this tenant and source; drawn before a read."""

    def paused(self, tenant: str, source: str) -> bool: ...

    def set_paused(self, tenant: str, source: str, paused: bool) -> None: ...

    def count(self, name: str, amount: int, expires_in: int | None = None) -> int:
        """Add to a counter and tell its new value."""

    def counted(self, name: str) -> int:
        """A counter's value; 0 when nothing was counted."""

    def note(self, name: str, value: Any) -> None:
        """Keep a small JSON value under a name."""

    def noted(self, name: str) -> Any:
        """The value kept under a name, or None."""


class Tenants(Protocol):
    """Who is served, from where."""

    def all(self) -> Sequence[Tenant]: ...

    def get(self, code: str) -> Tenant | None: ...

    def at_host(self, host: str) -> Tenant:
        """The tenant of a host name, else the default one."""
