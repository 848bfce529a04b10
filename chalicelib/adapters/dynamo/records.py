"""Records: heads, records, edges, look-ups and history, written in transactions that the heads guard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.adapters.dynamo import heads as form
from chalicelib.adapters.dynamo.objects import CROWDED_LIMIT, INLINE_LIMIT, Objects
from chalicelib.adapters.dynamo.wire import (
    TRANSACTION_BYTES,
    Action,
    Dynamo,
    Item,
    n,
    number,
    packs,
    s,
    text,
    weight,
)
from chalicelib.domain.change import OWN, Change
from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Aggregate, Head, Record
from chalicelib.domain.store import Claim, HistoryEntry, Unit


class RecordStore:
    """The records and history tables. ``now`` (ms) stamps what is due and what was replaced."""

    def __init__(self, dynamo: Dynamo, *, records: str, history: str, objects: Objects, now: Any) -> None:
        self.dynamo, self.table, self.history_table = dynamo, records, history
        self.objects, self.now = objects, now

    # ---- reading

    def heads(self, tenant: str, refs: Iterable[Ref]) -> dict[Ref, Head]:
        """Heads of those that exist."""
        keys = [(form.pk(tenant, ref), form.HEAD) for ref in refs]
        items = self.dynamo.get_many({self.table: keys})[self.table]
        return {form.ref_of(item): form.read_head(item) for item in items}

    def aggregates(self, tenant: str, refs: Iterable[Ref]) -> dict[Ref, Aggregate]:
        """Aggregates, with empty ones for those that do not exist."""
        wanted = list(dict.fromkeys(refs))
        heads = self.heads(tenant, wanted)
        records = self.records_of(tenant, heads)
        return {ref: Aggregate(ref, heads.get(ref, Head()), tuple(records.get(ref, ()))) for ref in wanted}

    def records_of(self, tenant: str, heads: Mapping[Ref, Head]) -> dict[Ref, list[Record]]:
        """The records that these heads list."""
        keys = [
            (form.pk(tenant, ref), f"record#{name}")
            for ref, head in heads.items()
            for name, mark in head.marks.items()
            if mark.digest
        ]
        records: dict[Ref, list[Record]] = {}
        for item in self.dynamo.get_many({self.table: keys})[self.table]:
            records.setdefault(form.ref_of(item), []).append(form.read_record(item, self.objects))
        for found in records.values():
            found.sort(key=lambda r: r.name)
        return records

    def look_up(self, tenant: str, kind: str, name: str, value: str) -> Ref | None:
        """The thing whose uuid, id or slug this is."""
        return self.holders(tenant, kind, name, [value]).get(value)

    def holders(self, tenant: str, kind: str, name: str, values: Iterable[str]) -> dict[str, Ref]:
        """Who holds which of these look-ups."""
        keys = [(form.claim_pk(tenant, kind, name, value), form.CLAIM) for value in values]
        items = self.dynamo.get_many({self.table: keys})[self.table]
        return {text(item, "value"): Ref.parse(text(item, "ref")) for item in items}

    def history(self, tenant: str, ref: Ref, limit: int) -> list[HistoryEntry]:
        """What was replaced, newest first."""
        options: dict[str, Any] = {"ScanIndexForward": False}
        items: list[Item] = []
        while len(items) < limit:
            page = self.dynamo.query(self.history_table, form.pk(tenant, ref), Limit=limit - len(items), **options)
            items += page["Items"]
            if not page.get("LastEvaluatedKey"):
                break
            options["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        return [form.read_history(item, self.objects) for item in items]

    def everything(self) -> Iterator[tuple[str, Ref, int]]:
        """Tenant, Ref and revision of every head whose thing exists; runs are made with their courses."""
        options: dict[str, Any] = {}
        while True:
            page = self.dynamo.call(
                "scan",
                TableName=self.table,
                FilterExpression="sk = :head",
                ExpressionAttributeValues={":head": s(form.HEAD)},
                **options,
            )
            for item in page["Items"]:
                tenant, ref = form.tenant_and_ref(item)
                head = form.read_head(item)
                if head.exists and ref.kind != "run":
                    yield tenant, ref, head.revision
            if not page.get("LastEvaluatedKey"):
                return
            options["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    # ---- writing

    def commit(self, tenant: str, units: Sequence[Unit]) -> list[Unit]:
        """Write units together as they fit; returns those that met a conflict, while the others are written."""
        waiting = [(unit, self._actions(tenant, unit)) for unit in units]
        return [u for pack in packs(waiting, lambda pair: pair[1]) for u in self._commit_pack(pack)]

    def _commit_pack(self, pack: Sequence[tuple[Unit, list[Action]]]) -> list[Unit]:
        """A transaction that was refused goes again without the units that stood in its way."""
        failed: list[Unit] = []
        while pack:
            owners = [place for place, (_, actions) in enumerate(pack) for _ in actions]
            refused = {owners[i] for i in self.dynamo.transact([a for _, actions in pack for a in actions])}
            if not refused:
                break
            failed += [unit for place, (unit, _) in enumerate(pack) if place in refused]
            pack = [pair for place, pair in enumerate(pack) if place not in refused]
        return failed

    def _actions(self, tenant: str, unit: Unit) -> list[Action]:
        """What a unit writes; its larger payloads go outside the table when it would be too heavy otherwise."""
        actions = self._all_actions(tenant, unit, INLINE_LIMIT)
        too_heavy = weight(actions) > TRANSACTION_BYTES
        return self._all_actions(tenant, unit, CROWDED_LIMIT) if too_heavy else actions

    def _all_actions(self, tenant: str, unit: Unit, inline: int) -> list[Action]:
        now = self.now()
        actions: list[Action] = []
        for write in unit.writes:
            records = [form.record_item(tenant, write.ref, r, self.objects, inline) for r in write.records]
            history = [form.history_item(tenant, write, r, now, self.objects, inline) for r in write.replaced]
            actions.append(form.head_action(self.table, tenant, write, now))
            actions += [self._put(self.table, item) for item in records]
            actions += [self._put(self.history_table, item) for item in history]
        return actions + [self._claim(tenant, claim) for claim in unit.claims]

    @staticmethod
    def _put(table: str, item: Item) -> Action:
        return {"Put": {"TableName": table, "Item": item}}

    def _claim(self, tenant: str, claim: Claim) -> Action:
        item = {
            "pk": s(form.claim_pk(tenant, claim.ref.kind, claim.name, claim.value)),
            "sk": s(form.CLAIM),
            "value": s(claim.value),
            "ref": s(str(claim.ref)),
        }
        return {
            "Put": {
                "TableName": self.table,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk) OR #ref = :ref",
                "ExpressionAttributeNames": {"#ref": "ref"},
                "ExpressionAttributeValues": {":ref": s(str(claim.ref))},
            }
        }

    def number(self, tenant: str, kind: str, count: int = 1) -> int:
        """The last of the next ``count`` integer ids of a kind; none is ever given twice."""
        answer = self.dynamo.call(
            "update_item",
            TableName=self.table,
            Key={"pk": s(f"{tenant}#number#{kind}"), "sk": s("number")},
            UpdateExpression="ADD last_number :count",
            ExpressionAttributeValues={":count": n(count)},
            ReturnValues="UPDATED_NEW",
        )
        return number(answer["Attributes"], "last_number")

    # ---- announcing

    def announced(self, tenant: str, changes: Sequence[Change]) -> None:
        """These were published: their heads are due no more, unless they moved on or owe another announcement."""
        held = self.dynamo.each(form.announced_action(self.table, change) for change in changes)
        moved = [c for c, done in zip(changes, held, strict=True) if not done and c.cause in OWN]
        self.dynamo.each(form.paid_action(self.table, change) for change in moved)

    # ---- edges

    def embedded_by(self, tenant: str, ref: Ref, after: str, limit: int) -> tuple[list[Ref], str]:
        """A page of the things that show something of this one, and where the next page begins (empty: the end)."""
        options: dict[str, Any] = {"Limit": limit}
        if after:
            options["ExclusiveStartKey"] = {"pk": s(form.pk(tenant, ref)), "sk": s(after)}
        page = self.dynamo.query(self.table, form.pk(tenant, ref), form.EDGE, **options)
        last = page.get("LastEvaluatedKey")
        return [form.edge_by(item) for item in page["Items"]], text(last, "sk") if last else ""

    def put_edges(self, tenant: str, edges: Iterable[tuple[Ref, Ref, int]]) -> None:
        """Note that ``by`` shows something of ``embedded``."""
        puts = [
            {"pk": s(form.pk(tenant, embedded)), "sk": s(form.edge_sk(by)), "rev": n(revision)}
            for embedded, by, revision in edges
        ]
        self.dynamo.write_many(self.table, puts=puts)

    def drop_edges(self, tenant: str, edges: Iterable[tuple[Ref, Ref, int]]) -> None:
        """Forget edges, unless a later revision of ``by`` noted them again."""
        self.dynamo.each(
            {
                "Delete": {
                    "TableName": self.table,
                    "Key": {"pk": s(form.pk(tenant, embedded)), "sk": s(form.edge_sk(by))},
                    "ConditionExpression": "rev <= :rev",
                    "ExpressionAttributeValues": {":rev": n(revision)},
                }
            }
            for embedded, by, revision in edges
        )
