"""Due: what must happen at an instant is done when it comes: reads, announcements, what time has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.domain.change import CLOCK, Change
from chalicelib.domain.store import DueAnnouncement, DueClock, DueRead
from chalicelib.services.ports import DueList
from chalicelib.services.tell import tell
from chalicelib.services.touch import raise_heads
from chalicelib.services.updates import Collaborators, Work, do

TAKE = 500
READS_AT_ONCE = 50


@dataclass
class Done:
    """How much of what was due was done."""

    reads: int = 0
    announcements: int = 0
    clocks: int = 0
    left: int = 0


def do_due(*, c: Collaborators, due: DueList, seconds: float, sleep: Callable[[float], None] = time.sleep) -> Done:
    """Do what is due until nothing is left or the time is over; every part is idempotent and stays due until done."""
    done, end = Done(), c.clock() + int(seconds * 1000)
    while c.clock() < end:
        items = due.take(c.clock(), TAKE)
        if not items:
            next_at = _soon(due, c, end)
            if not next_at:
                break
            sleep(next_at)
            continue
        _announce([i for i in items if isinstance(i, DueAnnouncement)], done, c=c)
        _clocks([i for i in items if isinstance(i, DueClock)], done, c=c, due=due)
        _reads([i for i in items if isinstance(i, DueRead)], done, c=c, due=due, end=end)
    return done


def _soon(due: DueList, c: Collaborators, end: int) -> float:
    """Seconds until the next thing is due if that is within this call's time: budgets are paced by seconds."""
    upcoming = due.take(min(c.clock() + 2_000, end), 1)
    return max(0.01, (upcoming[0].at - c.clock()) / 1000) if upcoming else 0


def _announce(items: Sequence[DueAnnouncement], done: Done, *, c: Collaborators) -> None:
    by_tenant: dict[str, list[DueAnnouncement]] = {}
    for item in items:
        by_tenant.setdefault(item.tenant, []).append(item)
    for tenant, announcements in by_tenant.items():
        changes = [Change(tenant, a.ref.kind, a.ref.key, a.revision, a.cause) for a in announcements]
        done.announcements += tell(tenant, changes, records=c.records, announce=c.announce)


def _clocks(items: Sequence[DueClock], done: Done, *, c: Collaborators, due: DueList) -> None:
    by_tenant: dict[str, list[DueClock]] = {}
    for item in items:
        by_tenant.setdefault(item.tenant, []).append(item)
    for tenant, clocks in by_tenant.items():
        refs = [clock.ref for clock in clocks]
        for start in range(0, len(refs), 90):
            raised = raise_heads(tenant, refs[start : start + 90], CLOCK, records=c.records, clock=c.clock)
            tell(tenant, raised, records=c.records, announce=c.announce)
        due.done(clocks)
        done.clocks += len(clocks)


def _reads(items: Sequence[DueRead], done: Done, *, c: Collaborators, due: DueList, end: int) -> None:
    groups: dict[tuple[str, str, str, str, bool], list[DueRead]] = {}
    for item in items:
        groups.setdefault((item.tenant, item.source, item.kind, item.cause, item.confirm), []).append(item)
    for group in groups.values():
        for start in range(0, len(group), READS_AT_ONCE):
            if c.clock() >= end:
                return
            part = group[start : start + READS_AT_ONCE]
            _read(part, c=c)
            due.done(part)
            done.reads += len(part)


def _read(items: Sequence[DueRead], *, c: Collaborators) -> None:
    first = items[0]
    tenant, source = c.tenants.get(first.tenant), c.sources.get(first.source)
    if tenant is None or source is None or source.name not in tenant.sources:
        return
    attempt = max(i.attempt for i in items)
    work = Work(tenant, source, first.kind, cause=first.cause, confirm=first.confirm, attempt=attempt)
    for item in items:
        work.add(item.key)
    do(work, c=c)
