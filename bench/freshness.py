"""Freshness: from an update published to the right answer, in the detail endpoint and in lists."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bench import campus
from bench.client import Client, quoted
from bench.place import Place, system
from bench.result import Section
from bench.settle import settle

PATIENCE = 60.0
PAUSE = 0.005
"""Between two looks: what the look itself takes comes on top, so figures are a little too high, never too low."""


def run(section: Section, *, quick: bool) -> None:
    """Targets: the detail 0.3 s at the median and 1.5 s at p99, lists 2 s at p99."""
    count = 50 if quick else 500
    for mode in ("containers", "functions"):
        with system(mode) as place:
            section.notes.append(f"{mode}: the index refreshes every {refresh_interval(place)}")
            settle(place)
            edits = [one(place, Client(place.internal_url(), campus.token(place))) for _ in range(count)]
            told(section, f"{mode}, {count} edits", edits)


def told(section: Section, what: str, edits: list[tuple[float, float]]) -> None:
    """The figures of some edits: seconds to the detail, seconds to the list."""
    section.percentiles(f"{what}: right in the detail", [d for d, _ in edits], p50=0.3, p99=1.5)
    section.percentiles(f"{what}: right in the list", [shown for _, shown in edits], p99=2.0)


def one(place: Place, client: Client, key: str | None = None) -> tuple[float, float]:
    """Edit a run's title; seconds from its being published to the right detail, and to the right list."""
    made = campus.edit(place, "title", **({"key": key} if key else {}))
    published = datetime.fromisoformat(made["published_at"]).timestamp()
    wanted = next(iter(made["after"].values()))
    run_key, moment = str(made["key"]), urllib.parse.quote(made["published_at"])
    detail = f"/api/v1/course_runs/{quoted(run_key)}/"
    body = _until(lambda: _body(client, detail), lambda body: body.get("title") == wanted)
    in_detail = time.time() - published
    listing = f"/api/v1/courses/?keys={quoted(body['_course'])}&timestamp={moment}"
    _until(lambda: _body(client, listing), lambda body: body["count"] == 1)
    return in_detail, time.time() - published


def _body(client: Client, path: str) -> dict[str, Any]:
    body = dict(client.good(path).json())
    return body | {"_course": body.get("course")}


def _until(look: Callable[[], dict[str, Any]], right: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        body = look()
        if right(body):
            return body
        time.sleep(PAUSE)
    raise RuntimeError(f"an edit was not right within {PATIENCE:.0f} s")


def refresh_interval(place: Place) -> str:
    """How often the index shows what was written."""
    import urllib.request

    url = (
        f"{place.endpoints['opensearch_url']}/catalog-local-course/_settings/index.refresh_interval?flat_settings=true"
    )
    with urllib.request.urlopen(url, timeout=10) as answer:
        found = json.loads(answer.read())
    return str(next(iter(found.values()))["settings"].get("index.refresh_interval", "1s (the engine's default)"))
