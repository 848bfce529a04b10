"""Waiting until everything is done: queues empty, nothing due; what is due at an instant is made due now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.adapters.dynamo.heads import DUE_SHARDS
from chalicelib.domain.keys import Ref
from chalicelib.wiring import House, house
from chalicelib.workers import on_due
from tests.e2e.system import eventually

CLOCK = "due#clock#time"


def settle(*, seconds: float = 90) -> None:
    """Let everything happen that was begun; time's own boundaries (``due#clock#time``) stay where they are."""
    eventually(lambda: _worked_off() and not hasten() and _worked_off(), seconds=seconds, every=0.25)


def _worked_off() -> bool:
    return not waiting()


def waiting() -> dict[str, dict[str, int]]:
    """What is in the queues, dead letters aside."""
    rooms = house()
    live = [name for name in rooms.queues.names() if not name.endswith("-dead")]
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


def long_ago(tenant: str, keys: list[str]) -> None:
    """Let the first 404 of these runs be twenty minutes old: the second look is due."""
    rooms = house()
    for ref, head in rooms.records.heads(tenant, [Ref("run", key.lower()) for key in keys]).items():
        key = {"pk": {"S": f"{tenant}#{ref}"}, "sk": {"S": "head"}}
        table = rooms.settings.table("records")
        item = rooms.dynamo.call("get_item", TableName=table, Key=key, ConsistentRead=True)["Item"]
        body = json.loads(item["h"]["S"])
        for mark in body["marks"].values():
            mark[5] = mark[5] and mark[5] - 1_200_000
        assert head.lock == int(item["lock"]["N"])
        rooms.dynamo.call(
            "update_item",
            TableName=table,
            Key=key,
            UpdateExpression="SET h = :h",
            ExpressionAttributeValues={":h": {"S": json.dumps(body)}},
        )


def forget_misses() -> None:
    """What a test made the catalog suspect must not hold back retirement elsewhere."""
    rooms = house()
    table = rooms.settings.table("operations")
    items = rooms.dynamo.call("scan", TableName=table)["Items"]
    keys = [
        (i["pk"]["S"], i["sk"]["S"]) for i in items if i["pk"]["S"].startswith(("count#misses#", "note#retirement#"))
    ]
    rooms.dynamo.write_many(table, deletes=keys)
