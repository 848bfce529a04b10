"""The workers of MODE=containers, started and ended by a benchmark; what they called is known when they have ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.place import Place
from bench.processes import python
from localrun.workers import QUEUES

COMMANDS = {name: ["work", *queues] for name, queues in QUEUES.items()} | {"tick": ["tick", "--due-every", "5"]}


@dataclass
class Workers:
    """Process ids by name, and, once they have ended, their calls by name."""

    pids: dict[str, list[int]] = field(default_factory=dict)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)

    def said(self, per: int) -> str:
        """Calls by worker, in all and for each of so many updates."""
        parts = []
        for name, calls in self.calls.items():
            counted = ", ".join(f"{n} {what.partition('.')[2]}" for what, n in sorted(calls["count"].items()))
            parts.append(f"{name}: {sum(calls['count'].values()) / max(1, per):.3g} an update ({counted})")
        return "; ".join(parts)


@contextmanager
def working(place: Place) -> Iterator[Workers]:
    """Every queue is worked off while the block runs."""
    workers, files = Workers(), {name: place.logs / f"bench-{name}.calls.json" for name in COMMANDS}
    with ExitStack() as stack:
        for name, words in COMMANDS.items():
            files[name].unlink(missing_ok=True)
            env = {**place.env, "BENCH_CALLS": str(files[name])}
            log = place.logs / f"bench-{name}.log"
            workers.pids[name] = [stack.enter_context(python(["-m", "bench.counted", *words], env, log=log))]
        yield workers
    workers.calls = {name: _read(path) for name, path in files.items() if path.exists()}


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text()))
