"""Refresh: 3,000 courses from sources that answer in 20 ms, for the first time and when nothing has changed."""

from __future__ import annotations

import time

from bench import campus, cpu, load
from bench.inside import behind, courses, house_of
from bench.place import Place, system
from bench.result import Section
from bench.settle import settle
from bench.workers import working

LATENCY_MS = 20


def run(section: Section, *, quick: bool) -> None:
    """Targets (for 3,000 courses): 60 s the first time, 15 s when nothing has changed."""
    size = 300 if quick else 3_000
    with system("bare", courses=size) as place:
        campus.faults(place, latency_ms=LATENCY_MS)
        first = _one(section, place, f"{size} courses, first load", 60.0 if not quick else None)
        _views(section, place, size, first)
        _one(section, place, f"{size} courses, nothing changed", 15.0 if not quick else None)


def _one(section: Section, place: Place, what: str, most: float | None) -> float:
    campus.reset_calls(place)
    before = cpu.by_name(place, {})
    took, outcomes = load.refresh(place)
    seen, changed = (sum(o[name] for o in outcomes) for name in ("seen", "changed"))
    calls = sum(rows["total"] for rows in campus.calls(place).get("edx", {}).values())
    note = f"{seen} things seen, {changed} changed, {calls} calls of {LATENCY_MS} ms"
    section.add(what, took, "s", most=most, note=note)
    section.notes.append(f"{what}, processor: {cpu.spent(before, cpu.by_name(place, {}))}")
    return took


def _views(section: Section, place: Place, size: int, refreshed: float) -> None:
    """Everything announced is made into views and documents; the refresh went before, so both times add up."""
    before, started = cpu.by_name(place, {}), time.monotonic()
    with working(place) as workers:
        settle(place, seconds=3600)
        took = time.monotonic() - started
        used = cpu.spent(before, cpu.by_name(place, workers.pids))
    house = house_of(place)
    known = courses(house)
    old, missing = behind(house, known)
    note = f"{len(known)} courses; {old} views and {missing} documents behind at the end"
    section.add(f"{size} courses: views and documents of it, by the workers", took, "s", note=note)
    section.add(f"{size} courses: rate of that", len(known) / took, "courses/s")
    section.notes.append(f"views, processor: {used}")
