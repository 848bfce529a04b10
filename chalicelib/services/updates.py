"""Updates: what a source's queue delivers is read from the source and stored; nothing good is parked or lost."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.change import EDIT
from chalicelib.domain.keys import normal
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.sources.base import Noun, Source, UnreadablePayload
from chalicelib.domain.store import DueRead, NotThere, Parked, SourceBusy
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.update import InvalidUpdate, Update, parse_update, type_of
from chalicelib.services.keep import keep
from chalicelib.services.listing import settled, walk
from chalicelib.services.plan import Stored
from chalicelib.services.ports import Announce, Budget, Clock, DueList, Fetch, Operations, Park, Records, Tenants
from chalicelib.services.reading import Answers, Patience, Reader

LISTING = "*"
LISTING_DELAY_MS = 60_000
"""A listing that only complements what can be read by key is walked once for all the updates of a minute."""
LONGEST_DELAY_MS = 3_600_000
"""A listing that fails again and again is tried so often at least."""
PAUSED_MS = 60_000
UNREADABLE_TRIES, UNREADABLE_DELAY_MS = 4, 30_000
"""The source may be sick, not the update: parked only if still unreadable after 30 s, 2, 8 and 32 minutes."""
PATIENCE_MS = 20_000
"""How long walks may wait for their budget in all: one that begins anew each time would never end."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a queue: its receipt id and body."""

    id: str
    body: str


@dataclass(frozen=True, slots=True)
class Collaborators:
    """What ingest works with; wiring makes it once per process."""

    sources: dict[str, Source]
    tenants: Tenants
    records: Records
    due: DueList
    budget: Budget
    operations: Operations
    fetch: Fetch
    announce: Announce
    park: Park
    clock: Clock
    wait: Callable[[float], None] = time.sleep

    def reader(self, tenant: Tenant, source: Source) -> Reader:
        """A reader of one source of one tenant; raises KeyError when the tenant has no such source."""
        return Reader(
            tenant=tenant,
            source=source,
            site=tenant.sources[source.name],
            fetch=self.fetch,
            budget=self.budget,
            operations=self.operations,
            clock=self.clock,
        )


@dataclass
class Work:
    """Keys of one tenant, source and kind that are to be read now."""

    tenant: Tenant
    source: Source
    kind: str
    keys: dict[str, str] = field(default_factory=dict)
    """Normal form -> the source's spelling: the same key twice is read once."""
    cause: str = EDIT
    confirm: bool = True
    attempt: int = 0
    patience_ms: int = PATIENCE_MS
    busy: SourceBusy | None = None
    """Set when the source could not be read."""

    def add(self, key: str) -> None:
        self.keys.setdefault(LISTING if key == LISTING else normal(self.kind, key), key)

    @property
    def named(self) -> list[str]:
        """The keys themselves, without the wish for a listing."""
        return [key for key in self.keys.values() if key != LISTING]


def take_updates(queue: str, messages: Sequence[Message], *, c: Collaborators) -> Stored:
    """Handle a batch of a source's queue. What is invalid is parked with its reason; the rest is read and stored.

    Raises Unavailable or Conflict when the batch must come again as a whole; everything in it is idempotent.
    """
    works: dict[tuple[str, str, str], Work] = {}
    parked: list[Parked] = []
    for message in messages:
        try:
            update = parse_update(message.body)
            tenant, source = _addressees(update, c)
            work = works.setdefault((tenant.code, source.name, update.kind), Work(tenant, source, update.kind))
            work.add(update.subject)
        except InvalidUpdate as error:
            parked.append(Parked(queue, message.id, message.body[:200_000], error.reason, str(error), c.clock()))
    if parked:
        c.park.park(parked)
    stored = Stored()
    for work in works.values():
        stored.add(do(work, c=c))
    return stored


def _addressees(update: Update, c: Collaborators) -> tuple[Tenant, Source]:
    source = c.sources.get(update.source)
    if source is None:
        raise InvalidUpdate("unknown_source", f"no source is called {update.source}; there are {', '.join(c.sources)}")
    if not source.of_kind(update.kind):
        known = ", ".join(source.kinds)
        raise InvalidUpdate("unknown_kind", f"{source.name} says nothing about a {update.kind}; it does about {known}")
    tenant = c.tenants.get(update.tenant)
    if tenant is None:
        raise InvalidUpdate("unknown_tenant", f"there is no tenant {update.tenant}")
    if source.name not in tenant.sources:
        raise InvalidUpdate("source_not_configured", f"tenant {tenant.code} has no source {source.name}")
    return tenant, source


