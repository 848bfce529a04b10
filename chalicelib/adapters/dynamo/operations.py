"""Small shared facts of running: tickets, budgets, pauses, counters, notes and parked messages."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Any

from cachetools import TTLCache

from chalicelib.adapters.dynamo.wire import Dynamo, Item, b, n, number, pack, s, text, unpack
from chalicelib.domain.store import Parked

PARKED = "parked"
BURST_SHARE = 10
"""A tenth of a budget may be spent at once; the rest is paced, so that no 60 s window ever sees more than the limit."""
NOTED_SECONDS = 2.0
"""Pauses and the like are asked for with every batch."""
GRANT_TRIES = 8
CONTENDED_MS = 100
"""How long to stay away when other workers kept drawing from the same budget."""


class OperationsStore:
    """The operations table."""

    def __init__(self, dynamo: Dynamo, *, table: str) -> None:
        self.dynamo, self.table = dynamo, table
        self._noted: TTLCache[str, bytes] = TTLCache(1024, NOTED_SECONDS)
        self._spent: dict[str, int] = {}
        self._lock = Lock()

    def ticket(self, tenant: str, source: str) -> int:
        """The next number of this tenant and source; drawn before a read."""
        return self.count(f"ticket#{tenant}#{source}", 1)

    def count(self, name: str, amount: int, expires_in: int | None = None) -> int:
        """Add to a counter and tell its new value; ``expires_in`` in seconds."""
        expression, values = "ADD amount :amount", {":amount": n(amount)}
        if expires_in:
            expression, values = (
                expression + " SET expires = :expires",
                values | {":expires": n(int(time.time()) + expires_in)},
            )
        answer = self.dynamo.call(
            "update_item",
            TableName=self.table,
            Key={"pk": s(f"count#{name}"), "sk": s("count")},
            UpdateExpression=expression,
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
        )
        return number(answer["Attributes"], "amount")

    def counted(self, name: str) -> int:
        """A counter's value; 0 when nothing was counted."""
        found = self.dynamo.get_many({self.table: [(f"count#{name}", "count")]})[self.table]
        return number(found[0], "amount") if found else 0

    def paused(self, tenant: str, source: str) -> bool:
        """Whether an operator holds this source's updates."""
        return bool(self.noted(f"paused#{tenant}#{source}"))

    def set_paused(self, tenant: str, source: str, paused: bool) -> None:
        """Hold or let go."""
        self.note(f"paused#{tenant}#{source}", paused)

    def note(self, name: str, value: Any) -> None:
        """Keep a small JSON value under a name."""
        packed = pack(value)
        item = {"pk": s(f"note#{name}"), "sk": s("note"), "z": b(packed)}
        self.dynamo.call("put_item", TableName=self.table, Item=item)
        with self._lock:
            self._noted[name] = packed

    def noted(self, name: str) -> Any:
        """The value kept under a name, or None; what another process wrote is seen after two seconds."""
        with self._lock:
            packed = self._noted.get(name)
        if packed is None:
            found = self.dynamo.get_many({self.table: [(f"note#{name}", "note")]})[self.table]
            packed = bytes(found[0]["z"]["B"]) if found else pack(None)
            with self._lock:
                self._noted[name] = packed
        return unpack(packed)

    # ---- budgets

    def grant(self, host: str, per_minute: int | None, now: int) -> int:
        """0 when one call may be made now, else the instant (ms) at which to ask again.

        What this process wrote last is taken for what is there; where it is not, the write fails and we look.
        """
        spent_until = self._spent.get(host) if per_minute is not None else None
        for _ in range(GRANT_TRIES):
            if spent_until is None:
                blocked, spent_until = self._budget(host)
                if blocked > now:
                    return blocked
            if per_minute is None:
                return 0
            burst = max(1, per_minute // BURST_SHARE)
            interval = 60_000 // (per_minute - burst + 1) + 1
            until = max(now, spent_until) + interval
            if until - now > burst * interval:
                return until - burst * interval
            if self._spend(host, spent_until, until, now):
                self._spent[host] = until
                return 0
            spent_until = None
        return now + CONTENDED_MS

    def _budget(self, host: str) -> tuple[int, int]:
        """Until when a host is to be left alone, and until when its budget is spent."""
        found = self.dynamo.call("get_item", TableName=self.table, Key=_budget_key(host), ConsistentRead=True)
        item = found.get("Item", {})
        return number(item, "blocked_until"), number(item, "spent_until")

    def _spend(self, host: str, seen: int, until: int, now: int) -> bool:
        unspent = "spent_until = :seen" if seen else "attribute_not_exists(spent_until)"
        values = {":until": n(until), ":now": n(now)} | ({":seen": n(seen)} if seen else {})
        return self.dynamo.conditional(
            "update_item",
            TableName=self.table,
            Key=_budget_key(host),
            UpdateExpression="SET spent_until = :until",
            ConditionExpression=f"{unspent} AND (attribute_not_exists(blocked_until) OR blocked_until <= :now)",
            ExpressionAttributeValues=values,
        )

    def block(self, host: str, until: int) -> None:
        """Nobody calls this host before ``until`` (ms): it said Retry-After."""
        self.dynamo.conditional(
            "update_item",
            TableName=self.table,
            Key=_budget_key(host),
            UpdateExpression="SET blocked_until = :until",
            ConditionExpression="attribute_not_exists(blocked_until) OR blocked_until < :until",
            ExpressionAttributeValues={":until": n(until)},
        )

    # ---- parked messages

    def park(self, items: Iterable[Parked]) -> None:
        """Keep messages that can never be taken, with their reason, until somebody redrives or removes them."""
        for parked in items:
            if self.dynamo.conditional(
                "put_item",
                TableName=self.table,
                Item=_item(parked),
                ConditionExpression="attribute_not_exists(pk)",
            ):
                self.count(PARKED, 1)

    def parked(self, queue: str) -> Iterator[Parked]:
        """All parked messages of a queue."""
        options: dict[str, Any] = {}
        while True:
            page = self.dynamo.query(self.table, f"parked#{queue}", **options)
            yield from (_parked(queue, item) for item in page["Items"])
            if not page.get("LastEvaluatedKey"):
                return
            options["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def parked_count(self) -> int:
        """How many messages are parked in all: a counter beside them, since a partition per queue cannot be counted."""
        return self.counted(PARKED)

    def unpark(self, items: Iterable[Parked]) -> None:
        """Forget parked messages."""
        gone = [(f"parked#{p.queue}", p.id) for p in items]
        for pk, sk in gone:
            if self.dynamo.conditional(
                "delete_item",
                TableName=self.table,
                Key={"pk": s(pk), "sk": s(sk)},
                ConditionExpression="attribute_exists(pk)",
            ):
                self.count(PARKED, -1)


def _item(parked: Parked) -> Item:
    return {
        "pk": s(f"parked#{parked.queue}"),
        "sk": s(parked.id),
        "body": s(parked.body),
        "reason": s(parked.reason),
        "detail": s(parked.text),
        "at": n(parked.at),
    }


def _budget_key(host: str) -> Any:
    return {"pk": s(f"budget#{host}"), "sk": s("budget")}


def _parked(queue: str, item: Item) -> Parked:
    return Parked(
        queue, text(item, "sk"), text(item, "body"), text(item, "reason"), text(item, "detail"), number(item, "at")
    )
