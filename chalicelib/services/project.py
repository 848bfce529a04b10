"""Project: changed aggregates become views and search documents, newer only, whole or not at all."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Head
from chalicelib.domain.store import DueClock, IndexWrite, StoredView, Unavailable
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import OVERLAY_VERSION, Document, View, view_version
from chalicelib.services.load import Loaded, Loader
from chalicelib.services.ports import Clock, DueList, Index, Records, Views

RETRY_MS = 20_000
"""When the index cannot be written, the change is announced again after this long."""
ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Made:
    """One view with what it takes to write it."""

    ref: Ref
    head: Head
    view: View | None
    before: StoredView | None
    loaded: Loaded

    @property
    def revision(self) -> int:
        return self.head.revision


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

    Edges are noted before the view that needs them and dropped after it. An index that cannot be written makes the
    change due again; the views are there all the same. ``again``: make them even where they are not older.
    """
    now = clock()
    loader = Loader(tenant, records, views, now)
    made = _make(loader, list(dict.fromkeys(refs)), records=records, views=views, again=again)
    groups = [_stored(m) for m in made if m.view is not None]
    if groups:
        views.put(tenant.code, groups)
    try:
        index.write([w for m in made for w in _index_writes(tenant, m)])
    except Unavailable:
        records.postpone(tenant.code, [m.ref for m in made], clock() + RETRY_MS)
    records.drop_edges(tenant.code, [e for m in made for e in _dropped(m)])
    due.add(DueClock(tenant.code, m.ref, m.view.valid_until) for m in made if m.view and m.view.valid_until)
    return len(made)


def _make(loader: Loader, refs: list[Ref], *, records: Records, views: Views, again: bool) -> list[Made]:
    """Overlay until no edge is new: what is embedded may have changed before its edge stood, so read it again."""
    code = loader.tenant.code
    kept = dict(views.get(code, refs))
    loaded = loader.closure(refs)
    todo = [
        r for r in refs if loaded.things[r].head.exists and (again or _is_older(kept.get(r), loaded.things[r].head))
    ]
    made: list[Made] = []
    for _ in range(ROUNDS):
        made = [Made(r, loaded.things[r].head, loader.overlay(r, loaded), kept.get(r), loaded) for r in todo]
        new = [edge for m in made for edge in _new_edges(m)]
        if not new:
            break
        records.put_edges(code, new)
        kept |= {m.ref: _with_edges(m) for m in made if m.view is not None}
        loaded = loader.closure(todo, _without(loaded, {embedded for embedded, _, _ in new}))
    return made


def _is_older(kept: StoredView | None, head: Head) -> bool:
    return kept is None or view_version(kept.revision, kept.overlay_version) < view_version(head.revision)


def _without(loaded: Loaded, refs: set[Ref]) -> Loaded:
    return Loaded(
        {r: a for r, a in loaded.things.items() if r not in refs},
        {r: b for r, b in loaded.bodies.items() if r not in refs},
    )


def _with_edges(made: Made) -> StoredView:
    """What is kept, as if it had all the edges that now stand."""
    assert made.view is not None
    before = made.before
    embeds = made.view.embeds | (before.embeds if before else frozenset())
    if before is None:
        return StoredView(made.ref, 0, 0, {}, embeds)
    return StoredView(made.ref, before.revision, before.overlay_version, before.body, embeds)


def _new_edges(made: Made) -> list[tuple[Ref, Ref, int]]:
    before = made.before.embeds if made.before else frozenset()
    after = made.view.embeds if made.view else frozenset()
    return [(embedded, made.ref, made.revision) for embedded in sorted(after - before)]


def _dropped(made: Made) -> list[tuple[Ref, Ref, int]]:
    before = made.before.embeds if made.before else frozenset()
    after = made.view.embeds if made.view else frozenset()
    return [(embedded, made.ref, made.revision) for embedded in sorted(before - after)]


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
