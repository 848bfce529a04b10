"""Tick: what the schedules do, where there is no EventBridge; once, or for ever."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import workers
from chalicelib.runtime.stopping import Stop
from chalicelib.telemetry import logger
from chalicelib.wiring import House, house


@dataclass
class Job:
    """One schedule: how often (s), and what is done."""

    name: str
    every: float
    do: Callable[[House], Any]
    next_at: float = 0.0


def jobs(due_every: float) -> list[Job]:
    """The schedules of the deployed functions, with ``due`` as often as asked."""
    first_refresh = time.monotonic() + 86_400
    return [
        Job("due", due_every, lambda h: workers.on_due(h, seconds=max(5.0, due_every))),
        Job("freshness", 300, workers.on_freshness),
        Job("refresh", 86_400, workers.on_refresh, first_refresh),
    ]


def main(argv: Sequence[str], command: str = "tick") -> int:
    """Run the schedules until told to stop; ``--once`` runs one of them and ends."""
    parser = argparse.ArgumentParser(prog=f"runtime {command}", description=__doc__)
    parser.add_argument("--once", choices=["due", "freshness", "refresh"], help="run this job once and end")
    parser.add_argument(
        "--due-every", type=float, default=10.0, help="seconds between looks at what is due (default 10)"
    )
    options = parser.parse_args(argv)
    planned = jobs(options.due_every)
    if options.once:
        return _run(next(j for j in planned if j.name == options.once))
    stop = Stop()
    while not stop:
        for job in planned:
            if job.next_at <= time.monotonic() and not stop:
                _run(job)
                job.next_at = time.monotonic() + job.every
        stop.wait(max(0.05, min(j.next_at for j in planned) - time.monotonic()))
    return 0


def _run(job: Job) -> int:
    try:
        job.do(house())
    except Exception:
        logger().exception("a schedule failed; it comes again", extra={"job": job.name})
        return 1
    return 0
