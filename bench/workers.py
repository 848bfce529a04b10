"""The workers of MODE=containers, started and ended by a benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench.place import Place
from bench.processes import python
from localrun.workers import QUEUES


@contextmanager
def working(place: Place) -> Iterator[dict[str, list[int]]]:
    """Every queue is worked off while the block runs; yields process ids by name."""
    with ExitStack() as stack:
        pids = {}
        for name, queues in QUEUES.items():
            words = ["-m", "chalicelib.runtime", "work", *queues]
            pids[name] = [stack.enter_context(python(words, place.env, log=place.logs / f"bench-{name}.log"))]
        words = ["-m", "chalicelib.runtime", "tick", "--due-every", "5"]
        pids["tick"] = [stack.enter_context(python(words, place.env, log=place.logs / "bench-tick.log"))]
        yield pids
