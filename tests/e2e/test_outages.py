"""Stores that are away or out of capacity: edits go on, reads stay right, and what was missed is made up for."""

from __future__ import annotations

import os
import signal
from urllib.parse import urlsplit

import pytest

from localcloud import manager, places, processes
from tests.e2e.indexed import index_differences
from tests.e2e.processes import functions_off, workers
from tests.e2e.settling import dead, settle, waiting
from tests.e2e.system import System, eventually
from tests.e2e.throttle import throttle
from tests.e2e.truth import differences


def test_while_the_search_engine_is_dead_edits_arrive_and_afterwards_the_index_is_right(system: System) -> None:
    engine = processes.running().get("opensearch")
    if engine is None:
        pytest.skip("no engine here that keeps its data over a crash")
    os.kill(engine.pid, signal.SIGKILL)
    try:
        made = {m["key"]: m["after"]["name"] for m in (system.edit("title") for _ in range(4))}
        price = system.edit("price")
        for key, title in made.items():
            eventually(lambda k=key, t=title: system.run(k)["title"] == t)  # type: ignore[misc]
        eventually(lambda: price["after"]["price"] in {s["price"] for s in system.run(price["key"])["seats"]})
        listed = system.get("/api/v1/courses/")
        assert (listed.status_code, list(listed.json())) == (503, ["detail"])
    finally:
        port = urlsplit(system.endpoints["opensearch_url"]).port
        assert port
        eventually(lambda: "opensearch" not in processes.running())
        manager.ENGINES["opensearch"](port, places.data_dir()).start()
    settle()
    assert index_differences(system) == []
    assert differences(system) == []


def test_when_dynamodb_throttles_nothing_is_lost(system: System) -> None:
    endpoint = system.endpoints["aws_endpoint_url"]
    with throttle(endpoint) as table, functions_off(), workers(2, AWS_ENDPOINT_URL_DYNAMODB=table.url):
        table.share = 1.0
        system.campus("/admin/edx/edits/bulk", {"count": 100, "seed": 3, "duplicates": 0.2, "shuffle": True})
        eventually(lambda: table.refused > 10)
        table.share = 0.3
        eventually(lambda: table.refused > 100 or not waiting())
        table.share = 0.0
        settle()
        assert table.refused > 50
    assert differences(system) == []
    assert index_differences(system) == []
    assert dead() == {}
