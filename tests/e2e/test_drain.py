"""Many updates at once, twice, in no order, while workers die: nothing is lost, nothing is stale."""

from __future__ import annotations

import random
import time

from tests.e2e.indexed import index_differences
from tests.e2e.processes import (
    deployed_processes,
    functions_off,
    kill,
    seen_again_after,
    start_deployed_processes,
    workers,
)
from tests.e2e.settling import dead, settle, waiting
from tests.e2e.system import System
from tests.e2e.truth import differences

KILLS = 8


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
            if staff.killed == KILLS:
                break
        assert staff.killed == KILLS, "the queues were empty too soon for this to say anything"
        assert_nothing_lost(system)


def test_what_is_deployed_drains_right_while_its_processes_are_killed(system: System) -> None:
    draw, killed = random.Random(4), 0
    with seen_again_after(8):
        edit_many(system, 80, seed=2)
        while waiting() and killed < 6:
            time.sleep(draw.uniform(0.3, 1.0))
            if found := deployed_processes(system):
                kill(draw.choice(found))
                killed += 1
                start_deployed_processes(system)
        assert killed >= 3
        assert_nothing_lost(system)
