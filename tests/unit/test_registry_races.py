"""Edits of the registry: compare-and-set, so that of editors who saw the same exactly one wins."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.store import Conflict
from tests import builders as b
from tests.fakes.states import consistent, settled
from tests.fakes.world import TENANT, World

RUN = "course-v1:A+One+1T"
TOPIC = Ref("topic", "water")
choices = st.lists(st.integers(0, 2), min_size=10, max_size=60)


class Editor:
    """Somebody who saw a revision and wants to write."""

    def __init__(self, world: World, thing: Ref, seen: int, name: str) -> None:
        self.world, self.thing, self.seen, self.name = world, thing, seen, name
        self.won: int | None = None

    def __call__(self) -> None:
        fields = {"name" if self.thing.kind == "topic" else "external_key": self.name}
        try:
            self.won = self.world.registry.edit(TENANT, self.thing, fields, self.seen, self.name)["revision"]
        except Conflict:
            self.won = None


@settings(max_examples=60, deadline=None)
@given(choices, st.integers(0, 2))
def test_of_editors_who_saw_the_same_exactly_one_wins(turns, before):
    world, revision = World(), 0
    for n in range(before):
        revision = world.registry.edit(TENANT, TOPIC, {"name": f"Name {n}"}, revision, "first")["revision"]
    editors = [Editor(world, TOPIC, revision, name) for name in ("ada", "grace", "joan")]
    world.steps.interleave(editors, turns)
    [winner] = [editor for editor in editors if editor.won is not None]
    kept = world.registry.read(TENANT, TOPIC)
    assert (kept["edited"], kept["revision"]) == ({"name": winner.name}, winner.won)
    entries = world.store.records.history("edx", TOPIC, 9)
    assert [e.replaced.who for e in entries if before] == ([winner.name, *["first"] * (before - 1)] if before else [])


@settings(max_examples=60, deadline=None)
@given(choices)
def test_an_edit_and_an_update_of_the_same_thing_both_arrive(turns):
    world = World()
    world.sources.put("studio", "course", RUN, b.studio_course(RUN, name="Before"))
    world.update("studio", "run", RUN)
    world.sources.put("studio", "course", RUN, b.studio_course(RUN, name="After"))
    editor = Editor(world, ref("run", RUN), 0, "outside")
    world.steps.interleave([editor, lambda: world.update("studio", "run", RUN)], turns)
    assert editor.won
    world.settle()
    settled(world)
    body = world.views()[ref("run", RUN)]
    assert (body["title"], body["external_key"]) == ("After", "outside")


@settings(max_examples=40, deadline=None)
@given(choices)
def test_things_seen_first_side_by_side_get_slugs_and_numbers_of_their_own(turns):
    world = World()

    def maker(key: str):
        return lambda: world.registry.edit(TENANT, Ref("organization", key), {"name": "Same Name"}, 0, "me")

    world.steps.interleave([maker("a"), maker("b"), maker("c")], turns)
    consistent(world.store)
    minted = [world.registry.read(TENANT, Ref("organization", key))["minted"] for key in "abc"]
    for name in ("slug", "id", "uuid"):
        assert len({m[name] for m in minted}) == 3


def test_an_editor_who_saw_an_older_revision_is_told_so_and_changes_nothing():
    world = World()
    first = world.registry.edit(TENANT, TOPIC, {"name": "One"}, 0, "me")["revision"]
    world.registry.edit(TENANT, TOPIC, {"name": "Two"}, first, "me")
    for seen in (0, first, 99):
        with pytest.raises(Conflict):
            world.registry.edit(TENANT, TOPIC, {"name": "Three"}, seen, "me")
    assert world.registry.read(TENANT, TOPIC)["edited"] == {"name": "Two"}


def test_a_new_thing_is_spelled_as_its_editor_spells_it():
    world = World()
    world.registry.edit(TENANT, Ref("organization", "mitx"), {"key": "MITx", "name": "MIT"}, 0, "me")
    world.registry.edit(TENANT, Ref("organization", "other"), {"key": "Something else", "name": "O"}, 0, "me")
    assert world.registry.read(TENANT, Ref("organization", "mitx"))["minted"]["key"] == "MITx"
    assert world.registry.read(TENANT, Ref("organization", "other"))["minted"]["key"] == "other"


def test_a_run_that_an_operator_moves_leaves_its_course_and_joins_one_that_is_there():
    world = World()
    for key in (RUN, "course-v1:B+Two+1T"):
        world.sources.put("studio", "course", key, b.studio_course(key))
    world.update("studio", "run", RUN, "course-v1:B+Two+1T")
    world.registry.edit(TENANT, ref("run", RUN), {"course": "B+Two"}, 0, "me")
    world.settle()
    settled(world)
    assert world.views()[ref("run", RUN)]["course"] == "B+Two"
    assert len(world.views()[ref("course", "B+Two")]["course_runs"]) == 2


@pytest.mark.parametrize(("kind", "fields"), [("run", {"course": "no key"}), ("node", {"x": 1})])
def test_what_cannot_be_is_refused_before_anything_is_stored(kind, fields):
    world = World()
    with pytest.raises(ValueError):
        world.registry.edit(TENANT, Ref(kind, RUN.lower()), fields, 0, "me")
    assert world.store.records.heads_kept == {}
