"""Explain: where a thing comes from, who won each field, which rules it passes, what the index has of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.keys import Ref
from chalicelib.domain.merging.explain import rules
from chalicelib.domain.record import Aggregate
from chalicelib.domain.store import Unavailable
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import OVERLAY_VERSION, view_version
from chalicelib.services.load import Loader
from chalicelib.services.ports import Clock, ReadIndex, ReadRecords, ReadViews


def explain(
    tenant: Tenant, ref: Ref, *, records: ReadRecords, views: ReadViews, index: ReadIndex, clock: Clock
) -> dict[str, Any] | None:
    """``{key, sources, fields, rules, view, index}``, or None when no source ever said anything of it."""
    now = clock()
    loader = Loader(tenant, records, views, now)
    own = records.aggregates(tenant.code, [ref])[ref]
    if not own.head.exists:
        return None
    root = Ref("course", own.head.course) if ref.kind == "run" and own.head.course else ref
    loaded = loader.closure([root])
    view = loader.overlay(root, loaded)
    kept = views.get(tenant.code, [ref]).get(ref)
    owner = loaded.things[root]
    body = view.bodies.get(ref) if view else None
    return {
        "kind": ref.kind,
        "key": ref.key,
        "sources": [s for a in _with_runs(own, loaded.things) for s in _sources(a, now)],
        "fields": dict(view.fields) if view else {},
        "rules": rules(body, datetime.fromtimestamp(now / 1000, UTC)) if body else [],
        "view": {
            "revision": owner.head.revision,
            "overlay_version": OVERLAY_VERSION,
            "kept": {"revision": kept.revision, "overlay_version": kept.overlay_version} if kept else None,
        },
        "index": _index(tenant.code, ref, owner.head.revision, index),
    }


def _with_runs(own: Aggregate, things: Any) -> list[Aggregate]:
    runs = [things[Ref("run", key)] for key in sorted(own.head.runs) if Ref("run", key) in things]
    return [own, *(run for run in runs if run.ref != own.ref)]


def _sources(aggregate: Aggregate, now: int) -> list[dict[str, Any]]:
    said = {record.name: record for record in aggregate.records}
    return [
        {
            "of": str(aggregate.ref),
            "source": name.partition("#")[0],
            "thing": name.partition("#")[2],
            "state": mark.state,
            "version": mark.version,
            "ticket": mark.ticket,
            "read_at": _iso(mark.read_at),
            "age_seconds": max(0, (now - mark.read_at) // 1000) if mark.read_at else None,
            "record": said[name].payload if name in said else None,
        }
        for name, mark in sorted(aggregate.head.marks.items())
    ]


def _iso(ms: int) -> str | None:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat().replace("+00:00", "Z") if ms else None


def _index(tenant: str, ref: Ref, revision: int, index: ReadIndex) -> dict[str, Any]:
    """What the index has of it, beside what it should have."""
    wanted = view_version(revision)
    try:
        version = index.revision_of(tenant, ref.kind, ref.key)
    except Unavailable as error:
        return {"reachable": False, "detail": str(error), "wanted": wanted}
    return {"reachable": True, "version": version, "wanted": wanted, "current": version == wanted}
