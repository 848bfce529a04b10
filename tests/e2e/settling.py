"""Waiting until everything is done: queues empty, nothing due; what is due at an instant is made due now."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.adapters.dynamo.heads import DUE_SHARDS
from chalicelib.wiring import House, house
from chalicelib.workers import on_due
from tests.e2e.system import eventually

CLOCK = "due#clock"


def settle(*, seconds: float = 90) -> None:
    """Let everything happen that was begun; time's own boundaries (``due#clock``) stay where they are."""
    eventually(lambda: _worked_off() and not hasten() and _worked_off(), seconds=seconds, every=0.25)


def _worked_off() -> bool:
    return not waiting()


def waiting() -> dict[str, dict[str, int]]:
    """What is in the queues, dead letters aside."""
    rooms = house()
    live = [name for name in rooms.queues.names() if not name.endswith("-dead") and name != "updates-unknown"]
    depths = {name: rooms.queues.depth(name) for name in live}
    return {name: depth for name, depth in depths.items() if any(depth.values())}


def dead() -> dict[str, int]:
    """Messages in dead-letter queues."""
    rooms = house()
    depths = {n: sum(rooms.queues.depth(n).values()) for n in rooms.queues.names() if n.endswith("-dead")}
    return {name: depth for name, depth in depths.items() if depth}


def hasten(rooms: House | None = None, *, clocks: bool = False, only: Sequence[str] = ()) -> int:
    """Do now what is due later: move it to this instant and run the due worker; tells how much there was.

    ``only``: normal forms of keys, others stay. Both are what the schedule does when the time has come.
    """
    rooms = rooms or house()
    found = [
        (pk, sk)
        for pk, sk in due_items()
        if (clocks or not sk.startswith(CLOCK)) and (not only or pk.split("#")[-1] in only)
    ]
    now = rooms.clock()
    for pk, sk in found:
        rooms.dynamo.conditional(
            "update_item",
            TableName=rooms.settings.table("records"),
            Key={"pk": {"S": pk}, "sk": {"S": sk}},
            UpdateExpression="SET due_at = :now",
            ConditionExpression="attribute_exists(due_bucket)",
            ExpressionAttributeValues={":now": {"N": str(now)}},
        )
    if found:
        on_due(rooms, seconds=2)
    return len(found)


def due_items() -> Iterator[tuple[str, str]]:
    """Keys (pk, sk) of everything that is due at some time."""
    rooms = house()
    for shard in range(DUE_SHARDS):
        options: dict[str, Any] = {}
        while True:
            page = rooms.dynamo.call(
                "query",
                TableName=rooms.settings.table("records"),
                IndexName="due",
                KeyConditionExpression="due_bucket = :bucket",
                ExpressionAttributeValues={":bucket": {"S": f"due#{shard}"}},
                **options,
            )
            yield from ((item["pk"]["S"], item["sk"]["S"]) for item in page["Items"])
            if not page.get("LastEvaluatedKey"):
                break
            options["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def patiently(seconds: float) -> Iterator[float]:
    """Instants until the time is over, for loops that do something meanwhile."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield end - time.monotonic()
