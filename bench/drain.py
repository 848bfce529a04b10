"""Drain: thousands of updates waiting, worked off from queue to view and index; and a source that allows little."""

from __future__ import annotations

import time

from bench import campus, cpu, load
from bench.inside import behind, courses, house_of, limit
from bench.place import Place, system
from bench.result import Section
from bench.settle import LANES, begun, settle, waiting
from bench.workers import working
from chalicelib.wiring import House

OF_COURSES = {"title": 5, "about": 4, "dates": 5, "price": 5, "text": 5}
"""What authors do to runs: each update is about one course."""
OF_ALL = OF_COURSES | {"course_title": 2, "entitlement": 2, "organization": 1, "person": 2, "subject": 1, "program": 1}
"""With edits of what many courses show: one update raises hundreds of views."""


def run(section: Section, *, quick: bool) -> None:
    """Target: 150 updates a second with sources that have no limit; nothing parked where one has."""
    size, count = (200, 500) if quick else (1_000, 5_000)
    with system("bare", courses=size) as place:
        load.refresh(place)
        with working(place):
            settle(place, seconds=1800)
        _drained(section, place, f"{count} updates of {size} courses' runs", count, OF_COURSES, 150.0)
        _drained(section, place, f"{count} updates of everything", count // 10, OF_ALL, None)
        _limited(section, place, 100 if quick else 1_000)


def _drained(section: Section, place: Place, what: str, count: int, kinds: dict[str, int], least: float | None) -> None:
    made = campus.bulk(place, count=count, kinds=kinds, seed=3)
    messages = waiting(place)
    before = cpu.by_name(place, {})
    with working(place) as workers:
        started = begun(place)
        took = settle(place, every=0.2, seconds=1800) - started
        used = cpu.spent(before, cpu.by_name(place, workers.pids))
    house = house_of(place)
    old, missing = behind(house, courses(house))
    subjects = len({tuple(s) for s in made["subjects"]})
    note = f"{messages} messages about {subjects} keys; behind at the end: {old} views, {missing} documents"
    section.add(what, messages / took, "/s", least=least, note=note)
    section.add(f"{what}: time, from the first taken", took, "s")
    section.notes.append(f"{what}, processor: {used}")
    section.notes.append(f"{what}, calls: {workers.said(messages)}")


def _limited(section: Section, place: Place, count: int) -> None:
    """A source that allows 40 calls a minute and says 429 beyond; our budget for it is the same."""
    house = house_of(place)
    limit(house, "studio", 40)
    campus.faults(place, source="studio", rate_limit=40)
    campus.reset_calls(place)
    made = campus.bulk(place, count=count, kinds={"title": 1, "dates": 1}, seed=5)
    started = time.monotonic()
    with working(place):
        _until_nothing_is_due(place, house)
        took = time.monotonic() - started
    calls = campus.calls(place)["edx"]["studio"]
    refused = calls["statuses"].get("429", 0)
    keys = len({tuple(s) for s in made["subjects"]})
    what = f"{count} updates, 40 calls a minute"
    section.add(f"{what}: time", took, "s", note=f"{keys} keys; floor at 50 keys a call: {keys / 50 / 40 * 60:.0f} s")
    section.add(f"{what}: calls made", calls["total"], "", note=f"{refused} of them answered 429")
    section.add(f"{what}: parked", _parked(house), "", most=0)
    limit(house, "studio", None)
    campus.faults(place)


def _until_nothing_is_due(place: Place, house: House, seconds: float = 1800) -> None:
    end, quiet = time.monotonic() + seconds, 0
    while time.monotonic() < end and quiet < 3:
        later = house.due.take(house.clock() + 120_000, 500)
        left = [item for item in later if type(item).__name__ == "DueRead"]
        quiet = 0 if left or waiting(place) else quiet + 1
        time.sleep(0.5)


def _parked(house: House) -> int:
    return sum(1 for queue in LANES for _ in house.operations.parked(queue))
