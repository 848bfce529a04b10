"""How heads, records and history stand in their items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.dynamo.objects import INLINE_LIMIT, Objects
from chalicelib.adapters.dynamo.wire import Item, n, number, pack, s, text
from chalicelib.domain.change import OWN, Change
from chalicelib.domain.keys import Ref
from chalicelib.domain.links import depth
from chalicelib.domain.record import Head, Mark, Record
from chalicelib.domain.store import HeadWrite, HistoryEntry, Replaced

HEAD, CLAIM, EDGE = "head", "look_up", "embedded_by#"
"""Edges are ordered so that what is shown by others comes before them: courses, then programs, then pathways."""
DUE_SHARDS = 4
ANNOUNCE_GRACE_MS = 30_000
"""How long a worker may take to announce what it wrote before what is due does it."""


def pk(tenant: str, ref: Ref) -> str:
    """The partition of an aggregate."""
    return f"{tenant}#{ref.kind}#{ref.key}"


def claim_pk(tenant: str, kind: str, name: str, value: str) -> str:
    """The partition of a look-up: an item of its own, so that it can be claimed."""
    return f"{tenant}#look_up#{kind}#{name}#{value}"


def tenant_and_ref(item: Mapping[str, Any]) -> tuple[str, Ref]:
    """Whose item this is."""
    tenant, kind, key = text(item, "pk").split("#", 2)
    return tenant, Ref(kind, key)


def ref_of(item: Mapping[str, Any]) -> Ref:
    """What this item is about."""
    return tenant_and_ref(item)[1]


def edge_sk(by: Ref) -> str:
    """Where an edge stands under what it embeds."""
    return f"{EDGE}{depth(by.kind)}{by}"


def edge_by(item: Mapping[str, Any]) -> Ref:
    """What shows something, of an edge."""
    return Ref.parse(text(item, "sk")[len(EDGE) + 1 :])


def bucket(partition: str) -> str:
    """The shard of the sparse index that an aggregate is due in."""
    return f"due#{sum(partition.encode()) % DUE_SHARDS}"


def read_head(item: Mapping[str, Any]) -> Head:
    """The head that an item holds."""
    body = json.loads(text(item, "h", "{}"))
    return Head(
        revision=number(item, "rev"),
        lock=number(item, "lock"),
        marks={name: Mark(*mark) for name, mark in body.get("marks", {}).items()},
        runs=frozenset(body.get("runs", ())),
        programs=frozenset(body.get("programs", ())),
        course=body.get("course", ""),
    )


def _head_body(head: Head) -> str:
    marks = {
        name: [m.ticket, m.read_at, m.digest, m.version, m.state, m.missed_at] for name, m in sorted(head.marks.items())
    }
    body: dict[str, Any] = {"marks": marks, "course": head.course}
    body |= {"runs": sorted(head.runs), "programs": sorted(head.programs)}
    return json.dumps({k: v for k, v in body.items() if v}, separators=(",", ":"))


def head_action(table: str, tenant: str, write: HeadWrite, now: int) -> dict[str, Any]:
    """Replace a head if it is still the one that was seen; a cause makes it due until it is announced.

    An update and not a put: a write that only raises a ticket must not take away a due announcement. ``owed`` is the
    last change by own records that nobody was told of: a touch after it must not be all that is announced.
    """
    partition = pk(tenant, write.ref)
    sets = "rev = :rev, #lock = :lock, h = :h"
    values = {":rev": n(write.head.revision), ":lock": n(write.head.lock), ":h": s(_head_body(write.head))}
    names = {"#lock": "lock"}
    if write.cause:
        sets += ", due_bucket = :bucket, due_at = :at, cause = :cause"
        values |= {":bucket": s(bucket(partition)), ":at": n(now + ANNOUNCE_GRACE_MS), ":cause": s(write.cause)}
    if write.cause in OWN:
        sets += ", owed = :rev, owed_cause = :cause"
    condition = "attribute_not_exists(pk)"
    if write.seen.lock:
        condition, values[":seen"] = "#lock = :seen", n(write.seen.lock)
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": s(partition), "sk": s(HEAD)},
            "UpdateExpression": f"SET {sets}",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def announced_action(table: str, change: Change) -> dict[str, Any]:
    """A head is due no more, if it is still at the revision that was announced and owes nothing else."""
    owes = "" if change.cause in OWN else " AND attribute_not_exists(owed)"
    return _removal(table, change, "due_bucket, due_at, cause, owed, owed_cause", f"rev = :rev{owes}")


def paid_action(table: str, change: Change) -> dict[str, Any]:
    """A head that moved on since: it owes the change by its own records no more."""
    return _removal(table, change, "owed, owed_cause", "owed <= :rev")


def _removal(table: str, change: Change, names: str, condition: str) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": s(pk(change.tenant, change.ref)), "sk": s(HEAD)},
            "UpdateExpression": f"REMOVE {names}",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":rev": n(change.revision)},
        }
    }


def record_item(tenant: str, ref: Ref, record: Record, objects: Objects, inline: int = INLINE_LIMIT) -> Item:
    """A record as it is kept: its payload unmodified, compressed, outside the table when it is large."""
    return {
        "pk": s(pk(tenant, ref)),
        "sk": s(f"record#{record.name}"),
        "ticket": n(record.ticket),
        "read_at": n(record.read_at),
        "digest": s(record.digest),
        "version": n(record.version),
        **objects.store(pack(record.payload), inline),
    }


def read_record(item: Mapping[str, Any], objects: Objects) -> Record:
    """The record that an item holds."""
    source, thing = text(item, "sk").removeprefix("record#").split("#", 1)
    return Record(
        source=source,
        thing=thing,
        version=number(item, "version", 1),
        payload=objects.load(item),
        ticket=number(item, "ticket"),
        read_at=number(item, "read_at"),
        digest=text(item, "digest"),
    )


def history_item(
    tenant: str, write: HeadWrite, replaced: Replaced, now: int, objects: Objects, inline: int = INLINE_LIMIT
) -> Item:
    """What a record was before this write."""
    item = record_item(tenant, write.ref, replaced.record, objects, inline)
    sk = f"{write.head.revision:015d}#{replaced.record.name}"
    return item | {"sk": s(sk), "who": s(replaced.who), "cause": s(replaced.cause), "at": n(now)}


def read_history(item: Mapping[str, Any], objects: Objects) -> HistoryEntry:
    """The entry that an item holds."""
    revision, name = text(item, "sk").split("#", 1)
    record = read_record({**item, "sk": s(f"record#{name}")}, objects)
    return HistoryEntry(int(revision), Replaced(record, text(item, "who"), text(item, "cause")), number(item, "at"))
