"""Growth: what one update costs, in calls and milliseconds, while the catalog grows around it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench import campus, load
from bench.clone import clones
from bench.counting import Calls, watch
from bench.inside import courses, house_of
from bench.place import Place, system
from bench.result import Section
from bench.settle import settle
from bench.workers import working
from chalicelib import workers
from chalicelib.domain.keys import Ref
from chalicelib.wiring import House

SIZES, QUICK = (3_000, 10_000, 30_000, 100_000), (500, 1_000, 3_000)
BATCH, ROUNDS = 10, 12


@dataclass(frozen=True)
class Cost:
    """One batch of ten in one stage: calls, wall and own processor time (ms), what was called."""

    calls: int
    wall: float
    own: float
    names: dict[str, int]


def run(section: Section, *, quick: bool) -> None:
    """The cost of a batch of ten updates, stage by stage, at growing sizes."""
    with system("bare", courses=200) as place:
        load.refresh(place)
        with working(place):
            settle(place, seconds=1800)
        house = house_of(place)
        calls = watch()
        known = courses(house)
        for size in QUICK if quick else SIZES:
            started = time.monotonic()
            try:
                clones(house, known, size)
            except Exception as error:
                section.notes.append(f"{size} courses: the local cloud gave up while seeding: {error}")
                return
            section.notes.append(f"{size} courses: seeded in {time.monotonic() - started:.0f} s")
            _measure(section, place, house, calls, size)


def _measure(section: Section, place: Place, house: House, calls: Calls, size: int) -> None:
    reads, makes = [], []
    for n in range(ROUNDS):
        keys = [campus.edit(place, "title", publish=False)["key"] for _ in range(BATCH)]
        read, changed = _updates(house, calls, place, keys, n)
        reads.append(read)
        makes.append(_views(house, calls, changed))
    for stage, costs in (("updates", reads[2:]), ("views", makes[2:])):
        ordered = sorted(costs, key=lambda cost: cost.wall)
        middle = ordered[len(ordered) // 2]
        names = ", ".join(f"{n} {name.partition('.')[2]}" for name, n in sorted(middle.names.items()))
        section.add(f"{size} courses, a batch of ten in {stage}: calls", middle.calls, "", note=names)
        section.add(f"{size} courses, a batch of ten in {stage}: per update", middle.wall / BATCH, "ms")
        section.add(f"{size} courses, a batch of ten in {stage}: own processor time", middle.own / BATCH, "ms")


def _updates(house: House, calls: Calls, place: Place, keys: Sequence[str], n: int) -> tuple[Cost, list[Ref]]:
    bodies = [
        {
            "specversion": "1.0",
            "id": f"bench-{n}-{i}",
            "type": "org.openedx.catalog.run.updated.v1",
            "source": "studio",
            "tenant": "edx",
            "subject": key,
            "time": "2030-01-01T00:00:00Z",
        }
        for i, key in enumerate(keys)
    ]
    published: list[Any] = []
    real = house.announce.publish
    house.announce.publish = lambda changes: published.extend(changes) or real(changes)  # type: ignore[method-assign]
    try:
        cost = _cost(calls, lambda: workers.on_updates(_event("updates-studio", bodies), house))
    finally:
        house.announce.publish = real  # type: ignore[method-assign]
    return cost, [change.ref for change in published]


def _views(house: House, calls: Calls, refs: Sequence[Ref]) -> Cost:
    bodies = [_change(ref) for ref in refs]
    return _cost(calls, lambda: workers.on_views(_event("views-live", bodies), house))


def _change(ref: Ref) -> dict[str, Any]:
    from chalicelib.domain.change import EDIT, Change

    return Change("edx", ref.kind, ref.key, 0, EDIT).as_message()


def _event(queue: str, bodies: Sequence[Any]) -> dict[str, Any]:
    arn = f"arn:aws:sqs:::catalog-local-{queue}"
    return {
        "Records": [
            {"messageId": str(i), "body": json.dumps(body), "eventSourceARN": arn, "attributes": {}}
            for i, body in enumerate(bodies)
        ]
    }


def _cost(calls: Calls, work: Any) -> Cost:
    calls.clear()
    wall, own = time.perf_counter(), time.process_time()
    answer = work()
    wall, own = time.perf_counter() - wall, time.process_time() - own
    if answer["batchItemFailures"]:
        raise RuntimeError(f"{len(answer['batchItemFailures'])} messages failed")
    return Cost(calls.of(), wall * 1000, own * 1000, dict(calls.count))
