"""Reading a source: keys to sightings, in batches where the source can, singly where a batch left one out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from chalicelib.domain.keys import normal
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.sources.base import Found, Noun, Page, Source, UnreadablePayload
from chalicelib.domain.store import NotThere, SourceBusy
from chalicelib.domain.tenant import SourceSite, Tenant
from chalicelib.services.ports import Budget, Clock, Fetch, Operations

MAX_PAGES = 20_000
Draw = Callable[[], int]
"""Gives the ticket of a read."""
UNLIMITED = 600
"""Calls a minute at which a source without a budget is asked again after it was busy."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How the read of a page waits (s) for its budget: so long (ms), and never past ``until`` (ms since 1970)."""

    milliseconds: int
    wait: Callable[[float], None]
    until: int | None = None

    def end(self, now: int) -> int:
        """When to give up what is begun now."""
        end = now + self.milliseconds
        return end if self.until is None else min(end, self.until)


@dataclass
class Answers:
    """What a read brought: sightings, keys that cannot be read now (when to ask again), answers nobody can read."""

    sightings: list[Sighting] = field(default_factory=list)
    busy: dict[str, SourceBusy] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """One source of one tenant, with what every read of it draws on."""

    tenant: Tenant
    source: Source
    site: SourceSite
    fetch: Fetch
    budget: Budget
    operations: Operations
    clock: Clock

    def read(self, noun: Noun, keys: Sequence[str]) -> Answers:
        """Ask about keys (in the source's spelling). Nothing is raised: what cannot be read now is in the answer.

        Once the source is busy the rest is not asked for; it is due at the pace of the budget. Where there is no
        budget, keys that are read singly share a ticket: it was drawn before each of them was read.
        """
        answers = Answers()
        size = 1 if self._singly(noun) else max(1, noun.batch)
        draw = cache(self._ticket) if size == 1 and self.site.calls_per_minute is None else self._ticket
        parts = [keys[start : start + size] for start in range(0, len(keys), size)]
        for number, part in enumerate(parts):
            try:
                self._read_part(noun, part, answers, draw)
            except SourceBusy as busy:
                for later, rest in enumerate(parts[number:]):
                    answers.busy |= dict.fromkeys(rest, self._paced(busy, later))
                break
            except UnreadablePayload as error:
                self._one_by_one(noun, part, answers, str(error))
        return answers

    def _paced(self, busy: SourceBusy, calls: int) -> SourceBusy:
        """When the call after so many others may be made."""
        return SourceBusy(str(busy), busy.retry_at + calls * 60_000 // (self.site.calls_per_minute or UNLIMITED))

    def _read_part(self, noun: Noun, keys: Sequence[str], answers: Answers, draw: Draw) -> None:
        assert noun.read is not None and noun.found is not None
        if len(keys) == 1 and noun.read_one is not None:
            self._read_one(noun, keys[0], answers, draw)
            return
        requests = noun.read(self.site, keys)
        if not requests:
            return
        ticket = draw()
        found: list[Found] = []
        for number, request in enumerate(requests):
            if number:
                self._allowed()
            try:
                found += noun.found(self.fetch(self.tenant, self.source, noun, self.site, request))
            except NotThere:
                continue
        self._sort_out(noun, keys, found, ticket, answers)

    def _sort_out(self, noun: Noun, keys: Sequence[str], found: Sequence[Found], ticket: int, answers: Answers) -> None:
        """Take what was asked for; a host with more answers ignores the question and is read singly from now on."""
        asked = {normal(noun.kind, key): key for key in keys}
        got = {normal(noun.kind, f.key): f for f in found if _readable(noun, f.key)}
        if len(keys) > 1 and got.keys() - asked.keys():
            self.operations.note(self._single_name(noun), True)
        for name, key in asked.items():
            if name in got:
                answers.sightings.append(self.sighting(noun, got[name], ticket))
            elif len(keys) > 1 and noun.read_one is not None:
                self._quietly(noun, key, answers)
            else:
                answers.sightings.append(self._absence(noun, key, ticket))

    def _read_one(self, noun: Noun, key: str, answers: Answers, draw: Draw) -> None:
        assert noun.read_one is not None and noun.found is not None
        ticket = draw()
        try:
            body = self.fetch(self.tenant, self.source, noun, self.site, noun.read_one(self.site, key))
        except NotThere:
            answers.sightings.append(self._absence(noun, key, ticket))
            return
        wanted = normal(noun.kind, key)
        mine = [f for f in noun.found(body) if _readable(noun, f.key) and normal(noun.kind, f.key) == wanted]
        if not mine:
            answers.sightings.append(self._absence(noun, key, ticket))
        answers.sightings += [self.sighting(noun, f, ticket) for f in mine[:1]]

    def _quietly(self, noun: Noun, key: str, answers: Answers) -> None:
        try:
            self._read_one(noun, key, answers, self._ticket)
        except SourceBusy as busy:
            answers.busy[key] = busy
        except UnreadablePayload as error:
            answers.unreadable[key] = str(error)

    def _one_by_one(self, noun: Noun, keys: Sequence[str], answers: Answers, why: str) -> None:
        """One element that nobody can read must not hold up the others of its batch."""
        if len(keys) == 1:
            answers.unreadable[keys[0]] = why
            return
        for key in keys:
            part = self.read(noun, [key])
            answers.sightings += part.sightings
            answers.busy |= part.busy
            answers.unreadable |= part.unreadable

    def walk(self, noun: Noun, patience: Patience) -> Iterator[tuple[Page, int]]:
        """Every page of a listing with the ticket drawn before it. Raises SourceBusy, UnreadablePayload, NotThere."""
        number: int | None = noun.first
        for _ in range(MAX_PAGES):
            if number is None:
                return
            page, ticket = self.page(noun, number, patience)
            yield page, ticket
            number = page.next
        raise UnreadablePayload(f"{self.source.name} {noun.thing}: the listing does not end after {MAX_PAGES} pages")

    def page(self, noun: Noun, number: int, patience: Patience) -> tuple[Page, int]:
        """One page of a listing with the ticket drawn before it; waits where budget or Retry-After ask for it."""
        assert noun.listing is not None and noun.page is not None
        give_up = patience.end(self.clock())
        while True:
            try:
                ticket = self._ticket()
                body = self.fetch(self.tenant, self.source, noun, self.site, noun.listing(self.site, number))
                return noun.page(body, number), ticket
            except SourceBusy as busy:
                if busy.retry_at > give_up:
                    raise
                patience.wait(max(0.01, (busy.retry_at - self.clock()) / 1000))

    def sighting(self, noun: Noun, found: Found, ticket: int) -> Sighting:
        """What an element says, as a sighting."""
        return Sighting(
            noun.kind, found.key, self.source.name, noun.thing, noun.version, found.payload, ticket, self.clock()
        )

    def _absence(self, noun: Noun, key: str, ticket: int) -> Sighting:
        return Sighting(noun.kind, key, self.source.name, noun.thing, noun.version, None, ticket, self.clock())

    def _ticket(self) -> int:
        """Draw a ticket once the budget is granted; raises SourceBusy where it is not."""
        self._allowed()
        return self.operations.ticket(self.tenant.code, self.source.name)

    def _allowed(self) -> None:
        """One call may be made now; raises SourceBusy where the budget is spent."""
        retry_at = self.budget.grant(self.site.budget, self.site.calls_per_minute, self.clock())
        if retry_at:
            raise SourceBusy(f"the budget of {self.site.budget} is spent", retry_at)

    def _single_name(self, noun: Noun) -> str:
        return f"singly#{self.tenant.code}#{self.source.name}#{noun.thing}"

    def _singly(self, noun: Noun) -> bool:
        return noun.batch > 1 and bool(self.operations.noted(self._single_name(noun)))


def _readable(noun: Noun, key: str) -> bool:
    try:
        normal(noun.kind, key)
    except ValueError:
        return False
    return True
