"""Project: changed aggregates become views and search documents, newer only, whole or not at all."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.keys import Ref
from chalicelib.domain.overlay import RENDER
from chalicelib.domain.record import Head
from chalicelib.domain.store import Conflict, DueClock, IndexWrite, StoredView, Unavailable
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import OVERLAY_VERSION, Document, View, view_version
from chalicelib.services.load import Loaded, Loader
from chalicelib.services.ports import Clock, DueList, Index, Records, Views

RETRY_MS = 60_000
"""When the index cannot be written, the thing is raised and so made again after this long."""
ATTEMPTS = 6
ROUNDS = 4
AHEAD = frozenset({"organization", "person", "vocabulary", "xseries", "node"})
"""What anything but a course shows of others beside their bodies; a course shows no bodies."""


@dataclass(frozen=True, slots=True)
class Made:
    """One view with what it takes to write it."""

    ref: Ref
    head: Head
    view: View | None
    before: StoredView | None
    edges: frozenset[Ref]
    """What has an edge to it by now."""
    loaded: Loaded

    @property
    def revision(self) -> int:
        return self.head.revision

    @property
    def seen(self) -> int:
        """The version of what was kept before, 0 when nothing was."""
        return view_version(self.before.revision, self.before.overlay_version) if self.before else 0

    @property
    def embeds(self) -> frozenset[Ref]:
        return self.view.embeds if self.view else frozenset()


@dataclass(frozen=True, slots=True)
class Work:
    """What projecting works with."""

    tenant: Tenant
    records: Records
    views: Views
    index: Index
    due: DueList
    clock: Clock


def project(
    tenant: Tenant,
    refs: Iterable[Ref],
    *,
    records: Records,
    views: Views,
    index: Index,
    due: DueList,
    clock: Clock,
    again: bool = False,
) -> int:
    """Make the views and documents of these things anew where the kept ones are older; tells how many were written.

    Edges are noted before the view that needs them and dropped after it; the view comes last, so that whatever dies
    before it is done once more. An index that cannot be written is written later, the views are there all the same.
    ``again``: make them even where they are not older. Raises Conflict when others kept writing first, Unavailable.
    """
    work = Work(tenant, records, views, index, due, clock)
    todo, written = [r for r in dict.fromkeys(refs) if r.kind in RENDER], 0
    for attempt in range(ATTEMPTS):
        made = _make(work, todo, again=again and attempt == 0)
        lost = _write(work, made)
        written += len(made) - len(lost)
        if not lost:
            return written
        todo = lost
    raise Conflict(f"{len(todo)} views of {tenant.code} were written by others {ATTEMPTS} times in a row")


def _make(work: Work, refs: list[Ref], *, again: bool) -> list[Made]:
    """Overlay until no edge is new: what is shown may have changed before its edge stood, so read it again.

    Then bodies are overlaid on the spot, too: a kept one may show the old state of what has no edge to us yet.
    """
    loader = Loader(work.tenant, work.records, work.views, work.clock())
    kept = work.views.get(work.tenant.code, refs)
    loaded = loader.closure(refs, ahead={r for view in kept.values() for r in _ahead(view)})
    heads = {r: loaded.things[r].head for r in refs}
    todo = [r for r in refs if heads[r].exists and (again or _is_older(kept.get(r), heads[r]))]
    edges = {r: kept[r].embeds if r in kept else frozenset() for r in todo}
    for _ in range(ROUNDS):
        made = [Made(r, loaded.things[r].head, loader.overlay(r, loaded), kept.get(r), edges[r], loaded) for r in todo]
        new = [(embedded, m.ref, m.revision) for m in made for embedded in sorted(m.embeds - m.edges)]
        if not new:
            break
        work.records.put_edges(work.tenant.code, new)
        edges = {m.ref: m.edges | m.embeds for m in made}
        loader = replace(loader, trust=False)
        loaded = loader.closure(todo, loaded.without({embedded for embedded, _, _ in new}))
    return made


def _ahead(view: StoredView) -> Collection[Ref]:
    return view.embeds if view.ref.kind == "course" else [r for r in view.embeds if r.kind in AHEAD]


def _is_older(kept: StoredView | None, head: Head) -> bool:
    return kept is None or view_version(kept.revision, kept.overlay_version) < view_version(head.revision)


def _write(work: Work, made: Sequence[Made]) -> list[Ref]:
    """Documents, what is due, views, in this order; returns those whose view somebody else wrote since."""
    if not made:
        return []
    code, now = work.tenant.code, work.clock()
    clocks = [DueClock(code, m.ref, m.view.valid_until) for m in made if m.view and m.view.valid_until]
    try:
        work.index.write([w for m in made for w in _index_writes(work.tenant, m)])
    except Unavailable:
        clocks += [DueClock(code, m.ref, now + RETRY_MS, why="index") for m in made]
    if clocks:
        work.due.at_latest(clocks, now)
    shown = [m for m in made if m.view is not None]
    put = work.views.put(code, [_stored(m) for m in shown], [m.seen for m in shown]) if shown else []
    done = [m for m, held in zip(shown, put, strict=True) if held]
    if dropped := [(embedded, m.ref, m.revision) for m in done for embedded in sorted(m.edges - m.embeds)]:
        work.records.drop_edges(code, dropped)
    return [m.ref for m, held in zip(shown, put, strict=True) if not held]


def _stored(made: Made) -> list[StoredView]:
    """The views of one thing, its own first: a course's runs are written with it."""
    assert made.view is not None
    view = made.view
    order = sorted(view.bodies, key=lambda r: (r != made.ref, r))
    return [
        StoredView(
            ref=ref,
            revision=made.revision,
            overlay_version=OVERLAY_VERSION,
            body=view.bodies[ref],
            embeds=view.embeds if ref == made.ref else frozenset(),
            valid_until=view.valid_until,
            owner=None if ref == made.ref else made.ref,
        )
        for ref in order
    ]


def _index_writes(tenant: Tenant, made: Made) -> list[IndexWrite]:
    version = view_version(made.revision)
    if made.view is None:
        tombstone = IndexWrite(tenant.code, Document(made.ref.kind, made.ref.key, {}), version)
        return [tombstone] if made.before else []
    return [IndexWrite(tenant.code, d, version, _carried(made.loaded, d)) for d in made.view.documents]


def _carried(loaded: Loaded, document: Document) -> bytes:
    """The records a document carries: unmodified, compressed, in one binary field."""
    things = [loaded.things[ref] for ref in document.refs if ref in loaded.things]
    carried = {str(thing.ref): {record.name: record.payload for record in thing.records} for thing in things}
    return zlib.compress(json.dumps(carried, separators=(",", ":")).encode("utf-8", "surrogatepass"), 1)
