"""Who used the processor: seconds by process, so that a figure can say what it was bound by."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench.place import Place

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds(pids: Iterable[int]) -> float:
    """User and system seconds of these processes and of all they ever started and awaited or still have."""
    wanted, stats = set(pids), _all()
    parents = {pid: parent for pid, (parent, _) in stats.items()}
    return sum(used for pid, (_, used) in stats.items() if _descends(pid, wanted, parents))


def by_name(place: Place, more: Mapping[str, Iterable[int]]) -> dict[str, float]:
    """Seconds by the name of each process of a system, and of ``more``."""
    recorded = json.loads((place.logs.parent / "processes.json").read_text())
    groups = {name: [row["pid"]] for name, row in recorded.items()} | {n: list(p) for n, p in more.items()}
    return {name: seconds(pids) for name, pids in groups.items()}


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """What each used in between, most first, in one line."""
    used = {name: after[name] - before.get(name, 0.0) for name in after}
    ranked = sorted(used.items(), key=lambda row: -row[1])
    return ", ".join(f"{name} {value:.1f} s" for name, value in ranked if value >= 0.05)


def _all() -> dict[int, tuple[int, float]]:
    found = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(place.parent.name)] = int(fields[1]), sum(map(int, fields[11:15])) / _TICKS
    return found


def _descends(pid: int, wanted: set[int], parents: Mapping[int, int]) -> bool:
    while pid and pid not in wanted:
        pid = parents.get(pid, 0)
    return bool(pid)
