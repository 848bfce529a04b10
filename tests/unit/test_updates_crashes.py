"""Law 2, retry heals: a worker dies before any of its steps; redelivery and what is due bring everything to its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.change import EDIT, TOUCH
from chalicelib.domain.keys import Ref, ref
from tests import builders as b
from tests.fakes.states import settled, shown, stored
from tests.fakes.steps import Crash
from tests.fakes.world import World

RUN, OTHER = "course-v1:A+One+1T", "course-v1:A+Two+1T"
PROGRAM, VANISHING = b.uuid_for("program"), b.uuid_for("another program")


def known() -> World:
    """A run, its course, its organization and a program, stored and shown; then the run is edited at its source."""
    world = World()
    world.sources.put("studio", "course", RUN, b.studio_course(RUN, name="Rivers"))
    world.sources.put("studio", "organization", "A", b.studio_organization("A", name="Org"))
    world.sources.put("otto", "course", RUN, b.otto_course(RUN))
    world.sources.put("programs", "program", PROGRAM, b.program_payload(PROGRAM, (RUN, OTHER)))
    world.sources.put("programs", "program", VANISHING, b.program_payload(VANISHING, (RUN,), marketing_slug="gone"))
    world.update("studio", "run", RUN)
    world.update("studio", "organization", "A")
    world.update("programs", "program", PROGRAM)
    world.settle()
    world.sources.put("studio", "course", RUN, b.studio_course(RUN, name="Lakes"))
    world.sources.put("studio", "course", OTHER, b.studio_course(OTHER, name="Seas"))
    world.sources.put("studio", "organization", "A", b.studio_organization("A", name="Renamed"))
    world.sources.put("programs", "program", PROGRAM, b.program_payload(PROGRAM, (OTHER,), name="Waters"))
    world.sources.put("programs", "program", VANISHING, None)
    return world


WORKERS: dict[str, Callable[[World], object]] = {
    "an update of runs": lambda w: w.update("studio", "run", RUN, OTHER),
    "an update of an organization": lambda w: w.update("studio", "organization", "A"),
    "a listing that replaces its set": lambda w: w.update("programs", "program", PROGRAM),
    "an operator's edit": lambda w: w.registry.edit(
        w.tenant, ref("run", RUN), {"course": "A+Two"}, w.registry.read(w.tenant, ref("run", RUN))["revision"], "me"
    ),
    "a refresh": lambda w: w.refresh("studio", "programs"),
}


def crashing(world: World, work: Callable[[World], object], step: int) -> bool:
    """Whether the worker died before this step; if not, it had fewer steps."""
    world.steps.reset(crash_at=step)
    try:
        work(world)
    except Crash:
        return True
    finally:
        world.steps.reset()
    return False


def ends(world: World, work: Callable[[World], object]):
    """The work done (again), everything due and announced worked off."""
    work(world)
    world.settle()
    settled(world)
    bodies = {r: shown(body) for r, body in world.views().items()}
    payloads = {
        r: (runs, programs, course, said) for r, (_, runs, programs, course, said) in stored(world.store).items()
    }
    return payloads, bodies


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_that_dies_before_any_step_and_comes_again_loses_nothing(name):
    work = WORKERS[name]
    expected, step, died = ends(known(), work), 0, True
    while died:
        world = known()
        died = crashing(world, work, step)
        assert ends(world, work) == expected, f"{name} died before step {step}"
        step += 1
    assert step > 5


@pytest.mark.parametrize("name", ["an update of runs", "an operator's edit", "an update of an organization"])
def test_what_was_stored_before_a_worker_died_is_announced_though_it_never_comes_again(name):
    step, died = 0, True
    while died:
        world = known()
        died = crashing(world, WORKERS[name], step)
        world.settle()
        settled(world)
        step += 1


def test_a_consumer_of_views_that_dies_before_any_step_and_comes_again_loses_nothing():
    step, died = 0, True
    while died:
        world = known()
        world.update("studio", "run", RUN, OTHER)
        world.update("studio", "organization", "A")
        died = crashing(world, lambda w: w.take_views(), step)
        world.settle()
        settled(world)
        step += 1
    assert step > 5


def test_a_consumer_of_touches_that_dies_before_any_step_and_comes_again_loses_nothing():
    step, died = 0, True
    while died:
        world = known()
        world.update("studio", "organization", "A")
        died = crashing(world, lambda w: w.take_touches(), step)
        world.settle()
        settled(world)
        step += 1
    assert step > 4


def test_what_is_due_survives_the_death_of_who_does_it():
    step, died = 0, True
    while died:
        world = known()
        world.store.announce.refuse = 2
        world.update("studio", "run", RUN, OTHER)
        world.sources.put("studio", "course", RUN, b.studio_course(RUN, name="Oceans"))
        world.clock.now += 61_000
        died = crashing(world, lambda w: w.due(), step)
        world.settle()
        settled(world)
        assert "Oceans" in str(world.views()[ref("course", "A+One")])
        step += 1
    assert step > 8


def test_an_edit_that_died_before_it_was_announced_is_announced_though_a_touch_was_since():
    step = 0
    while True:
        world = known()
        assert crashing(world, WORKERS["an update of runs"], step)
        heads = world.store.records.heads_kept
        owing = [of for (_, of), kept in heads.items() if kept.owed and kept.head.exists]
        if ref("course", "A+One") in owing:
            break
        step += 1
    before = len(world.store.announce.published)
    world.update("studio", "organization", "A")
    world.consume()
    told = {(c.ref, c.cause) for c in world.store.announce.published[before:]}
    assert {(of, TOUCH) for of in owing} & told
    world.settle()
    settled(world)
    assert {(of, EDIT) for of in owing} <= {(c.ref, c.cause) for c in world.store.announce.published[before:]}


def test_an_index_that_was_down_for_a_while_has_everything_in_the_end():
    world = known()
    world.update("studio", "run", RUN, OTHER)
    world.store.index.down = 4
    world.settle(minutes=4)
    settled(world)
    assert world.store.index.kept["edx", "course", "a+one"].document.fields["title"] == "Lakes"


def test_announcements_that_are_not_taken_are_made_later():
    world = known()
    world.store.announce.refuse = 3
    world.update("studio", "run", RUN, OTHER)
    before = len(world.store.announce.published)
    world.settle()
    settled(world)
    assert {c.ref for c in world.store.announce.published[before:]} >= {ref("course", "A+One"), ref("course", "A+Two")}


def test_the_program_knows_its_courses_whatever_died():
    world = known()
    world.update("programs", "program", PROGRAM)
    world.settle()
    assert world.views()[Ref("program", PROGRAM)]["title"] == "Waters"
    assert world.views()[Ref("program", VANISHING)]["status"] == "retired"
