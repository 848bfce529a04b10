"""Updates: what a source's queue delivers is read from the source and stored; nothing good is parked or lost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.change import EDIT
from chalicelib.domain.keys import normal
from chalicelib.domain.sighting import SECOND_LOOK_MS, Sighting
from chalicelib.domain.sources.base import Noun, Source
from chalicelib.domain.store import DueRead, Parked
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.update import InvalidUpdate, Update, parse_update, type_of
from chalicelib.services.ingest import ingest
from chalicelib.services.listing import walk_complete
from chalicelib.services.plan import Stored
from chalicelib.services.ports import Announce, Budget, Clock, DueList, Fetch, Operations, Park, Records, Tenants
from chalicelib.services.reading import Answers, Reader
from chalicelib.services.retirement import may_retire, note_known, note_misses

LISTING = "*"
LISTING_DELAY_MS = 60_000
"""A listing that only complements what can be read by key is walked once for all the updates of a minute."""


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
    if c.operations.paused(work.tenant.code, work.source.name):
        c.due.add(_later(work, work.keys.values(), c.clock() + LISTING_DELAY_MS, "paused"))
        return Stored()
    nouns = work.source.of_kind(work.kind)
    readable, listed = [n for n in nouns if n.read], [n for n in nouns if n.listing and n.only_listed]
    stored = Stored()
    for noun in readable if work.named else ():
        stored.add(_read(work, noun, c=c))
    if listed and readable and LISTING not in work.keys:
        c.due.add([_due(work, LISTING, c.clock() + LISTING_DELAY_MS, "listing", attempt=0)])
    elif listed:
        stored.add(_walk(work, listed, c=c))
    return stored


def _read(work: Work, noun: Noun, *, c: Collaborators) -> Stored:
    reader = c.reader(work.tenant, work.source)
    answers = reader.read(noun, work.named)
    stored = _store(work, answers.sightings, c=c)
    _note_what_is_left(work, answers, c=c)
    lag = max(reader.site.lag_seconds, work.source.lag)
    if work.confirm and lag and answers.sightings:
        at = c.clock() + int(lag * 1000)
        keys = [s.key for s in answers.sightings]
        c.due.add(_later(work, keys, at, "confirm", confirm=False))
    return stored


def _walk(work: Work, nouns: Sequence[Noun], *, c: Collaborators) -> Stored:
    """Walk whole listings; a walk that cannot be finished now is due again."""
    stored = Stored()
    for noun in nouns:
        answers = walk_complete(c.reader(work.tenant, work.source), noun, operations=c.operations)
        stored.add(_store(work, answers.sightings, c=c))
        _note_what_is_left(work, answers, c=c)
    return stored


def _store(work: Work, sightings: Sequence[Sighting], *, c: Collaborators) -> Stored:
    tenant, source = work.tenant.code, work.source.name
    stored = ingest(
        tenant,
        sightings,
        records=c.records,
        announce=c.announce,
        clock=c.clock,
        cause=work.cause,
        who=source,
        may_retire=not any(s.absent for s in sightings)
        or may_retire(tenant, source, operations=c.operations, now=c.clock()),
    )
    if stored.first_seen:
        note_known(tenant, source, stored.first_seen, operations=c.operations)
    if stored.look_again:
        note_misses(tenant, source, len(stored.look_again), operations=c.operations, now=c.clock())
        again = c.clock() + SECOND_LOOK_MS
        c.due.add(_later(work, [s.key for s in stored.look_again], again, "404: a second look", confirm=False))
    return stored


def _note_what_is_left(work: Work, answers: Answers, *, c: Collaborators) -> None:
    for key, busy in answers.busy.items():
        c.due.add([_due(work, key, busy.retry_at, str(busy), attempt=work.attempt + 1)])
    name = f"updates-{work.source.name}"
    now = c.clock()
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


def _later(work: Work, keys: Iterable[str], at: int, why: str, *, confirm: bool = True) -> list[DueRead]:
    return [_due(work, key, at, why, attempt=work.attempt, confirm=confirm) for key in keys]


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
