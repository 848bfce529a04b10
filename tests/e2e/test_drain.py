"""Many updates at once, twice, in no order, while workers die: nothing is lost, nothing is stale."""

from __future__ import annotations

import random
import time

import pytest

from localcloud import processes
from tests.e2e.indexed import index_differences
from tests.e2e.processes import function_processes, functions_off, kill, seen_again_after, workers
from tests.e2e.settling import dead, settle, waiting
from tests.e2e.system import System
from tests.e2e.truth import differences


def edit_many(system: System, count: int, seed: int, tenant: str = "edx") -> dict[str, int]:
    """Edits of every sort, organizations and programs between courses; a fifth is announced twice, all in no order."""
    wish = {"count": count, "seed": seed, "duplicates": 0.2, "shuffle": True}
    made = system.campus(f"/admin/{tenant}/edits/bulk", wish)
    assert made["published"] == made["messages"] > count
    return dict(made["kinds"])


def assert_nothing_lost(system: System, tenant: str = "edx") -> None:
    settle(seconds=120)
    assert differences(system, tenant) == []
    assert index_differences(system, tenant) == []
    assert dead() == {}


def test_two_thousand_updates_drain_right_while_workers_are_killed_at_random(system: System) -> None:
    draw = random.Random(9)
    with seen_again_after(8), functions_off(), workers(3) as staff:
        kinds = edit_many(system, 2000, seed=1)
        assert {"organization", "program", "title", "price", "entitlement", "person"} <= kinds.keys()
        while waiting():
            time.sleep(draw.uniform(0.5, 2.5))
            staff.kill_one(draw)
            if staff.killed == 12:
                break
        assert staff.killed == 12, "the queues were empty too soon for this to say anything"
        assert_nothing_lost(system)


def test_the_deployed_functions_drain_right_while_their_processes_are_killed(system: System) -> None:
    cloud = processes.running().get("ministack")
    if cloud is None:
        pytest.skip("only in ministack do we know which processes the functions run in")
    draw, killed = random.Random(4), 0
    with seen_again_after(15):
        edit_many(system, 150, seed=2)
        while waiting() and killed < 8:
            time.sleep(draw.uniform(0.3, 1.0))
            if found := sorted(function_processes(cloud.pid)):
                kill(draw.choice(found))
                killed += 1
        assert killed >= 3
        assert_nothing_lost(system)
