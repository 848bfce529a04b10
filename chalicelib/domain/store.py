"""The values that cross between what the catalog does and where it keeps things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Head, Record
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import Body, Document


class Unavailable(Exception):
    """Something this needs is not there now; its text says what, the caller retries or answers 503."""


class Conflict(Exception):
    """Somebody else wrote first; read again and decide anew."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A record that was just replaced, for history: what it was, by whom it was replaced and why."""

    record: Record
    who: str
    cause: str


@dataclass(frozen=True, slots=True)
class HeadWrite:
    """One aggregate's part of a transaction. ``cause`` set: the head is due until that change is announced."""

    ref: Ref
    seen: Head
    head: Head
    records: tuple[Record, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A look-up that only one thing may hold: ``name`` is uuid, id or slug."""

    ref: Ref
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Unit:
    """What must be written together or not at all."""

    writes: tuple[HeadWrite, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What a record was before ``revision``."""

    revision: int
    replaced: Replaced
    at: int


@dataclass(frozen=True, slots=True)
class DueRead:
    """A key to be read again at an instant (ms). ``key`` in the source's spelling; ``*`` means the noun's listing."""

    tenant: str
    source: str
    kind: str
    key: str
    at: int
    cause: str
    why: str
    confirm: bool = True
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class DueAnnouncement:
    """A head whose change was not announced yet (or could not be used): publish it again."""

    tenant: str
    ref: Ref
    revision: int
    cause: str
    at: int


@dataclass(frozen=True, slots=True)
class DueClock:
    """A view to be made anew at this instant. ``why``: ``time`` changes its values, or the ``index`` was down."""

    tenant: str
    ref: Ref
    at: int
    why: str = "time"


Due = DueRead | DueAnnouncement | DueClock


@dataclass(frozen=True, slots=True)
class StoredView:
    """A view as the views table keeps it: body, the revision and overlay that made it, what it shows of others."""

    ref: Ref
    revision: int
    overlay_version: int
    body: Body
    embeds: frozenset[Ref] = frozenset()
    valid_until: int | None = None
    owner: Ref | None = None
    """The aggregate whose head orders this view: itself, or a run's course."""


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


@dataclass(frozen=True, slots=True)
class IndexWrite:
    """One document for the index; ``records`` is the compressed records it carries, None makes a tombstone."""

    tenant: str
    document: Document
    version: int
    records: bytes | None = None


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that can never be taken, kept with its reason until somebody redrives or removes it."""

    queue: str
    id: str
    body: str
    reason: str
    text: str
    at: int


class NotThere(Exception):
    """The source said 404 or 410."""


class SourceBusy(Exception):
    """The source cannot be read now: no budget, Retry-After, down, paused. ``retry_at`` in ms."""

    def __init__(self, why: str, retry_at: int) -> None:
        super().__init__(why)
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class KeptTenant:
    """A tenant and the revision under which it is kept (0: not yet)."""

    tenant: Tenant
    revision: int
