"""Loading: everything an overlay wants, in few rounds, and fresh bodies of views for those that show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

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
    """What was read for some overlays: aggregates and bodies of other views.

    ``nested``: bodies of programs as programs show them in their curricula, without the programs these list in turn:
    so programs that list each other have an end, and the same one whoever asks.
    """

    things: dict[Ref, Aggregate] = field(default_factory=dict)
    bodies: dict[Ref, Body] = field(default_factory=dict)
    nested: dict[Ref, Body] = field(default_factory=dict)

    def bodies_for(self, ref: Ref) -> Mapping[Ref, Body]:
        """The bodies that a thing shows."""
        return {**self.bodies, **self.nested} if ref.kind == "program" else self.bodies

    def without(self, refs: Collection[Ref]) -> Loaded:
        """The same but for these and for bodies that show them."""
        names = {str(ref) for ref in refs}

        def kept(bodies: Mapping[Ref, Body]) -> dict[Ref, Body]:
            others = {r: body for r, body in bodies.items() if r not in refs}
            return {r: body for r, body in others.items() if names.isdisjoint(body.get("_embeds", ()))}

        return Loaded({r: a for r, a in self.things.items() if r not in refs}, kept(self.bodies), kept(self.nested))


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
    shallow: bool = False
    """Programs are overlaid without the programs in their curricula."""

    def closure(self, refs: Iterable[Ref], loaded: Loaded | None = None, ahead: Iterable[Ref] = ()) -> Loaded:
        """Read these and all they want, together: a round is one batch for all of them.

        ``ahead``: what will probably be wanted, read with the first round.
        """
        loaded = loaded or Loaded()
        roots = list(dict.fromkeys(refs))
        self._read(loaded, [r for r in dict.fromkeys([*roots, *ahead]) if r not in loaded.things])
        for _ in range(MAX_ROUNDS):
            missing = {ref: wants(self.tenant, ref, loaded.things, loaded.bodies_for(ref)) for ref in roots}
            aggregates = {r for w in missing.values() for r in w.aggregates} - loaded.things.keys()
            nested = {r for ref, w in missing.items() for r in w.bodies if ref.kind == r.kind == "program"}
            bodies = {r for ref, w in missing.items() for r in w.bodies if not ref.kind == r.kind == "program"}
            if not aggregates and not bodies and not nested:
                return loaded
            self._read(loaded, aggregates)
            if bodies := bodies - loaded.bodies.keys():
                loaded.bodies |= {key: {} for key in bodies} | self.bodies(bodies)
            if nested := nested - loaded.nested.keys():
                made = {} if self.shallow else replace(self, shallow=True).made(nested)
                loaded.nested |= {key: {} for key in nested} | {r: view.bodies[r] for r, view in made.items()}
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
        roots = {ref: _root(ref, heads[ref]) for ref in stale}
        made = self.made(set(roots.values())) if roots else {}
        return fresh | {r: made[root].bodies[r] for r, root in roots.items() if root in made and r in made[root].bodies}

    def made(self, refs: Collection[Ref]) -> dict[Ref, View]:
        """Overlays of things on the spot, of those that exist."""
        loaded = self.closure(refs)
        return {ref: view for ref in refs if (view := self.overlay(ref, loaded)) is not None}

    def overlay(self, ref: Ref, loaded: Loaded) -> View | None:
        """One overlay over what was loaded."""
        return overlay(self.tenant, ref, loaded.things, loaded.bodies_for(ref), self.now)


def _root(ref: Ref, head: Head) -> Ref:
    return Ref("course", head.course) if ref.kind == "run" and head.course else ref


def _owner(ref: Ref, view: StoredView | None) -> Ref:
    return view.owner if view is not None and view.owner is not None else ref


def _matches(view: StoredView, owner: Head | None, own: Head | None) -> bool:
    """Whether a kept view is what an overlay would make now; a run that moved is shown by its new course."""
    if owner is None or view.overlay_version != OVERLAY_VERSION or view.revision != owner.revision:
        return False
    return view.owner is None or (own is not None and own.course == view.owner.key)
