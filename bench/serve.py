"""Serve: how long a read takes in a process of its own, what it asks of store and engine, and what four clients get."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import fmean

from bench import campus
from bench.client import NAME, Client, quoted
from bench.place import Place, system
from bench.processes import python
from bench.result import Section, percentile
from bench.settle import settle
from localcloud import ports

TARGETS = {"a course": 3.0, "20 courses": 12.0}


def run(section: Section, *, quick: bool) -> None:
    """Targets: a course by its key 3 ms, a list of 20 courses 12 ms, at the median with one client."""
    with system("containers") as place:
        settle(place)
        token = campus.token(place)
        paths = _paths(Client(place.internal_url(), token))
        rounds = 100 if quick else 1000
        _floor(section, place, rounds)
        _one_client(section, place, token, paths, rounds)
        _counted(section, place, token, paths, rounds // 5)
        for workers in (1, 2):
            _four_clients(section, place, token, paths, workers, seconds=2 if quick else 8)


def _paths(client: Client) -> dict[str, list[str]]:
    """Paths by what they ask for; several things of a kind, so that no answer is a kept one."""
    courses = client.good("/api/v1/courses/?limit=50").json()["results"]
    programs = client.good("/api/v1/programs/?limit=20").json()["results"]
    runs = [run["key"] for course in courses for run in course["course_runs"]]
    return {
        "a course": [f"/api/v1/courses/{quoted(course['key'])}/" for course in courses],
        "20 courses": [f"/api/v1/courses/?limit=20&offset={offset}" for offset in (0, 10, 20)],
        "a run": [f"/api/v1/course_runs/{quoted(key)}/" for key in runs],
        "20 runs": [f"/api/v1/course_runs/?limit=20&offset={offset}" for offset in (0, 20, 40)],
        "a program": [f"/api/v1/programs/{program['uuid']}/" for program in programs],
        "20 programs": ["/api/v1/programs/?limit=20"],
        "organizations": ["/api/v1/organizations/?limit=20"],
    }


def _floor(section: Section, place: Place, rounds: int) -> None:
    with _server("floor", place) as url:
        client = Client(url)
        times = _times(client, ["/"], rounds)
    note = f"client: {NAME}; server: granian with an answer of 4 kB made before"
    section.add("floor of client and server: p50", percentile(times, 0.5), "ms", note=note)


def _one_client(section: Section, place: Place, token: str, paths: Mapping[str, list[str]], rounds: int) -> None:
    client = Client(place.internal_url(), token)
    for what, asked in paths.items():
        _times(client, asked, len(asked))
        times = _times(client, asked, rounds if len(asked) > 3 else max(30, rounds // 3))
        section.add(f"{what}: p50", percentile(times, 0.5), "ms", most=TARGETS.get(what))
        section.add(f"{what}: p99", percentile(times, 0.99), "ms")


def _counted(section: Section, place: Place, token: str, paths: Mapping[str, list[str]], rounds: int) -> None:
    """The same requests at a server of ours that says what it did."""
    names = ("handler-ms", "store-calls", "store-ms", "engine-calls", "engine-ms")
    with _server("counted", place) as url:
        client = Client(url, token)
        for what, asked in paths.items():
            answers = [client.good(asked[n % len(asked)]) for n in range(len(asked) + rounds)][len(asked) :]
            found = {name: [float(a.headers[f"x-bench-{name}"]) for a in answers] for name in names}
            size = fmean(len(a.body) for a in answers)
            note = "; ".join(
                [
                    f"store {fmean(found['store-calls']):.3g} calls {percentile(found['store-ms'], 0.5):.2f} ms",
                    f"engine {fmean(found['engine-calls']):.3g} calls {percentile(found['engine-ms'], 0.5):.2f} ms",
                    f"{size / 1000:.1f} kB",
                ]
            )
            section.add(f"{what}: the handler's own time, p50", percentile(found["handler-ms"], 0.5), "ms", note=note)


def _four_clients(
    section: Section, place: Place, token: str, paths: Mapping[str, list[str]], workers: int, seconds: float
) -> None:
    with _server("plain", place, workers) as url:
        for what in ("a course", "20 courses"):
            with ThreadPoolExecutor(4) as pool:
                counts = pool.map(lambda _, what=what: _ask(url, token, paths[what], seconds), range(4))
                rate = sum(counts) / seconds
            section.add(f"{what}: four clients, {workers} serving process(es)", rate, "/s")


def _ask(url: str, token: str, paths: list[str], seconds: float) -> int:
    """Ask one after the other for some seconds; how many were answered."""
    client, end, n = Client(url, token), time.monotonic() + seconds, 0
    while time.monotonic() < end:
        client.good(paths[n % len(paths)])
        n += 1
    return n


def _times(client: Client, paths: list[str], rounds: int) -> list[float]:
    return [client.good(paths[n % len(paths)]).seconds * 1000 for n in range(rounds)]


@contextmanager
def _server(name: str, place: Place, workers: int = 1) -> Iterator[str]:
    """A server of the benchmark's own on a free port: ``floor``, ``counted``, or the real one as it is."""
    port = ports.free_port()
    words = ["-m", "bench.servers", name, str(port), str(workers)]
    if name == "plain":
        words = ["-m", "chalicelib.runtime", "serve", "--port", str(port), "--workers", str(workers)]
    with python(words, place.env, ready=f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}"
