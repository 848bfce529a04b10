"""Sources that fail in every way they can: no update is lost, nothing is retired, what others say goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.keys import Ref
from chalicelib.domain.record import GONE, SUSPECT
from chalicelib.wiring import house
from tests.e2e.processes import command
from tests.e2e.settling import hasten, long_ago, settle
from tests.e2e.system import System, eventually
from tests.e2e.truth import differences

OTHER_RUNS = "an answer with other runs than asked for"
WAYS: dict[str, dict[str, Any]] = {
    "500": {"error_share": 1.0},
    "429": {"rate_limit": 1, "retry_after": 2},
    "no answer in time": {"hang_seconds": 16, "for_seconds": 2},
    "an expired token": {"unauthorized": True},
    "JSON that breaks off": {"malformed_share": 1.0},
    "21 MB of JSON": {"oversized_bytes": 21_000_000},
    "a redirect to somewhere else": {"redirect_to": "http://127.0.0.1:9"},
    OTHER_RUNS: {"ignore_course_keys": True},
}

AT_ONCE = {OTHER_RUNS, "no answer in time"}
"""Ways that a worker gets round by itself: it asks singly, or again."""


@pytest.mark.parametrize("way", WAYS)
def test_an_edit_arrives_when_its_source_has_recovered(system: System, way: str) -> None:
    system.fault("studio", "pyrite", **WAYS[way])
    wanted = {}
    for _ in range(3):
        made = system.edit("dates", "pyrite")
        wanted[made["key"]] = made["after"]["start"].replace("+00:00", "Z")
    by_otto = system.edit("price", "pyrite")
    prices = lambda: {seat["price"] for seat in system.run(by_otto["key"], "pyrite")["seats"]}  # noqa: E731
    eventually(lambda: by_otto["after"]["price"] in prices())
    if way not in AT_ONCE:
        eventually(lambda: len(waiting_reads("pyrite", wanted)) >= (1 if way == "429" else len(wanted)))
    system.campus("/admin/faults", {"clear": True})
    system.campus("/admin/calls/reset", {})

    def arrived() -> bool:
        hasten(only=[key.lower() for key in wanted])
        return all(system.run(key, "pyrite")["start"] == start for key, start in wanted.items())

    eventually(arrived, seconds=60)
    assert _states("pyrite", wanted).isdisjoint({SUSPECT, GONE})
    house().operations.note("singly#pyrite#studio#course", False)


def waiting_reads(tenant: str, keys: Any) -> list[str]:
    """Why those of these runs that could not be read from Studio are due again, each once."""
    rooms = house()
    table = rooms.settings.table("records")
    wanted = [(f"{tenant}#run#{key.lower()}", "due#read#studio") for key in keys]
    reasons = [item["why"]["S"] for item in rooms.dynamo.get_many({table: wanted})[table]]
    return [why for why in reasons if why != "confirm"]


def _states(tenant: str, keys: Any) -> set[str]:
    heads = house().records.heads(tenant, [Ref("run", key.lower()) for key in keys])
    return {mark.state for head in heads.values() for mark in head.marks.values()}


def test_when_a_source_answers_404_for_every_course_nothing_is_retired(system: System, few_misses: None) -> None:
    """An LMS says 404 for what its service user may no longer see: a right that was lost is no retirement."""
    keys = system.campus("/admin/pyrite/truth/keys")["visible_runs"][:12]
    before = {key: system.run(key, "pyrite") for key in keys}
    assert {run["status"] for run in before.values()} >= {"published"}
    system.fault("studio", "pyrite", not_found=True)
    for key in keys:
        system.edit("about", "pyrite", key=key)
    eventually(lambda: _states("pyrite", keys) >= {SUSPECT} and _suspects(keys) == len(keys))
    for _ in range(3):
        long_ago("pyrite", keys)
        hasten(only=[key.lower() for key in keys])
    assert GONE not in _states("pyrite", keys)
    assert {key: system.run(key, "pyrite")["status"] for key in keys} == {k: r["status"] for k, r in before.items()}

    system.campus("/admin/faults", {"clear": True})
    hasten(only=[key.lower() for key in keys])
    assert _states("pyrite", keys).isdisjoint({SUSPECT, GONE})
    settle()
    assert differences(system, "pyrite") == []


def _suspects(keys: list[str]) -> int:
    heads = house().records.heads("pyrite", [Ref("run", key.lower()) for key in keys])
    return sum(head.marks["studio#course"].state == SUSPECT for head in heads.values())


def test_a_listing_that_lies_about_its_count_takes_nothing_away(system: System) -> None:
    """Pages past the end are 404, listings leave out half of what they count: what is missing there is not gone."""
    system.fault("*", "pyrite", over_report=120, omit_share=0.5)
    report = {
        (o["source"], o["thing"]): o for o in json.loads(command("refresh", "--partner", "pyrite", "--json", code=1))
    }
    assert report["studio", "course"]["status"] == "ok"
    assert report["otto", "entitlement"]["status"] == "failed"
    system.campus("/admin/faults", {"clear": True})
    settle()
    assert differences(system, "pyrite") == []
