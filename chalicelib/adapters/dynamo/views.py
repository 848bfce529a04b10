"""Views: rendered bodies, written newer-only, dropped and made again at will."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.adapters.dynamo import heads as form
from chalicelib.adapters.dynamo.wire import (
    TRANSACTION_LIMIT,
    Action,
    Dynamo,
    Item,
    b,
    n,
    number,
    pack_own,
    packs,
    s,
    text,
    unpack_own,
)
from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Head
from chalicelib.domain.store import StoredView
from chalicelib.domain.view import view_version

VIEW = "view"


class ViewStore:
    """The views table. ``records`` is the table whose heads say whether a view is the newest."""

    def __init__(self, dynamo: Dynamo, *, table: str, records: str) -> None:
        self.dynamo, self.table, self.records = dynamo, table, records

    def get(self, tenant: str, refs: Iterable[Ref]) -> dict[Ref, StoredView]:
        """The kept views of those that have one."""
        keys = [(form.pk(tenant, ref), VIEW) for ref in refs]
        items = self.dynamo.get_many({self.table: keys})[self.table]
        return {form.ref_of(item): _read(item, _embeds(item)) for item in items}

    def with_heads(
        self, tenant: str, refs: Iterable[Ref], heads: Iterable[Ref]
    ) -> tuple[dict[Ref, StoredView], dict[Ref, Head]]:
        """Kept views, without what they show of others, and heads, of two tables in one call: that is what costs."""
        views = [(form.pk(tenant, ref), VIEW) for ref in refs]
        found = self.dynamo.get_many(
            {self.table: views, self.records: [(form.pk(tenant, r), form.HEAD) for r in heads]}
        )
        return (
            {form.ref_of(item): _read(item, frozenset()) for item in found[self.table]},
            {form.ref_of(item): form.read_head(item) for item in found[self.records]},
        )

    def put(self, tenant: str, groups: Sequence[Sequence[StoredView]], seen: Sequence[int]) -> list[bool]:
        """Write each group if what is kept of its first view is the version seen (0: none) and not newer.

        Of the others in a group those that are older are left out: a run may have moved to another course.
        """
        waiting = [(i, self._puts(tenant, *pair)) for i, pair in enumerate(zip(groups, seen, strict=True))]
        small = [pair for pair in waiting if len(pair[1]) <= TRANSACTION_LIMIT]
        done = {i for pack in packs(small, lambda pair: pair[1]) for i in self._put_pack(pack)}
        done |= {i for i, actions in waiting if len(actions) > TRANSACTION_LIMIT and self._put_large(actions)}
        return [i in done for i, _ in waiting]

    def _put_pack(self, pack: Sequence[tuple[int, list[Action]]]) -> list[int]:
        """A transaction that was refused goes again without what stood in its way: a part, or the group of a first."""
        while pack:
            places = [(g, p) for g, (_, actions) in enumerate(pack) for p in range(len(actions))]
            refused = {places[i] for i in self.dynamo.transact([a for _, actions in pack for a in actions])}
            if not refused:
                break
            pack = [
                (i, [action for p, action in enumerate(actions) if (g, p) not in refused])
                for g, (i, actions) in enumerate(pack)
                if (g, 0) not in refused
            ]
        return [i for i, _ in pack]

    def _put_large(self, actions: Sequence[Action]) -> bool:
        """A course with more runs than fit: its own view last, a reader sees by its revision that the others match."""
        first, *rest = actions
        self.dynamo.each(rest)
        return self.dynamo.each([first])[0]

    def _puts(self, tenant: str, group: Sequence[StoredView], seen: int) -> list[Action]:
        first, *rest = group
        return [self._put(tenant, first, seen), *(self._put(tenant, view) for view in rest)]

    def _put(self, tenant: str, view: StoredView, seen: int | None = None) -> Action:
        version = view_version(view.revision, view.overlay_version)
        condition, values = "attribute_not_exists(pk) OR version <= :version", {":version": n(version)}
        if seen:
            condition, values = "version = :seen AND version <= :version", {**values, ":seen": n(seen)}
        elif seen == 0:
            condition, values = "attribute_not_exists(pk)", {}
        put = {"TableName": self.table, "Item": _item(tenant, view, version), "ConditionExpression": condition}
        return {"Put": {**put, "ExpressionAttributeValues": values} if values else put}

    def empty(self) -> bool:
        """Whether nothing is kept at all."""
        return not self.dynamo.call("scan", TableName=self.table, Limit=1)["Items"]

    def remove(self, tenant: str, refs: Iterable[Ref]) -> None:
        """Drop kept views (they can be made again)."""
        self.dynamo.write_many(self.table, deletes=[(form.pk(tenant, ref), VIEW) for ref in refs])


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


def _read(item: Mapping[str, Any], embeds: frozenset[Ref]) -> StoredView:
    return StoredView(
        ref=form.ref_of(item),
        revision=number(item, "rev"),
        overlay_version=number(item, "overlay"),
        body=unpack_own(bytes(item["z"]["B"])),
        embeds=embeds,
        valid_until=number(item, "valid_until") or None,
        owner=Ref.parse(text(item, "owner")) if "owner" in item else None,
    )


def _embeds(item: Mapping[str, Any]) -> frozenset[Ref]:
    return frozenset(Ref.parse(r) for r in unpack_own(bytes(item["embeds"]["B"])))
