"""What a source publishes reaches a reader: deploy, API, worker and schedule."""

from __future__ import annotations

import pytest

from chalicelib.domain.keys import Ref
from chalicelib.domain.store import DueClock, DueRead
from chalicelib.wiring import house
from tests.e2e.settling import CLOCK, due_items
from tests.e2e.system import System, eventually

pytestmark = pytest.mark.smoke


def test_a_title_changed_in_studio_reaches_the_detail_and_the_list(system: System) -> None:
    made = system.edit("title")
    [title] = made["after"].values()

    eventually(lambda: system.run(made["key"])["title"] == title)
    key = system.run(made["key"])["course"]
    listed = eventually(lambda: system.get("/api/v1/courses/", keys=key).json()["results"])
    assert any(run["title"] == title for course in listed for run in course["course_runs"])


def test_a_price_changed_in_otto_reaches_the_run(system: System) -> None:
    made = system.edit("price")
    [price] = made["after"].values()

    eventually(lambda: price in {seat["price"] for seat in system.run(made["key"])["seats"]})


def test_every_course_of_the_campus_is_listed_once(system: System) -> None:
    keys: list[str] = []
    page = system.get("/api/v1/courses/", limit=7).json()
    while True:
        keys += [course["key"] for course in page["results"]]
        if page["next"] is None:
            break
        page = system.http.get(page["next"], headers={"Authorization": f"JWT {system.token()}"}).json()
    assert len(keys) == len(set(keys)) == page["count"]


def test_the_health_check_needs_no_credentials(system: System) -> None:
    assert system.get("/health/", role=None).json()["overall_status"] == "OK"


def test_the_schedule_reads_what_is_due_and_makes_anew_what_time_has_changed(system: System) -> None:
    """The due function fires every minute: a run is read again, a course whose boundary has come is raised."""
    made = system.edit("title", publish=False)
    key, [title] = made["key"], made["after"].values()
    rooms, now = house(), house().clock()
    course = _timed("pyrite")[0]
    before = rooms.records.heads("pyrite", [course])[course].revision
    rooms.due.add([DueClock("pyrite", course, now), DueRead("edx", "studio", "run", key, now, "edit", "a test")])

    eventually(lambda: system.run(key)["title"] == title, seconds=100)
    eventually(lambda: rooms.records.heads("pyrite", [course])[course].revision > before)
    after = rooms.records.heads("pyrite", [course])[course].revision
    eventually(lambda: rooms.views.get("pyrite", [course])[course].revision == after)
    assert (f"pyrite#{course}", CLOCK) in set(due_items()), "its next boundary is due"


def _timed(tenant: str) -> list[Ref]:
    """Courses that a boundary of time is ahead of."""
    found = (pk.split("#", 2) for pk, sk in due_items() if sk == CLOCK)
    return [Ref(kind, key) for code, kind, key in found if (code, kind) == (tenant, "course")]
