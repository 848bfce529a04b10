"""What a store holds, without what may differ between two histories that end the same: locks, revisions, times."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.keys import Ref
from chalicelib.domain.overlay import RENDER
from chalicelib.domain.record import Head
from chalicelib.domain.store import DueAnnouncement
from chalicelib.domain.view import view_version
from tests.fakes.store import Store
from tests.fakes.world import World

CHANGING = {"modified", "data_modified_timestamp", "_created"}
"""Fields that tell when a payload was first read."""


def marks(head: Head) -> dict[str, tuple[Any, ...]]:
    """Marks by record, without the instants."""
    return {
        n: (m.ticket, m.digest, m.version, m.state) for n, m in head.marks.items() if not n.startswith("registry#m")
    }


def stored(store: Store) -> dict[Ref, Any]:
    """Per thing its marks, links and payloads."""
    found = {}
    for (_, ref), kept in store.records.heads_kept.items():
        payloads = {n: r.payload for (_, of, n), r in store.records.records_kept.items() if of == ref}
        head = kept.head
        found[ref] = (marks(head), head.runs, head.programs, head.course, payloads)
    return found


def shown(bodies: Any) -> Any:
    """Bodies without when anything was read."""
    if isinstance(bodies, dict):
        return {name: shown(value) for name, value in bodies.items() if name not in CHANGING}
    return [shown(value) for value in bodies] if isinstance(bodies, list) else bodies


def consistent(store: Store) -> None:
    """Links that agree at both ends, look-ups that lead to what claimed them, one slug and uuid each."""
    heads = {ref: kept.head for (_, ref), kept in store.records.heads_kept.items()}
    for ref, head in heads.items():
        if head.course:
            assert ref.key in heads[Ref("course", head.course)].runs
        for run in head.runs if ref.kind == "course" else ():
            assert heads[Ref("run", run)].course == ref.key
        for key in head.programs if ref.kind == "course" else ():
            assert ref.key in heads[Ref("program", key)].programs
        for key in head.programs if ref.kind == "program" else ():
            assert ref.key in heads[Ref("course", key)].programs
        names = {n for (_, of, n) in store.records.records_kept if of == ref}
        assert names == {n for n, mark in head.marks.items() if mark.digest}
    for (tenant, kind, name, value), ref in store.records.claims.items():
        minted = store.records.records_kept[tenant, ref, "registry#minted"].payload
        assert ref.kind == kind
        assert value == str(minted[name]) or value in minted["slugs"]


def differences(kept: Any, fresh: Any, at: str = "") -> list[str]:
    """Where two bodies differ: the path, what is kept, what it should be."""
    if isinstance(kept, dict) and isinstance(fresh, dict):
        names = sorted(kept.keys() | fresh.keys())
        return [d for n in names for d in differences(kept.get(n), fresh.get(n), f"{at}.{n}")]
    if isinstance(kept, list) and isinstance(fresh, list) and len(kept) == len(fresh):
        return [d for i, pair in enumerate(zip(kept, fresh, strict=True)) for d in differences(*pair, f"{at}[{i}]")]
    return [] if kept == fresh else [f"{at}: {kept!r} is not {fresh!r}"]


def settled(world: World) -> None:
    """What must hold once the queues are empty: views and documents are those of now, and every touch would arrive."""
    store, tenant = world.store, world.tenant.code
    consistent(store)
    assert [d for d in store.due.take(world.clock(), 999) if isinstance(d, DueAnnouncement)] == []
    heads = {ref: kept.head for (_, ref), kept in store.records.heads_kept.items() if kept.head.exists}
    things = [ref for ref in heads if ref.kind in RENDER]
    fresh = world.fresh([*things, *(ref for ref in heads if ref.kind == "run")])
    for ref in things:
        if ref in fresh:
            kept = store.views.kept[tenant, ref]
            assert kept.revision == heads[ref].revision, (
                f"{ref} is kept at {kept.revision}, not at {heads[ref].revision}"
            )
            assert kept.body == fresh[ref], f"{ref} shows something old: {differences(kept.body, fresh[ref])}"
            missing = [e for e in kept.embeds if (tenant, e, ref) not in store.records.edges]
            assert not missing, f"{ref} shows {missing} without an edge"
            assert index_version(store, tenant, ref) == view_version(heads[ref].revision), f"the index has an old {ref}"
    for ref, body in fresh.items():
        if ref.kind == "run":
            assert store.views.kept[tenant, ref].body == body


def index_version(store: Store, tenant: str, ref: Ref) -> int | None:
    """What the index has of a thing."""
    return store.index.revision_of(tenant, ref.kind, ref.key)
