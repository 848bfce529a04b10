"""Waiting until what was announced has been worked off, with a bar that shows how much is left."""

import sys
import time

from chalicelib.runtime.shown import bars
from chalicelib.wiring import house

PATIENCE = 600
STANDSTILL = 20
"""Seconds without progress after which nobody waits any longer: what a stopped worker had in hand comes again later."""
QUIET = 3
"""Looks in a row at empty queues: a message may be between two of them."""


def main() -> int:
    """0 when nothing waits any more, or nothing moves; 1 when that took too long."""
    deadline, most, quiet, left, moved = time.monotonic() + PATIENCE, 1, 0, 0, time.monotonic()
    with bars() as progress:
        task = progress.add_task("views and documents", total=1, note="")
        while quiet < QUIET and time.monotonic() < min(deadline, moved + STANDSTILL):
            before, left = left, waiting()
            most, quiet = max(most, left), 0 if left else quiet + 1
            moved = moved if left == before else time.monotonic()
            progress.update(task, total=most, completed=most - left)
            time.sleep(0.2)
    if left:
        print(f"{left} messages are still in hand of a worker that was stopped; they come again within minutes")
    return 0 if time.monotonic() < deadline else 1


def waiting() -> int:
    """Messages in any queue that a worker empties."""
    queues = [q for q in house().queues.names() if not q.endswith("-dead")]
    return sum(sum(house().queues.depth(queue).values()) for queue in queues)


if __name__ == "__main__":
    sys.exit(main())
