"""Cold: how long a new process takes to its first answer, per function, and what it imports for it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence

from bench import campus
from bench.client import Client, quoted
from bench.place import ROOT, Place, system
from bench.result import Section, percentile
from bench.settle import settle

FUNCTIONS = ("api", "updates", "views", "touches", "due")


def run(section: Section, *, quick: bool) -> None:
    """Per function: importing app.py, then the first event; the processor time is what a loaded machine cannot blur."""
    rounds = 3 if quick else 9
    with system("containers") as place:
        settle(place)
        event = _event(place)
        for function in FUNCTIONS:
            _one(section, place, function, event, rounds)
        section.notes.append(f"an empty python: {percentile([_empty(place) for _ in range(5)], 0.5):.0f} ms")


def _one(section: Section, place: Place, function: str, event: str, rounds: int) -> None:
    found = [_child(place, function, event) for _ in range(rounds)]
    for what, name in (("import", "import_ms"), ("first event", "first_ms"), ("second event", "second_ms")):
        section.add(f"{function}: {what}", percentile([f[name] for f in found], 0.5), "ms")
    cpu = percentile([f["cpu_ms"] for f in found], 0.5)
    top = ", ".join(f"{name} {ms:.0f}" for name, ms in _imports(place, function, event))
    section.add(f"{function}: own processor time to the first answer", cpu, "ms", note=f"imports (ms): {top}")


def _child(place: Place, function: str, event: str, *options: str) -> dict[str, float]:
    argv = [sys.executable, *options, "-m", "bench.first", function]
    done = subprocess.run(argv, cwd=ROOT, env=place.env, input=event, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{function}: {done.stderr[-1500:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _imports(place: Place, function: str, event: str, most: int = 8) -> list[tuple[str, float]]:
    """The packages that took longest to import, with all they import that nobody had before."""
    argv = [sys.executable, "-X", "importtime", "-m", "bench.first", function]
    done = subprocess.run(argv, cwd=ROOT, env=place.env, input=event, capture_output=True, text=True, check=False)
    return packages(done.stderr.splitlines())[:most]


def packages(lines: Sequence[str]) -> list[tuple[str, float]]:
    """Own import times (ms) by package from ``-X importtime``, longest first."""
    total: dict[str, float] = {}
    for line in lines:
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[0].strip().isdigit():
            package = parts[2].strip().split(".")[0]
            total[package] = total.get(package, 0.0) + int(parts[0]) / 1000
    return sorted(total.items(), key=lambda row: -row[1])


def _empty(place: Place) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], env=place.env, check=True)
    return (time.perf_counter() - started) * 1000


def _event(place: Place) -> str:
    """What the gateway sends for one course."""
    token = campus.token(place)
    course = Client(place.internal_url(), token).good("/api/v1/courses/?limit=1").json()["results"][0]
    path = f"/api/v1/courses/{quoted(course['key'])}/"
    run = course["course_runs"][0]["key"]
    return json.dumps({"path": path, "token": token, "run": run, "course": course["key"].lower()})
