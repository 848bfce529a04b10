"""What is due: done when it comes, oldest first; what fails or hangs holds up nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.store import Conflict, DueClock, DueRead, SourceBusy, Unavailable
from tests import builders as b
from tests.fakes.world import World

RUN = "course-v1:A+One+1T"


def read(world: World, source: str, key: str, **more) -> DueRead:
    given = {"kind": "run", "at": world.clock(), "cause": "edit", "why": "w", "confirm": False} | more
    return DueRead(tenant="edx", source=source, key=key, **given)


def both() -> World:
    world = World()
    world.sources.put("studio", "course", RUN, b.studio_course(RUN))
    world.sources.put("otto", "course", RUN, b.otto_course(RUN))
    return world


def has(world: World, name: str) -> bool:
    return ("edx", ref("run", RUN), name) in world.store.records.records_kept


def test_a_read_that_fails_does_not_hold_up_others_and_comes_again_later():
    world = both()
    world.store.due.add([read(world, "otto", RUN, at=1), read(world, "studio", RUN)])
    world.sources.faults = [Unavailable("the store is away")]
    with pytest.raises(Unavailable):
        world.due()
    assert has(world, "studio#course")
    [left] = [
        d for d in world.store.due.items.values() if isinstance(d, DueRead) and d.source == "otto" and d.key == RUN
    ]
    assert (left.at - world.clock(), left.attempt) == (60_000, 1)
    world.settle()
    assert has(world, "otto#course")


def test_a_key_that_can_never_be_stored_does_not_hold_up_those_it_is_read_with(monkeypatch):
    world = both()
    poison = "course-v1:A+Two+1T"
    world.sources.put("studio", "course", poison, b.studio_course(poison))
    world.store.due.add([read(world, "studio", poison, at=1), read(world, "studio", RUN)])
    monkeypatch.setattr(world.store.records, "commit", commit_never(poison, world.store.records.commit))
    with pytest.raises(ArithmeticError):
        world.due()
    assert has(world, "studio#course")
    assert [d.key for d in world.store.due.items.values() if isinstance(d, DueRead)] == [poison]


def test_a_key_that_can_never_be_stored_does_not_end_a_refresh(monkeypatch):
    world = both()
    poison = "course-v1:A+Two+1T"
    world.sources.has["studio", "course"] = {poison: b.studio_course(poison), RUN: b.studio_course(RUN)}
    monkeypatch.setattr(world.store.records, "commit", commit_never(poison, world.store.records.commit))
    [outcome] = [o for o in world.refresh("studio") if o.thing == "course"]
    assert (outcome.status, outcome.seen, outcome.changed) == ("failed", 2, 1)
    assert poison in outcome.detail
    assert has(world, "studio#course")


def commit_never(poison: str, commit):
    """A store that breaks at one run, in a way that nobody foresaw."""

    def refusing(tenant, units):
        if any(w.ref == ref("run", poison) for u in units for w in u.writes):
            raise ArithmeticError(poison)
        return commit(tenant, units)

    return refusing


def test_a_source_that_hangs_is_asked_once_and_nobody_waits_for_it():
    world = both()
    keys = [f"course-v1:A+C{n}+1T" for n in range(60)]
    world.store.due.add([read(world, "otto", key, at=n) for n, key in enumerate(keys)])
    world.store.due.add([read(world, "studio", RUN)])
    world.sources.faults = [SourceBusy("timed out", world.clock() + 60_000)]
    world.due(seconds=1)
    assert [name for name, _ in world.sources.asked] == ["otto", "studio"]
    assert has(world, "studio#course")
    again = [d.at - world.clock() for d in world.store.due.items.values() if d.source == "otto"]
    assert min(again) >= 59_000
    assert len(set(again)) > 5


def test_reads_of_a_tenant_or_a_source_that_is_no_more_are_forgotten():
    world = World()
    world.store.due.add([replace(read(world, "otto", RUN), tenant="gone"), read(world, "salesforce", RUN)])
    assert world.due().reads == 2
    assert world.store.due.items == {}


def test_a_view_is_raised_when_its_time_comes():
    world = both()
    world.update("studio", "run", RUN)
    world.consume()
    course = ref("course", RUN[10:-3])
    before = world.store.records.heads_kept["edx", course].head.revision
    world.store.due.add([DueClock("edx", course, world.clock() + 1000), DueClock("edx", Ref("course", "x+y"), 1)])
    world.clock.now += 1000
    assert world.due().clocks == 2
    assert world.store.records.heads_kept["edx", course].head.revision > before
    assert world.store.announce.published[-1].cause == "clock"


def test_time_passing_by_itself_brings_new_documents():
    world = World()
    start, end = "2026-01-05T00:00:00Z", "2026-03-16T00:00:00Z"
    world.sources.put("studio", "course", RUN, b.studio_course(RUN, start=start, end=end, enrollment_start=None))
    world.update("studio", "run", RUN)
    world.settle()
    seen = []
    while clocks := [d for d in world.store.due.items.values() if isinstance(d, DueClock)]:
        world.clock.now = max(world.clock.now, min(d.at for d in clocks))
        world.due()
        world.consume()
        seen.append(str(world.store.index.kept["edx", "run", RUN.lower()].document.fields))
        assert len(seen) < 20
    assert len(seen) >= 2
    assert len(set(seen)) == len(seen)


def test_a_conflict_of_one_tenants_clocks_is_told_and_leaves_the_rest_done(monkeypatch):
    world = both()
    course = Ref("course", "a+one")
    world.update("studio", "run", RUN)
    world.store.due.add([DueClock("edx", course, 1), read(world, "otto", RUN)])
    monkeypatch.setattr(world.store.records, "commit", commit_but(course, world.store.records.commit))
    with pytest.raises(Conflict):
        world.due()
    assert has(world, "otto#course")
    assert DueClock("edx", course, 1) in world.store.due.items.values()


def commit_but(held: Ref, commit):
    """A store in which others keep winning at one head, alone."""

    def refusing(tenant, units):
        alone = [u for u in units if [w.ref for w in u.writes] == [held]]
        return [*alone, *commit(tenant, [u for u in units if u not in alone])]

    return refusing


def test_announcements_that_are_refused_are_not_tried_in_a_hot_loop():
    world = both()
    world.store.announce.refuse = 10**6
    world.update("studio", "run", RUN)
    world.clock.now += 31_000
    world.steps.reset()
    world.due(seconds=40)
    assert world.steps.calls.count("announce.publish") <= 2


def test_what_comes_due_during_the_call_is_waited_for_when_it_is_near():
    world = both()
    world.store.due.add([read(world, "studio", RUN, at=world.clock() + 1500)])
    world.due(seconds=50)
    assert has(world, "studio#course")
