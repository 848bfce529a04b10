"""Due: what must happen at an instant is done when it comes: reads, announcements, what time has changed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from chalicelib.domain.change import CLOCK, Change
from chalicelib.domain.store import Due, DueAnnouncement, DueClock, DueRead, SourceBusy, Unavailable
from chalicelib.services.ports import DueList
from chalicelib.services.reading import UNLIMITED
from chalicelib.services.tell import tell
from chalicelib.services.touch import raise_heads
from chalicelib.services.updates import LISTING, PATIENCE_MS, Collaborators, Work, do

TAKE = 500
READS_AT_ONCE = 10
"""Keys of a noun without batches that are read before the clock is looked at again."""
RAISED_AT_ONCE = 90
FAILED_MS = 60_000
"""What failed is due again after this long, twice as long each time it fails, an hour at most."""
T = TypeVar("T", DueRead, DueClock, DueAnnouncement)


@dataclass
class Done:
    """How much of what was due was done."""

    reads: int = 0
    announcements: int = 0
    clocks: int = 0
    failed: int = 0


@dataclass
class _Run:
    """One call: what it works with, when it ends, what it need not look at again."""

    c: Collaborators
    due: DueList
    end: int
    done: Done = field(default_factory=Done)
    skip: set[Due] = field(default_factory=set)
    busy: dict[tuple[str, str], SourceBusy] = field(default_factory=dict)
    waiting: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Calls put off, per tenant and source."""
    errors: list[Exception] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return self.c.clock() >= self.end


def do_due(*, c: Collaborators, due: DueList, seconds: float, sleep: Callable[[float], None] = time.sleep) -> Done:
    """Do what is due until nothing is left or the time is over; every part is idempotent and stays due until done.

    What fails does not hold up the rest; the first failure is raised at the end.
    """
    run = _Run(c, due, c.clock() + int(seconds * 1000))
    while not run.over:
        items = [i for i in due.take(c.clock(), TAKE) if i not in run.skip]
        if not items:
            pause = _soon(run)
            if not pause:
                break
            sleep(pause)
            continue
        _announce(run, [i for i in items if isinstance(i, DueAnnouncement)])
        _clocks(run, [i for i in items if isinstance(i, DueClock)])
        _reads(run, [i for i in items if isinstance(i, DueRead)])
    if run.errors:
        raise run.errors[0]
    return run.done


@contextmanager
def _guard(run: _Run, items: Sequence[Due]) -> Iterator[None]:
    """What fails here stays due, is not tried again in this call, and does not hold up the rest."""
    try:
        yield
    except Exception as error:
        run.errors.append(error)
        run.skip.update(items)
        run.done.failed += len(items)


def _soon(run: _Run) -> float:
    """Seconds until the next thing is due if that is within this call's time: budgets are paced by seconds."""
    now = run.c.clock()
    upcoming = [i for i in run.due.take(min(now + 2_000, run.end), TAKE) if i not in run.skip]
    return max(0.01, (upcoming[0].at - now) / 1000) if upcoming else 0


def _by_tenant(items: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for item in items:
        found.setdefault(item.tenant, []).append(item)
    return found


def _announce(run: _Run, items: Sequence[DueAnnouncement]) -> None:
    for tenant, announcements in _by_tenant(items).items():
        changes = {Change(tenant, a.ref.kind, a.ref.key, a.revision, a.cause): a for a in announcements}
        with _guard(run, announcements):
            refused = tell(tenant, list(changes), records=run.c.records, announce=run.c.announce)
            run.skip |= {changes[change] for change in refused}
            run.done.announcements += len(changes) - len(refused)


def _clocks(run: _Run, items: Sequence[DueClock]) -> None:
    for tenant, clocks in _by_tenant(items).items():
        for part in _parts(clocks, RAISED_AT_ONCE):
            with _guard(run, part):
                refs = list(dict.fromkeys(clock.ref for clock in part))
                raised = raise_heads(tenant, refs, CLOCK, records=run.c.records, clock=run.c.clock)
                tell(tenant, raised, records=run.c.records, announce=run.c.announce)
                run.due.done(part)
                run.done.clocks += len(part)


def _reads(run: _Run, items: Sequence[DueRead]) -> None:
    groups: dict[tuple[str, str, str, str, bool, bool], list[DueRead]] = {}
    for i in items:
        groups.setdefault((i.tenant, i.source, i.kind, i.cause, i.confirm, i.key == LISTING), []).append(i)
    for group in groups.values():
        for part in _parts(group, _at_once(run, group[0])):
            if run.over:
                return
            _read_part(run, part)


def _read_part(run: _Run, part: Sequence[DueRead]) -> None:
    """Read a part, unless its source was busy in this call already: a hanging source holds up nobody else's reads.

    Where a part fails, each of its keys goes alone: one that nobody can store must not hold up the others for ever.
    """
    place = (part[0].tenant, part[0].source)
    busy = run.busy.get(place)
    if busy is not None and busy.retry_at > run.c.clock():
        at = busy.retry_at + _pace(run, part[0]) * run.waiting[place]
        run.waiting[place] += -(-len(part) // _batch(run, part[0]))
        run.due.add(replace(i, at=at, attempt=i.attempt + 1) for i in part)
        return
    try:
        busy = _read(run, part)
    except Exception as error:
        if len(part) > 1 and not isinstance(error, Unavailable):
            for item in part:
                _read_part(run, [item])
            return
        run.errors.append(error)
        run.done.failed += len(part)
        run.due.add(replace(i, at=_later(run, i), attempt=i.attempt + 1) for i in part)
        return
    if busy is not None:
        run.busy[place] = busy
        run.waiting[place] = len(part)
    run.due.done(part)
    run.done.reads += len(part)


def _later(run: _Run, item: DueRead) -> int:
    return run.c.clock() + FAILED_MS * min(60, 1 << min(item.attempt, 6))


def _read(run: _Run, items: Sequence[DueRead]) -> SourceBusy | None:
    c, first = run.c, items[0]
    tenant, source = c.tenants.get(first.tenant), c.sources.get(first.source)
    if tenant is None or source is None or source.name not in tenant.sources:
        return None
    work = Work(
        tenant,
        source,
        first.kind,
        cause=first.cause,
        confirm=first.confirm,
        attempt=max(i.attempt for i in items),
        patience_ms=min(PATIENCE_MS, max(0, run.end - c.clock())),
    )
    for item in items:
        work.add(item.key)
    do(work, c=c)
    return work.busy


def _at_once(run: _Run, item: DueRead) -> int:
    return max(READS_AT_ONCE, _batch(run, item))


def _batch(run: _Run, item: DueRead) -> int:
    """As many as the source answers about in one call."""
    source = run.c.sources.get(item.source)
    return max((n.batch for n in source.of_kind(item.kind)), default=1) if source else 1


def _pace(run: _Run, item: DueRead) -> int:
    """Milliseconds between two calls of what is put off, so that not all of it comes back at once."""
    tenant = run.c.tenants.get(item.tenant)
    site = tenant.sources.get(item.source) if tenant else None
    return 60_000 // ((site.calls_per_minute if site else None) or UNLIMITED)


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
