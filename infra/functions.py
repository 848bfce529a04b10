"""The functions: what starts each, how long and how large it may be, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass

from infra.exchange import INGEST, QUEUES, Consumer, Queue

MODULE = "app"
RUNTIME = "python3.11"


@dataclass(frozen=True, slots=True)
class Function:
    """A handler of app.py with what starts it: a queue, a schedule (EventBridge's words, UTC) or, if neither, HTTP."""

    name: str
    handler: str
    rights: str
    timeout: int
    memory: int
    queue: Queue | None = None
    schedule: str | None = None
    reserved: int | None = None
    """At most this many at once, taken from what the account has; None where queue or gateway limit it already."""

    @property
    def trigger(self) -> str:
        """``queue``, ``schedule`` or ``http``."""
        return "queue" if self.queue else "schedule" if self.schedule else "http"


EDIT = "records:write history:write tenants:write principals:write operations:write objects:write changes:publish"
"""What the API's editors (registry, tenants) need, beside what its readers do."""

# fmt: off
HTTP = (
    Function("api", "http", f"{EDIT} views:read search:read updates:publish secrets:read",
             timeout=29, memory=1024),
)
SCHEDULED = (
    Function("due", "on_due", f"{INGEST} updates:publish",
             timeout=55, memory=512, schedule="rate(1 minute)", reserved=1),
    Function("refresh", "on_refresh", INGEST,
             timeout=900, memory=512, schedule="cron(15 2 * * ? *)", reserved=1),
    Function("freshness", "on_freshness", "records:read operations:read",
             timeout=60, memory=256, schedule="rate(5 minutes)"),
)
# fmt: on


def functions(queues: tuple[Queue, ...]) -> tuple[Function, ...]:
    """Every function: the table's, and one per consumed queue, so that each lane is seen and limited by itself."""
    return (*HTTP, *(_of_queue(q, q.consumer) for q in queues if q.consumer), *SCHEDULED)


def _of_queue(queue: Queue, consumer: Consumer) -> Function:
    return Function(queue.name, consumer.handler, consumer.rights, consumer.timeout, consumer.memory, queue=queue)


FUNCTIONS = functions(QUEUES)

API_STAGE = "internal"
THROTTLE = {"rate": 500, "burst": 1000}
"""Requests a second for the whole stage; per-user throttles are the application's."""
BINARY = ("*/*",)
"""The gateway decodes an answer only for types it holds binary, and the application compresses what it answers."""
LOG_DAYS = {"local": 1, "aws": 30}
