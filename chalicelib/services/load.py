"""Loading: everything an overlay wants, in few rounds, and fresh bodies of views for those that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chalicelib.domain.keys import Ref, course_of
from chalicelib.domain.overlay import overlay, wants
from chalicelib.domain.record import Aggregate, Head
from chalicelib.domain.store import StoredView
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import OVERLAY_VERSION, Body, View
from chalicelib.services.ports import ReadRecords, ReadViews

MAX_ROUNDS = 8


@dataclass
class Loaded:
    """What was read for some overlays: aggregates and bodies of other views."""

    things: dict[Ref, Aggregate] = field(default_factory=dict)
    bodies: dict[Ref, Body] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loader:
    """Reads aggregates and views of one tenant; everything strongly consistent.

    ``trust``: kept views that match their heads are taken; without it every body is overlaid on the spot.
    """

    tenant: Tenant
    records: ReadRecords
    views: ReadViews
    now: int
    trust: bool = True
    making: set[Ref] = field(default_factory=set)
    """What is being overlaid now: things that show each other (programs in curricula) meet here and stop."""

    def closure(self, refs: Iterable[Ref], loaded: Loaded | None = None, ahead: Iterable[Ref] = ()) -> Loaded:
        """Read these and all they want, together: a round is one batch for all of them.

        ``ahead``: what will probably be wanted, read with the first round.
        """
        loaded = loaded or Loaded()
        roots = list(dict.fromkeys(refs))
        self._read(loaded, [r for r in dict.fromkeys([*roots, *ahead]) if r not in loaded.things])
        for _ in range(MAX_ROUNDS):
            missing = [wants(self.tenant, ref, loaded.things, loaded.bodies) for ref in roots]
            aggregates = {r for w in missing for r in w.aggregates} - loaded.things.keys()
            bodies = {r for w in missing for r in w.bodies} - loaded.bodies.keys()
            if not aggregates and not bodies:
                return loaded
            self._read(loaded, aggregates)
            if bodies:
                fresh = self.bodies(bodies)
                loaded.bodies |= {r: fresh.get(r, {}) for r in bodies}
        return loaded

    def _read(self, loaded: Loaded, refs: Iterable[Ref]) -> None:
        wanted = list(refs)
        if wanted:
            loaded.things |= self.records.aggregates(self.tenant.code, wanted)

    def bodies(self, refs: Iterable[Ref]) -> dict[Ref, Body]:
        """Bodies as if overlaid on the spot: the kept view where it matches the head, else an overlay, not written.

        Things that nobody ever told of have no body. A run's view is ordered by its course's head: mostly the one that
        its key names, so that one read brings all.
        """
        wanted = list(dict.fromkeys(refs))
        asked = {*wanted, *(course_of(ref.key) for ref in wanted if ref.kind == "run")}
        stored, heads = self.views.with_heads(self.tenant.code, wanted, asked)
        owners = {ref: _owner(ref, stored.get(ref)) for ref in wanted}
        if elsewhere := set(owners.values()) - asked:
            heads = {**heads, **self.records.heads(self.tenant.code, elsewhere)}
        fresh, stale = {}, []
        for ref in wanted:
            view = stored.get(ref)
            if self.trust and view is not None and _matches(view, heads.get(owners[ref]), heads.get(ref)):
                fresh[ref] = view.body
            elif ref in heads and heads[ref].exists:
                stale.append(ref)
        return fresh | (self._overlaid(stale, heads) if stale else {})

    def _overlaid(self, refs: list[Ref], heads: Mapping[Ref, Head]) -> dict[Ref, Body]:
        roots = {ref: root for ref in refs if (root := _root(ref, heads[ref])) not in self.making}
        mine = set(roots.values())
        self.making.update(mine)
        try:
            loaded = self.closure(mine)
        finally:
            self.making.difference_update(mine)
        made = {root: self.overlay(root, loaded) for root in mine}
        views = {ref: made[root] for ref, root in roots.items()}
        return {ref: view.bodies[ref] for ref, view in views.items() if view is not None and ref in view.bodies}

    def overlay(self, ref: Ref, loaded: Loaded) -> View | None:
        """One overlay over what was loaded."""
        return overlay(self.tenant, ref, loaded.things, loaded.bodies, self.now)


def _root(ref: Ref, head: Head) -> Ref:
    return Ref("course", head.course) if ref.kind == "run" and head.course else ref


def _owner(ref: Ref, view: StoredView | None) -> Ref:
    return view.owner if view is not None and view.owner is not None else ref


def _matches(view: StoredView, owner: Head | None, own: Head | None) -> bool:
    """Whether a kept view is what an overlay would make now; a run that moved is shown by its new course."""
    if owner is None or view.overlay_version != OVERLAY_VERSION or view.revision != owner.revision:
        return False
    return view.owner is None or (own is not None and own.course == view.owner.key)
