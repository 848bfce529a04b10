"""Refresh: every listing of every source of a tenant walked through the same ingest; the backstop, never a deletion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.domain.change import REFRESH
from chalicelib.domain.keys import normal
from chalicelib.domain.record import digest_of
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.sources.base import Found, Noun, Source, UnreadablePayload
from chalicelib.domain.store import NotThere, Unavailable
from chalicelib.domain.tenant import Tenant
from chalicelib.services.keep import keep
from chalicelib.services.listing import settled, walk
from chalicelib.services.reading import Patience, Reader
from chalicelib.services.updates import Collaborators

MAX_WAIT_MS = 120_000
OK, FAILED, SKIPPED = "ok", "failed", "skipped"


@dataclass
class Outcome:
    """What one loader (a source's noun) did: seen, changed, and how it ended."""

    tenant: str
    source: str
    thing: str
    status: str = OK
    seen: int = 0
    changed: int = 0
    unreadable: int = 0
    pages: int = 0
    reported: int | None = None
    detail: str = ""


Progress = Callable[[Outcome], None]
Difference = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh of one tenant. ``wait`` sleeps (s) where a budget or Retry-After asks for it."""

    c: Collaborators
    tenant: Tenant
    wait: Callable[[float], None]
    progress: Progress = lambda outcome: None
    difference: Difference | None = None
    """Given: a dry run, told of every difference; nothing is written."""

    def run(self, sources: Iterable[str] = (), parallel: int = 4) -> list[Outcome]:
        """Walk everything, sources side by side, a source's nouns in order; one that fails does not stop the others."""
        wanted = list(sources) or list(self.tenant.sources)
        chosen = [s for name, s in self.c.sources.items() if name in wanted and name in self.tenant.sources]
        with ThreadPoolExecutor(max_workers=parallel) as pool:
            done = list(pool.map(self._source, chosen))
        outcomes = [outcome for part in done for outcome in part]
        if self.difference is None:
            report = {"at": self.c.clock(), "outcomes": [asdict(o) for o in outcomes]}
            self.c.operations.note(f"refresh#{self.tenant.code}", report)
        return outcomes

    def one(self, kind: str, key: str) -> list[Outcome]:
        """Read one key from every source that can be asked about it."""
        outcomes = []
        for source in self.c.sources.values():
            if source.name in self.tenant.sources:
                nouns = [n for n in source.of_kind(kind) if n.read]
                outcomes += [self._guarded(source, noun, lambda o, r, n: self._keyed(o, r, n, key)) for noun in nouns]
        return outcomes

    def _source(self, source: Source) -> list[Outcome]:
        return [self._guarded(source, noun, self._walk) for noun in source.nouns if noun.listing]

    def _guarded(self, source: Source, noun: Noun, work: Callable[[Outcome, Reader, Noun], None]) -> Outcome:
        outcome = Outcome(self.tenant.code, source.name, noun.thing)
        if self.c.operations.paused(self.tenant.code, source.name):
            outcome.status, outcome.detail = SKIPPED, "paused"
            return outcome
        try:
            work(outcome, self.c.reader(self.tenant, source), noun)
        except Exception as error:
            outcome.status, outcome.detail = FAILED, f"{type(error).__name__}: {error}"
        self.progress(outcome)
        return outcome

    def _keyed(self, outcome: Outcome, reader: Reader, noun: Noun, key: str) -> None:
        answers = reader.read(noun, [key])
        for busy in answers.busy.values():
            raise busy
        for why in answers.unreadable.values():
            raise UnreadablePayload(why)
        self._take(outcome, noun, answers.sightings)

    def _walk(self, outcome: Outcome, reader: Reader, noun: Noun) -> None:
        if noun.only_listed:
            self._complete(outcome, reader, noun)
            return
        number: int | None = noun.first
        while number is not None:
            number = self._page(outcome, reader, noun, number)
            self.progress(outcome)

    def _page(self, outcome: Outcome, reader: Reader, noun: Noun, number: int) -> int | None:
        """One page; a late page that is 404 ends the walk of a source that over-reports its count."""
        try:
            page, ticket = reader.page(noun, number, self._patience)
        except NotThere:
            if number == noun.first:
                raise
            outcome.detail = f"page {number} is not there, though the source counted {outcome.reported}"
            return None
        outcome.pages += 1
        outcome.unreadable += page.unreadable
        outcome.reported = page.count if outcome.reported is None else outcome.reported
        found = [f for f in page.found if self._readable(outcome, noun, f)]
        self._take(outcome, noun, [reader.sighting(noun, f, ticket) for f in found])
        return page.next

    def _complete(self, outcome: Outcome, reader: Reader, noun: Noun) -> None:
        def told(seen: int, count: int | None) -> None:
            outcome.pages += 1
            outcome.seen, outcome.reported = seen, count
            self.progress(outcome)

        done = walk(reader, noun, patience=self._patience, progress=told)
        if not done.complete:
            outcome.detail = (
                f"not complete: {len(done.elements)} seen, {done.count} counted, {done.unreadable} unreadable"
            )
        outcome.seen, outcome.unreadable = 0, done.unreadable
        dry = self.difference is not None
        self._take(outcome, noun, done.sightings if dry else settled(done, records=self.c.records))

    @property
    def _patience(self) -> Patience:
        return Patience(MAX_WAIT_MS, self.wait)

    @staticmethod
    def _readable(outcome: Outcome, noun: Noun, found: Found) -> bool:
        try:
            normal(noun.kind, found.key)
        except ValueError:
            outcome.unreadable += 1
            return False
        return True

    def _take(self, outcome: Outcome, noun: Noun, sightings: Sequence[Sighting]) -> None:
        outcome.seen += len(sightings)
        if self.difference is not None:
            outcome.changed += self._compare(sightings, self.difference)
            return
        source, *_ = {s.source for s in sightings} or [""]
        try:
            outcome.changed += keep(self.tenant.code, source, sightings, c=self.c, cause=REFRESH, who="refresh").changed
        except Unavailable:
            raise
        except Exception as error:
            self._one_by_one(outcome, noun, sightings, error)

    def _one_by_one(self, outcome: Outcome, noun: Noun, sightings: Sequence[Sighting], error: Exception) -> None:
        """One thing that cannot be stored must not end a walk; it makes the loader one that failed."""
        if len(sightings) == 1:
            outcome.status, outcome.detail = FAILED, f"{sightings[0].key}: {type(error).__name__}: {error}"
            return
        outcome.seen -= len(sightings)
        for sighting in sightings:
            self._take(outcome, noun, [sighting])

    def _compare(self, sightings: Sequence[Sighting], tell: Difference) -> int:
        known = self.c.records.aggregates(self.tenant.code, [s.ref for s in sightings])
        changed = 0
        for sighting in sightings:
            record = known[sighting.ref].record(sighting.name)
            if record is None or record.digest != digest_of(sighting.payload):
                changed += 1
                before = record.payload if record else None
                tell(
                    {
                        "kind": sighting.kind,
                        "key": sighting.key,
                        "record": sighting.name,
                        "before": before,
                        "after": sighting.payload,
                    }
                )
        return changed
