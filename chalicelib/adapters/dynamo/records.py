"""Records: heads, records, edges, look-ups and history, written in transactions that the heads guard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.adapters.dynamo import heads as form
from chalicelib.adapters.dynamo.objects import Objects
from chalicelib.adapters.dynamo.wire import (
    TRANSACTION_LIMIT,
    Dynamo,
    Item,
    chunks,
    n,
    number,
    s,
    text,
)
from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Aggregate, Head, Record
from chalicelib.domain.store import Claim, HistoryEntry, Unit

Action = Mapping[str, Any]


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
        options: dict[str, Any] = {"ScanIndexForward": False, "Limit": limit}
        items = self.dynamo.query(self.history_table, form.pk(tenant, ref), **options)["Items"]
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
        """Write units together where they fit, else each alone; returns those that met a conflict."""
        failed: list[Unit] = []
        pack: list[tuple[Unit, list[Action]]] = []
        places: set[tuple[str, str, str]] = set()
        for unit in units:
            actions = self._actions(tenant, unit)
            own = {form.place_of(action) for action in actions}
            if len(places) + len(actions) > TRANSACTION_LIMIT or places & own:
                failed += self._commit_pack(pack)
                pack, places = [], set()
            pack.append((unit, actions))
            places |= own
        return failed + self._commit_pack(pack)

    def _commit_pack(self, pack: Sequence[tuple[Unit, list[Action]]]) -> list[Unit]:
        if not pack or self.dynamo.transact([action for _, actions in pack for action in actions]):
            return []
        if len(pack) == 1:
            return [pack[0][0]]
        return [unit for unit, actions in pack if not self.dynamo.transact(actions)]

    def _actions(self, tenant: str, unit: Unit) -> list[Action]:
        now = self.now()
        actions: list[Action] = []
        for write in unit.writes:
            actions.append(form.head_action(self.table, tenant, write, now))
            actions += [
                self._put(self.table, form.record_item(tenant, write.ref, r, self.objects)) for r in write.records
            ]
            actions += [
                self._put(self.history_table, form.history_item(tenant, write, replaced, now, self.objects))
                for replaced in write.replaced
            ]
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

    def number(self, tenant: str, kind: str) -> int:
        """The next integer id of a kind; never given twice."""
        answer = self.dynamo.call(
            "update_item",
            TableName=self.table,
            Key={"pk": s(f"{tenant}#number#{kind}"), "sk": s("number")},
            UpdateExpression="ADD last_number :one",
            ExpressionAttributeValues={":one": n(1)},
            ReturnValues="UPDATED_NEW",
        )
        return number(answer["Attributes"], "last_number")

    # ---- announcing

    def announced(self, tenant: str, revisions: Mapping[Ref, int]) -> None:
        """These heads need not be announced any more, unless they moved on since."""
        actions = [form.announced_action(self.table, tenant, ref, revision) for ref, revision in revisions.items()]
        self._each_or_all(actions)

    def postpone(self, tenant: str, refs: Iterable[Ref], at: int) -> None:
        """Announce these again at an instant (ms): what a consumer could not do now."""
        self._each_or_all([form.postpone_action(self.table, tenant, ref, at) for ref in dict.fromkeys(refs)])

    def _each_or_all(self, updates: Sequence[Mapping[str, Any]]) -> None:
        for part in chunks(updates, TRANSACTION_LIMIT):
            if not self.dynamo.transact([{"Update": update} for update in part]):
                for update in part:
                    self.dynamo.conditional("update_item", **update)

    # ---- edges

    def embedded_by(self, tenant: str, ref: Ref, after: str, limit: int) -> tuple[list[Ref], str]:
        """A page of the things that show something of this one, and where the next page begins (empty: the end)."""
        options: dict[str, Any] = {"Limit": limit}
        if after:
            options["ExclusiveStartKey"] = {"pk": s(form.pk(tenant, ref)), "sk": s(after)}
        page = self.dynamo.query(self.table, form.pk(tenant, ref), form.EDGE, **options)
        last = page.get("LastEvaluatedKey")
        return [Ref.parse(text(i, "sk")[len(form.EDGE) :]) for i in page["Items"]], text(last, "sk") if last else ""

    def put_edges(self, tenant: str, edges: Iterable[tuple[Ref, Ref, int]]) -> None:
        """Note that ``by`` shows something of ``embedded``."""
        puts = [
            {"pk": s(form.pk(tenant, embedded)), "sk": s(f"{form.EDGE}{by}"), "rev": n(revision)}
            for embedded, by, revision in edges
        ]
        self.dynamo.write_many(self.table, puts=puts)

    def drop_edges(self, tenant: str, edges: Iterable[tuple[Ref, Ref, int]]) -> None:
        """Forget edges, unless a later revision of ``by`` noted them again."""
        for embedded, by, revision in edges:
            self.dynamo.conditional(
                "delete_item",
                TableName=self.table,
                Key={"pk": s(form.pk(tenant, embedded)), "sk": s(f"{form.EDGE}{by}")},
                ConditionExpression="rev <= :rev",
                ExpressionAttributeValues={":rev": n(revision)},
            )
