"""After any history, views and documents are what an overlay makes now, and no touch can be missed."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.change import EDIT, TOUCH, Change
from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.sighting import Sighting
from tests import builders as b
from tests.fakes.states import settled
from tests.fakes.world import World

RUNS = ("course-v1:A+One+1T", "course-v1:A+One+2T", "course-v1:B+Two+1T")
PROGRAMS = (b.uuid_for("program 1"), b.uuid_for("program 2"))
PEOPLE = (b.uuid_for("ada"), b.uuid_for("grace"))
NAMES = ("Rivers", "Lakes")
choices = st.lists(st.integers(0, 2), min_size=20, max_size=120)
"""Who goes on before each step of workers side by side."""


class Hand:
    """Makes answers of sources, each under the next ticket."""

    def __init__(self) -> None:
        self.ticket = 0

    def seen(self, kind: str, key: str, name: str, payload) -> Sighting:
        self.ticket += 1
        source, thing = name.split("#")
        return Sighting(kind, key, source, thing, 1, payload, self.ticket, b.READ_AT + self.ticket)

    def run(self, key: str, title: str, staff: tuple[str, ...] = ()) -> Sighting:
        people = [{"uuid": uuid} for uuid in staff]
        shown = {"field_course_course_title": {"value": title}, "field_course_staff": people}
        return self.seen("run", key, "drupal#course", b.drupal_course(key, **shown))

    def moved(self, key: str, course: str) -> Sighting:
        return self.seen("run", key, "registry#edited", {"course": course})

    def organization(self, key: str, name: str) -> Sighting:
        return self.seen("organization", key, "studio#organization", b.studio_organization(key, name=name))

    def person(self, uuid: str, title: str) -> Sighting:
        return self.seen("person", uuid, "drupal#person", b.drupal_person(uuid, field_person_last_name=title))

    def program(self, uuid: str, runs: tuple[str, ...], title: str) -> Sighting:
        payload = b.program_payload(uuid, runs, name=title, marketing_slug=f"p-{uuid[:4]}")
        return self.seen("program", uuid, "programs#program", payload)

    def pathway(self, programs: tuple[str, ...]) -> Sighting:
        return self.seen("pathway", "way", "registry#edited", {"name": "Way", "programs": list(programs)})


@st.composite
def edits(draw, hand: Hand) -> Sighting:
    """Any edit of any of a few things that show each other."""
    run, title = draw(st.sampled_from(RUNS)), draw(st.sampled_from(NAMES))
    kind = draw(st.sampled_from(["run", "organization", "person", "program", "moved", "pathway"]))
    if kind == "run":
        return hand.run(run, title, tuple(draw(st.sets(st.sampled_from(PEOPLE)))))
    if kind == "organization":
        return hand.organization(draw(st.sampled_from("AB")), title)
    if kind == "person":
        return hand.person(draw(st.sampled_from(PEOPLE)), title)
    if kind == "program":
        return hand.program(draw(st.sampled_from(PROGRAMS)), tuple(draw(st.sets(st.sampled_from(RUNS)))), title)
    if kind == "moved":
        return hand.moved(run, draw(st.sampled_from(["A+One", "B+Two", "B+Three"])))
    return hand.pathway(tuple(draw(st.sets(st.sampled_from(PROGRAMS)))))


def begun(hand: Hand) -> World:
    """A world in which everything is known and shown."""
    hand.ticket = 100
    return deepcopy(_begun())


@cache
def _begun() -> World:
    hand, world = Hand(), World()
    world.ingest([hand.run(key, "Rivers", PEOPLE[:1]) for key in RUNS])
    world.ingest([hand.organization(key, "Org") for key in "AB"])
    world.ingest([hand.person(uuid, "Lovelace") for uuid in PEOPLE])
    world.ingest([hand.program(PROGRAMS[0], RUNS, "Water"), hand.pathway(PROGRAMS)])
    world.consume()
    return world


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_after_any_history_with_projections_in_between_every_view_is_that_of_now(data):
    hand = Hand()
    world = begun(hand) if data.draw(st.booleans()) else World()
    for _ in range(data.draw(st.integers(1, 8))):
        action = data.draw(st.sampled_from(["edit", "edit", "views", "touches"]))
        if action == "edit":
            world.ingest([data.draw(edits(hand))])
        elif action == "views":
            world.take_views(data.draw(st.integers(1, 4)))
        else:
            world.take_touches(data.draw(st.integers(1, 4)))
    world.consume()
    settled(world)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_after_edits_touches_and_projections_side_by_side_every_view_is_that_of_now(data):
    hand = Hand()
    world = begun(hand)
    for _ in range(data.draw(st.integers(0, 2))):
        world.ingest([data.draw(edits(hand))])
    later = [data.draw(edits(hand)) for _ in range(data.draw(st.integers(1, 3)))]
    world.steps.interleave(
        [
            lambda: [world.ingest([sighting]) for sighting in later],
            lambda: [world.take_touches(2) for _ in range(4)],
            lambda: [world.take_views(2) for _ in range(4)],
        ],
        data.draw(choices),
    )
    world.consume()
    settled(world)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_two_projections_of_the_same_things_side_by_side(data):
    hand = Hand()
    world = begun(hand)
    world.ingest([hand.run(RUNS[0], "Lakes", PEOPLE), hand.moved(RUNS[1], "B+Two")])
    refs = [ref("course", "A+One"), ref("course", "B+Two"), Ref("program", PROGRAMS[0])]
    last = hand.run(RUNS[0], "Seas", data.draw(st.sampled_from([(), PEOPLE[1:]])))
    world.steps.interleave(
        [lambda: world.project(refs), lambda: world.project(refs[::-1]), lambda: world.ingest([last])],
        data.draw(choices),
    )
    world.consume()
    settled(world)


def test_an_organization_renamed_reaches_every_view_that_shows_it():
    hand = Hand()
    world = begun(hand)
    assert "Org" in str(world.views()[Ref("pathway", "way")])
    world.ingest([hand.organization("A", "Renamed")])
    world.consume()
    settled(world)
    shows = {ref for ref, body in world.views().items() if "Renamed" in str(body)}
    assert {
        Ref("organization", "a"),
        Ref("course", "a+one"),
        Ref("program", PROGRAMS[0]),
        Ref("pathway", "way"),
    } <= shows


@pytest.mark.parametrize("older", range(1, 9))
def test_an_edge_that_an_older_projection_drops_is_not_missing_to_a_newer_one(older):
    for newer in range(1, 9):
        hand, world, course = Hand(), World(), ref("course", "A+One")
        world.ingest([hand.person(PEOPLE[0], "Lovelace"), hand.run(RUNS[0], "Rivers", PEOPLE[:1])])
        world.consume()
        world.ingest([hand.run(RUNS[0], "Rivers", ())])
        again = hand.run(RUNS[0], "Rivers", PEOPLE[:1])

        def edited_and_made(world=world, again=again, course=course):
            world.ingest([again])
            world.project([course])

        turns = [0] * older + [1] * (newer + 8) + [0] * 99
        world.steps.interleave([lambda world=world, course=course: world.project([course]), edited_and_made], turns)
        world.consume()
        settled(world)


@pytest.mark.parametrize("steps", range(7))
def test_a_program_made_while_a_touch_is_under_way_does_not_show_the_old_state_through_a_course(steps):
    hand = Hand()
    world = begun(hand)
    program = Ref("program", PROGRAMS[1])
    world.ingest([hand.program(PROGRAMS[1], RUNS, "New")])
    while batch := world.store.announce.published[world.done["views"] :]:
        for change in batch:
            world.touch(change)
        world.project([change.ref for change in batch if change.ref != program])
        world.done = dict.fromkeys(world.done, world.done["views"] + len(batch))
    world.ingest([hand.organization("A", "Renamed")])
    change = world.store.announce.published[-1]
    world.done["touches"] += 1
    before = [0] * (1 + steps)
    world.steps.interleave([lambda: world.touch(change), lambda: world.project([program])], [*before, *[1] * 200])
    world.consume()
    settled(world)


def test_a_program_made_before_its_courses_shows_nothing_old_that_they_know_of_it():
    hand = Hand()
    world = begun(hand)
    world.ingest([hand.program(PROGRAMS[0], RUNS[:1], "Water")])
    world.project([Ref("program", PROGRAMS[0])])
    world.consume()
    settled(world)


def test_a_thing_first_seen_after_it_was_shown_by_name_reaches_what_shows_it():
    hand, world = Hand(), World()
    world.ingest([hand.run(RUNS[0], "Rivers", PEOPLE)])
    world.ingest([hand.program(PROGRAMS[0], RUNS, "Water")])
    world.consume()
    world.ingest([hand.person(PEOPLE[0], "Lovelace"), hand.organization("A", "Org")])
    world.ingest([hand.run(RUNS[2], "Lakes")])
    world.consume()
    settled(world)
    assert "Lovelace" in str(world.views()[Ref("program", PROGRAMS[0])])


def test_a_touch_causes_no_touch():
    hand = Hand()
    world = begun(hand)
    before = len(world.store.announce.published)
    world.touch(Change("edx", "course", "a+one", 1, TOUCH))
    assert len(world.store.announce.published) == before


def test_an_organization_of_a_thousand_courses_is_touched_in_pages_that_carry_on():
    hand, world = Hand(), World()
    world.ingest([hand.run(f"course-v1:A+C{n}+1T", "Rivers") for n in range(950)])
    world.store.records.edges |= {("edx", Ref("organization", "a"), Ref("course", f"a+c{n}")): 1 for n in range(950)}
    before = len(world.store.announce.published)
    world.touch(Change("edx", "organization", "a", 1, EDIT))
    touched = world.store.announce.published[before:]
    assert len({c.key for c in touched}) == len(touched) == 950


# Views that leave, come back, or are made again


def test_a_course_whose_runs_all_left_is_found_no_more_and_shows_again_when_one_returns():
    hand = Hand()
    world = begun(hand)
    world.ingest([hand.moved(RUNS[2], "A+One")])
    world.consume()
    settled(world)
    course = ref("course", "B+Two")
    assert world.bodies([course]) == {}
    assert world.store.index.kept["edx", "course", course.key].records is None
    world.ingest([hand.moved(RUNS[2], "B+Two")])
    world.ingest([hand.organization("B", "After it came back")])
    world.consume()
    settled(world)
    assert "After it came back" in str(world.views()[course])


def test_views_can_be_dropped_and_are_the_same_when_they_are_made_again():
    hand = Hand()
    world = begun(hand)
    before, refs = world.views(), [r for _, r in world.store.views.kept if r.kind != "run"]
    world.store.views.remove("edx", [r for _, r in world.store.views.kept])
    assert world.bodies(list(before)) == before
    world.project(refs, again=True)
    assert world.views() == before
    settled(world)


def test_a_rebuild_mends_views_and_documents_of_the_same_revision():
    hand = Hand()
    world = begun(hand)
    course = ref("course", "A+One")
    kept = world.store.views.kept["edx", course]
    world.store.views.kept["edx", course] = replace(kept, body={"broken": True, "_embeds": []})
    world.store.index.kept.clear()
    world.project([course], again=True)
    assert world.store.views.kept["edx", course] == kept
    assert ("edx", "course", course.key) in world.store.index.kept


def test_an_index_that_is_down_is_written_later_and_the_view_is_there_at_once():
    hand = Hand()
    world = begun(hand)
    world.ingest([hand.run(RUNS[0], "Seas")])
    world.store.index.down = 3
    world.take_touches()
    world.take_views()
    assert "Seas" in str(world.views()[ref("course", "A+One")])
    world.settle()
    settled(world)


def test_a_thing_without_a_view_is_neither_shown_nor_buried():
    world, hand = World(), Hand()
    world.ingest([hand.seen("vocabulary", "course_types", "registry#edited", {"items": []})])
    world.consume()
    assert (world.store.views.kept, world.store.index.kept) == ({}, {})


@pytest.mark.parametrize("runs", [(), RUNS])
def test_a_program_is_noted_at_its_courses_before_and_after_they_are_known(runs):
    hand, world = Hand(), World()
    world.ingest([hand.program(PROGRAMS[0], RUNS, "Water")])
    world.ingest([hand.run(key, "Rivers") for key in RUNS])
    world.ingest([hand.program(PROGRAMS[0], tuple(runs), "Water")])
    world.consume()
    settled(world)
    shown = world.views()[ref("course", "A+One")]["programs"]
    assert [p["title"] for p in shown] == (["Water"] if runs else [])
