"""The operator's commands, as they are typed."""

from __future__ import annotations

import json

from tests.e2e.processes import command
from tests.e2e.settling import hasten
from tests.e2e.system import System, eventually
from tests.e2e.test_sick_sources import waiting_reads


def start_of(system: System, key: str) -> str:
    return str(system.run(key, "pyrite")["start"])


def test_a_paused_source_is_held_without_loss_while_the_others_go_on(system: System) -> None:
    assert "held" in command("pause", "studio", "--tenant", "pyrite")
    try:
        dates, price = system.edit("dates", "pyrite"), system.edit("price", "pyrite")
        key, start = dates["key"], dates["after"]["start"].replace("+00:00", "Z")
        before = start_of(system, key)
        eventually(lambda: waiting_reads("pyrite", [key]) == ["paused"])
        seen = lambda: {s["price"] for s in system.run(price["key"], "pyrite")["seats"]}  # noqa: E731
        eventually(lambda: price["after"]["price"] in seen())
        assert start_of(system, key) == before != start
    finally:
        assert "let go" in command("resume", "studio", "--tenant", "pyrite")
    hasten(only=[key.lower()])
    eventually(lambda: start_of(system, key) == start)


def test_a_dry_run_shows_what_differs_and_a_refresh_of_one_key_mends_it(system: System) -> None:
    made, other = system.edit("dates", "pyrite", publish=False), system.edit("price", "pyrite", publish=False)
    key, start = made["key"], made["after"]["start"].replace("+00:00", "Z")
    before = start_of(system, key)
    said = command("refresh", "--partner", "pyrite", "--dry-run", both=True)
    assert key in said and other["key"] in said and f"start: '{before}' -> '{start}'" in said
    assert start_of(system, key) == before != start
    assert command("refresh", "--partner", "nobody", code=2) == ""

    [row] = [
        o
        for o in json.loads(command("refresh", "--partner", "pyrite", "--kind", "run", "--key", key, "--json"))
        if (o["source"], o["thing"]) == ("studio", "course")
    ]
    assert (row["status"], row["changed"]) == ("ok", 1)
    eventually(lambda: start_of(system, key) == start)
    diff = command("history", key, "--tenant", "pyrite", "--diff")
    assert f'-  "start": "{before}"' in " ".join(diff.split("\n")).replace('- "', '-  "')
    command("refresh", "--partner", "pyrite", "--source", "otto")


def test_explain_says_who_said_what_and_what_the_index_has(system: System) -> None:
    [course] = system.get("/api/v1/courses/", limit=1).json()["results"]
    said = json.loads(command("explain", course["key"]))
    assert {s["source"] for s in said["sources"]} >= {"studio", "otto"}
    assert said["fields"]["title"].startswith(("drupal", "studio"))
    assert said["view"]["kept"]["revision"] == said["view"]["revision"]
    assert said["index"]["current"] is True
    assert {rule["rule"] for rule in said["rules"]} >= {"has runs"}
    over_http = system.get(f"/api/v1/courses/{course['key']}/explain").json()
    assert over_http["fields"] == said["fields"]
    assert "no source" in command("explain", "Nobody+Knows", code=2, both=True)


def test_queues_are_shown_with_their_depths(system: System) -> None:
    shown = {q["queue"]: q for q in json.loads(command("queues", "--json"))}
    assert {"updates-studio", "views-live", "touches-bulk"} <= shown.keys()
    assert {"waiting", "in_flight", "parked_or_dead", "reasons"} <= shown["views-live"].keys()