def do(work: Work, *, c: Collaborators) -> Stored:
    """Read keys and store what is there; what cannot be read now becomes due."""
    now = c.clock()
    if c.operations.paused(work.tenant.code, work.source.name):
        c.due.add(_due(work, key, now + PAUSED_MS, "paused", attempt=work.attempt) for key in work.keys.values())
        return Stored()
    nouns = work.source.of_kind(work.kind)
    readable, listed = [n for n in nouns if n.read], [n for n in nouns if n.listing and n.only_listed]
    stored = Stored()
    for noun in readable if work.named else ():
        stored.add(_read(work, noun, c=c))
    if listed and readable and LISTING not in work.keys:
        c.due.at_latest([_due(work, LISTING, now + LISTING_DELAY_MS, "listing", attempt=0)], now)
    elif listed:
        stored.add(_walk(work, listed, c=c))
    return stored


def _read(work: Work, noun: Noun, *, c: Collaborators) -> Stored:
    reader = c.reader(work.tenant, work.source)
    answers = reader.read(noun, work.named)
    stored = _keep(work, answers.sightings, c=c)
    _note_what_is_left(work, answers, c=c)
    lag = max(reader.site.lag_seconds, work.source.lag)
    if work.confirm and lag and answers.sightings:
        at = c.clock() + int(lag * 1000)
        keys = [s.key for s in answers.sightings if s not in stored.look_again]
        c.due.add(_due(work, key, at, "confirm", attempt=work.attempt, confirm=False) for key in keys)
    return stored


def _walk(work: Work, nouns: Sequence[Noun], *, c: Collaborators) -> Stored:
    """Walk whole listings; a walk that cannot be finished now is due again, ever later, and changes nothing."""
    stored = Stored()
    reader = c.reader(work.tenant, work.source)
    patience = Patience(work.patience_ms, c.wait, until=c.clock() + work.patience_ms)
    for noun in nouns:
        try:
            done = walk(reader, noun, patience=patience)
        except (SourceBusy, UnreadablePayload, NotThere) as error:
            work.busy = error if isinstance(error, SourceBusy) else work.busy
            later = c.clock() + min(LISTING_DELAY_MS * 2**work.attempt, LONGEST_DELAY_MS)
            at = max(later, error.retry_at) if isinstance(error, SourceBusy) else later
            why = f"{noun.thing}: {error or type(error).__name__}"
            c.due.add([_due(work, LISTING, at, why, attempt=work.attempt + 1)])
        else:
            stored.add(_keep(work, settled(done, records=c.records), c=c))
    return stored


def _keep(work: Work, sightings: Sequence[Sighting], *, c: Collaborators) -> Stored:
    return keep(work.tenant.code, work.source.name, sightings, c=c, cause=work.cause, who=work.source.name)


def _note_what_is_left(work: Work, answers: Answers, *, c: Collaborators) -> None:
    if answers.busy:
        work.busy = next(iter(answers.busy.values()))
        c.due.add(_due(work, key, busy.retry_at, str(busy), attempt=work.attempt) for key, busy in answers.busy.items())
    if answers.unreadable and work.attempt < UNREADABLE_TRIES:
        at = c.clock() + UNREADABLE_DELAY_MS * 4**work.attempt
        c.due.add(_due(work, key, at, why, attempt=work.attempt + 1) for key, why in answers.unreadable.items())
    elif answers.unreadable:
        name, now = f"updates-{work.source.name}", c.clock()
        c.park.park(
            Parked(name, f"unreadable#{work.kind}#{key}", _as_update(work, key), "unreadable", why, now)
            for key, why in answers.unreadable.items()
        )


def _as_update(work: Work, key: str) -> str:
    """An update that asks for the same read again: what is redriven once the source is mended."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"unreadable-{work.kind}-{key}"[:128],
            "type": type_of(work.kind),
            "source": work.source.name,
            "tenant": work.tenant.code,
            "subject": key,
            "time": "1970-01-01T00:00:00Z",
        }
    )


def _due(work: Work, key: str, at: int, why: str, *, attempt: int, confirm: bool = True) -> DueRead:
    return DueRead(
        tenant=work.tenant.code,
        source=work.source.name,
        kind=work.kind,
        key=key,
        at=at,
        cause=work.cause,
        why=why,
        confirm=confirm and work.confirm,
        attempt=attempt,
    )
