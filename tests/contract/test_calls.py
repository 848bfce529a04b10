"""A whole history over the real stores ends as in memory, and a batch of ten takes few calls of the store."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.domain.keys import Ref, ref
from tests import builders as b
from tests.fakes.states import shown
from tests.fakes.store import Store
from tests.fakes.world import TENANT, World

KEYS = [f"course-v1:A+C{n}+1T" for n in range(10)]
PROGRAM = b.uuid_for("program")


class Calls:
    """Calls of a botocore client by operation."""

    def __init__(self, client: Any) -> None:
        self.seen: Counter[str] = Counter()
        client.meta.events.register("before-call.dynamodb", self._count, unique_id=f"calls-{id(self)}")

    def _count(self, model: Any, **_: Any) -> None:
        self.seen[model.name] += 1

    def taken(self) -> int:
        """How many since last time."""
        total = sum(self.seen.values())
        print(dict(self.seen))
        self.seen.clear()
        return total


@pytest.fixture
def world(rig) -> World:
    """A catalog over the stores under test, in a tenant of its own."""
    store = Store(clock=rig.clock)
    if rig.s3 is not None:
        store.records, store.due, store.views, store.operations = rig.records, rig.due, rig.views, rig.operations
    return World(TENANT.model_copy(update={"code": f"t{uuid4().hex[:8]}"}), store)


def told(world: World, title: str) -> None:
    for key in KEYS:
        world.sources.put("studio", "course", key, b.studio_course(key, name=f"{title} {key[10:-3]}"))
    world.sources.put("studio", "organization", "A", b.studio_organization("A", name=title))
    world.sources.put("otto", "course", KEYS[0], b.otto_course(KEYS[0]))
    world.sources.put("otto", "enrollment_code", KEYS[1], b.otto_code(KEYS[1]))
    world.sources.put("programs", "program", PROGRAM, b.program_payload(PROGRAM, KEYS[:4], name=title))


def lived(world: World):
    """A short life of a catalog: what is shown in the end."""
    told(world, "First")
    world.refresh()
    world.consume()
    told(world, "Second")
    world.update("studio", "run", *KEYS)
    world.update("otto", "run", KEYS[0])
    world.update("studio", "organization", "A")
    world.registry.edit(world.tenant, ref("run", KEYS[9]), {"course": "A+C0", "status": "archived"}, 0, "me")
    world.sources.put("programs", "program", PROGRAM, b.program_payload(PROGRAM, KEYS[2:6], name="Last"))
    world.update("programs", "program", PROGRAM)
    world.settle(minutes=3)
    refs = [*(ref("run", key) for key in KEYS), *(ref("course", f"A+C{n}") for n in range(10))]
    return {
        r: shown(body) for r, body in world.bodies([*refs, Ref("program", PROGRAM), Ref("organization", "a")]).items()
    }


def test_a_life_over_the_real_stores_ends_as_in_memory(world):
    expected = lived(World(world.tenant, replace(Store())))
    assert lived(world) == expected
    assert len(expected) == 21
    assert expected[ref("run", KEYS[9])]["course"] == "A+C0"


def test_a_batch_of_ten_takes_few_calls(world, place):
    if place is None:
        pytest.skip("memory makes no calls")
    calls = Calls(place[0])
    told(world, "First")
    world.update("studio", "run", *KEYS)
    first = calls.taken()
    world.take_views()
    first_views = calls.taken()
    told(world, "Second")
    world.update("studio", "run", *KEYS)
    edit = calls.taken()
    world.take_views()
    views = calls.taken()
    world.update("studio", "run", *KEYS)
    nothing_new = calls.taken()
    world.update("studio", "organization", "A")
    calls.taken()
    world.touch(world.store.announce.published[-1])
    touches = calls.taken()
    world.done["views"] = len(world.store.announce.published) - 10
    world.take_views()
    touched_views = calls.taken()
    noted = 2  # whether a source is paused, and how it is read, are kept for two seconds
    assert edit <= 7 + noted
    assert nothing_new <= 5 + noted
    assert (views, touched_views) <= (5, 5)
    assert touches <= 4
    assert first <= 10 + noted
    assert first_views <= 12


def test_workers_side_by_side_over_the_real_store_lose_nothing(world, request):
    if request.node.callspec.params["place"] != "cloud":
        pytest.skip("threads of their own need a real store; memory has workers that take turns")
    runs = [f"course-v1:A+Busy+R{n}" for n in range(24)]
    for key in runs:
        world.sources.put("studio", "course", key, b.studio_course(key, name=key))
    hands = [runs[n::4] + runs[:3] for n in range(4)]
    failed = []

    def worker(hand: list[str]) -> None:
        for key in hand:
            try:
                world.update("studio", "run", key)
            except Exception as error:
                failed.append(error)

    threads = [Thread(target=worker, args=(hand,)) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    world.settle(minutes=2)
    course = ref("course", "A+Busy")
    heads = world.store.records.heads(world.tenant.code, [course, *(ref("run", key) for key in runs)])
    assert heads[course].runs == {key.lower() for key in runs}
    assert len(world.bodies([course])[course]["course_runs"]) == 24
    assert {head.course for r, head in heads.items() if r.kind == "run"} == {course.key}
