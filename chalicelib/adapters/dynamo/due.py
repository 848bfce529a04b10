"""What is due: one sparse index over heads to announce, keys to read again and views that time will change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.adapters.dynamo import heads as form
from chalicelib.adapters.dynamo.wire import Dynamo, Item, n, number, s, text
from chalicelib.domain.store import Due, DueAnnouncement, DueClock, DueRead

READ, CLOCK = "due#read#", "due#clock#"


class DueStore:
    """The due index of the records table."""

    def __init__(self, dynamo: Dynamo, *, table: str) -> None:
        self.dynamo, self.table = dynamo, table

    def add(self, items: Iterable[DueRead | DueClock]) -> None:
        """Note them; one per thing and reason, a later call replaces the instant."""
        self.dynamo.write_many(self.table, puts=map(_item, items))

    def at_latest(self, items: Iterable[DueRead | DueClock], now: int) -> None:
        """Note them, but what is noted for an earlier instant still to come stays."""
        by_key = {(text(i, "pk"), text(i, "sk")): i for i in map(_item, items)}
        self.dynamo.each(
            {
                "Put": {
                    "TableName": self.table,
                    "Item": item,
                    "ConditionExpression": "attribute_not_exists(due_at) OR due_at <= :now OR due_at > :at",
                    "ExpressionAttributeValues": {":now": n(now), ":at": item["due_at"]},
                }
            }
            for item in by_key.values()
        )

    def take(self, now: int, limit: int) -> list[Due]:
        """What is due by now, oldest first, without removing it."""
        found = sorted((at, key) for shard in range(form.DUE_SHARDS) for at, key in self._overdue(shard, now, limit))
        keys = [key for _, key in found[:limit]]
        items = self.dynamo.get_many({self.table: keys})[self.table]
        due = [_read(item) for item in items if "due_at" in item and number(item, "due_at") <= now]
        return sorted(due, key=lambda d: d.at)

    def _overdue(self, shard: int, now: int, limit: int) -> Sequence[tuple[int, tuple[str, str]]]:
        page = self.dynamo.call(
            "query",
            TableName=self.table,
            IndexName="due",
            KeyConditionExpression="due_bucket = :bucket AND due_at <= :now",
            ExpressionAttributeValues={":bucket": s(f"due#{shard}"), ":now": n(now)},
            Limit=limit,
        )
        return [(number(i, "due_at"), (text(i, "pk"), text(i, "sk"))) for i in page["Items"]]

    def done(self, items: Iterable[DueRead | DueClock]) -> None:
        """Remove them, unless they were noted again for another instant."""
        self.dynamo.each({"Delete": self._delete(item)} for item in dict.fromkeys(items))

    def _delete(self, due: DueRead | DueClock) -> dict[str, Any]:
        item = _item(due)
        return {
            "TableName": self.table,
            "Key": {"pk": item["pk"], "sk": item["sk"]},
            "ConditionExpression": "due_at = :at",
            "ExpressionAttributeValues": {":at": n(due.at)},
        }

    def oldest(self, now: int) -> int:
        """Age (ms) of the oldest that is overdue; 0 when nothing is."""
        instants = [at for shard in range(form.DUE_SHARDS) for at, _ in self._overdue(shard, now, 1)]
        return now - min(instants) if instants else 0


def _item(due: DueRead | DueClock) -> Item:
    if isinstance(due, DueClock):
        partition, sk, more = form.pk(due.tenant, due.ref), f"{CLOCK}{due.why}", {}
    else:
        partition = f"{due.tenant}#{due.kind}#{due.key.lower()}"
        sk = f"{READ}{due.source}"
        more = {
            "key": s(due.key),
            "cause": s(due.cause),
            "why": s(due.why[:300]),
            "confirm": n(int(due.confirm)),
            "attempt": n(due.attempt),
        }
    return {"pk": s(partition), "sk": s(sk), "due_bucket": s(form.bucket(partition)), "due_at": n(due.at), **more}


def _read(item: Item) -> Due:
    tenant, ref = form.tenant_and_ref(item)
    at, sk = number(item, "due_at"), text(item, "sk")
    if sk.startswith(CLOCK):
        return DueClock(tenant, ref, at, sk.removeprefix(CLOCK))
    if sk == form.HEAD:
        cause = text(item, "owed_cause") or text(item, "cause", "rebuild")
        return DueAnnouncement(tenant, ref, number(item, "rev"), cause, at)
    return DueRead(
        tenant=tenant,
        source=sk.removeprefix(READ),
        kind=ref.kind,
        key=text(item, "key"),
        at=at,
        cause=text(item, "cause"),
        why=text(item, "why"),
        confirm=bool(number(item, "confirm")),
        attempt=number(item, "attempt"),
    )
