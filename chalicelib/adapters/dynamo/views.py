"""Views: rendered bodies, written newer-only, dropped and made again at will."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.adapters.dynamo import heads as form
from chalicelib.adapters.dynamo.wire import (
    TRANSACTION_LIMIT,
    Dynamo,
    Item,
    b,
    chunks,
    n,
    number,
    pack_own,
    s,
    text,
    unpack_own,
)
from chalicelib.domain.keys import Ref
from chalicelib.domain.store import StoredView
from chalicelib.domain.view import view_version

VIEW = "view"


class ViewStore:
    """The views table."""

    def __init__(self, dynamo: Dynamo, *, table: str) -> None:
        self.dynamo, self.table = dynamo, table

    def get(self, tenant: str, refs: Iterable[Ref]) -> dict[Ref, StoredView]:
        """The kept views of those that have one."""
        keys = [(form.pk(tenant, ref), VIEW) for ref in refs]
        items = self.dynamo.get_many({self.table: keys})[self.table]
        return {form.ref_of(item): _read(item) for item in items}

    def put(self, tenant: str, groups: Sequence[Sequence[StoredView]]) -> list[bool]:
        """Write each group whole if its first view is newer than what is kept; tells which were."""
        actions = [[self._put(tenant, view) for view in group] for group in groups]
        together = [action for group in actions for action in group]
        if len(together) <= TRANSACTION_LIMIT and self.dynamo.transact([{"Put": a} for a in together]):
            return [True] * len(groups)
        return [self._put_group(group) for group in actions]

    def _put_group(self, group: Sequence[Mapping[str, Any]]) -> bool:
        """A part that is not newer is left as it is: a run may have moved to another course since."""
        if len(group) <= TRANSACTION_LIMIT and self.dynamo.transact([{"Put": a} for a in group]):
            return True
        for action in reversed(group[1:]):
            self.dynamo.conditional("put_item", **action)
        return self.dynamo.conditional("put_item", **group[0])

    def _put(self, tenant: str, view: StoredView) -> dict[str, Any]:
        version = view_version(view.revision, view.overlay_version)
        return {
            "TableName": self.table,
            "Item": _item(tenant, view, version),
            "ConditionExpression": "attribute_not_exists(pk) OR version < :version",
            "ExpressionAttributeValues": {":version": n(version)},
        }

    def empty(self) -> bool:
        """Whether nothing is kept at all."""
        return not self.dynamo.call("scan", TableName=self.table, Limit=1)["Items"]

    def remove(self, tenant: str, refs: Iterable[Ref]) -> None:
        """Drop kept views (they can be made again)."""
        for part in chunks([(form.pk(tenant, ref), VIEW) for ref in refs], TRANSACTION_LIMIT):
            self.dynamo.write_many(self.table, deletes=part)


def _item(tenant: str, view: StoredView, version: int) -> Item:
    item: Item = {
        "pk": s(form.pk(tenant, view.ref)),
        "sk": s(VIEW),
        "version": n(version),
        "rev": n(view.revision),
        "overlay": n(view.overlay_version),
        "z": b(pack_own(view.body)),
        "embeds": b(pack_own(sorted(str(ref) for ref in view.embeds))),
    }
    if view.valid_until is not None:
        item["valid_until"] = n(view.valid_until)
    if view.owner is not None:
        item["owner"] = s(str(view.owner))
    return item


def _read(item: Mapping[str, Any]) -> StoredView:
    return StoredView(
        ref=form.ref_of(item),
        revision=number(item, "rev"),
        overlay_version=number(item, "overlay"),
        body=unpack_own(bytes(item["z"]["B"])),
        embeds=frozenset(Ref.parse(r) for r in unpack_own(bytes(item["embeds"]["B"]))),
        valid_until=number(item, "valid_until") or None,
        owner=Ref.parse(text(item, "owner")) if "owner" in item else None,
    )
