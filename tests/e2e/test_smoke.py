"""What a source publishes reaches a reader: deploy, API, worker and schedule."""

from __future__ import annotations

import pytest

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


def test_the_schedule_confirms_what_is_due(system: System) -> None:
    """The due function fires every minute: a run that answers late is read again."""
    made = system.edit("title", publish=False)
    key, [title] = made["key"], made["after"].values()
    from chalicelib.domain.store import DueRead
    from chalicelib.wiring import house

    house().due.add([DueRead("edx", "studio", "run", key, house().clock(), "edit", "a test")])
    eventually(lambda: system.run(key)["title"] == title, seconds=100)
