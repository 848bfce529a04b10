"""Touch: what shows something of a changed thing is raised, in bounded pages that carry on where they stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.change import OWN, TOUCH, Change
from chalicelib.domain.keys import Ref
from chalicelib.domain.links import depth
from chalicelib.domain.record import Head, next_revision
from chalicelib.domain.store import Conflict, HeadWrite, Unit
from chalicelib.services.ports import Announce, Clock, Records
from chalicelib.services.tell import tell

PAGE = 90
"""Heads raised in one transaction."""
PAGES = 20
"""Pages of edges that are read at once beside the first of each; what is left goes on as a message of its own."""
ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Touching:
    """A change on its way along the edges: ``after`` is where the next page begins."""

    change: Change
    after: str = ""


def touch(
    works: Sequence[Touching], *, records: Records, announce: Announce, clock: Clock, pages: int = PAGES
) -> list[Touching]:
    """Raise what shows the changed things, each once however many of them it shows; returns what is left to do.

    One hop: only changes by own records travel, a touch never causes a touch. What shows others deeper is raised later,
    and everything is raised before anything is announced: a program that is made anew meets courses that were raised
    already, so it does not take their kept bodies.
    """
    shown: dict[str, set[Ref]] = {}
    left: list[Touching] = []
    for work in works:
        change = work.change
        if change.cause not in OWN:
            continue
        found = shown.setdefault(change.tenant, set())
        refs, after = records.embedded_by(change.tenant, change.ref, work.after, PAGE)
        found.update(refs)
        while after and pages > 0:
            refs, after = records.embedded_by(change.tenant, change.ref, after, PAGE)
            found.update(refs)
            pages -= 1
        left += [Touching(change, after)] if after else []
    for tenant, named in shown.items():
        _raise_and_tell(tenant, sorted(named, key=lambda r: (depth(r.kind), r)), records, announce, clock)
    return left


def _raise_and_tell(tenant: str, refs: Sequence[Ref], records: Records, announce: Announce, clock: Clock) -> None:
    raised: list[Change] = []
    for start in range(0, len(refs), PAGE):
        raised += raise_heads(tenant, refs[start : start + PAGE], TOUCH, records=records, clock=clock)
    tell(tenant, raised, records=records, announce=announce)


def raise_heads(tenant: str, refs: Sequence[Ref], cause: str, *, records: Records, clock: Clock) -> list[Change]:
    """Raise the revisions of heads that exist; returns what is to be announced. Raises Conflict."""
    changes: list[Change] = []
    pending = list(refs)
    for _ in range(ATTEMPTS):
        if not pending:
            return changes
        heads = records.heads(tenant, pending)
        units = [Unit((_raised(ref, head, clock(), cause),)) for ref, head in heads.items() if head.exists]
        failed = records.commit(tenant, units) if units else ()
        lost = {unit.writes[0].ref for unit in failed}
        done = [unit.writes[0] for unit in units if unit.writes[0].ref not in lost]
        changes += [Change(tenant, w.ref.kind, w.ref.key, w.head.revision, cause) for w in done]
        pending = sorted(lost)
    raise Conflict(f"{len(pending)} heads of {tenant} were written by others {ATTEMPTS} times in a row")


def _raised(ref: Ref, head: Head, now: int, cause: str) -> HeadWrite:
    raised = replace(head, lock=head.lock + 1, revision=next_revision(head.revision, now))
    return HeadWrite(ref, head, raised, cause=cause)
