"""Edits and their announcement, one or many at a time."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from campus.campus import Campus
from campus.editing.desk import CannotEdit, Change, Desk
from campus.editing.kinds import plan
from campus.exchange import Update

log = logging.getLogger("campus")

# What authors mostly do; the rest of the kinds are asked for by name.
MIX = {
    "title": 5, "about": 4, "dates": 5, "pacing": 1, "hide": 1, "price": 5, "entitlement": 2, "text": 5,
    "course_title": 2, "program": 1, "organization": 1, "person": 2, "subject": 1,
}  # fmt: skip


class NotPublished(Exception):
    """The edit was made and the exchange would not take its update."""

    def __init__(self, cause: Exception, edit: dict[str, Any]) -> None:
        super().__init__(f"edited, not published: {cause}")
        self.edit = edit


def edit(campus: Campus, tenant: str, body: dict[str, Any]) -> dict[str, Any]:
    """One edit; `publish: false` keeps quiet about it."""
    desk = Desk(campus.worlds[tenant], Random())
    change = plan(desk, body.get("what", "title"), body.get("key"), body.get("value"))
    updates = desk.carry_out(change, campus.clock())
    told = _told(tenant, body.get("what", "title"), change, updates)
    log.info("edit", extra={"facts": {name: told[name] for name in ("tenant", "what", "key", "update_id")}})
    if body.get("publish", True):
        try:
            told["published"] = campus.exchange.publish(updates)
        except (BotoCoreError, ClientError, RuntimeError) as error:
            raise NotPublished(error, told) from error
        told["published_at"] = _instant(campus.clock()) if told["published"] else None
    return told


def bulk(campus: Campus, tenant: str, body: dict[str, Any]) -> dict[str, Any]:
    """Many random edits: `count`, `seed`, `rate` a second, a share of `duplicates`, `shuffle`, `kinds` with weights."""
    draw = Random(body.get("seed", 1))
    desk = Desk(campus.worlds[tenant], draw)
    kinds = body.get("kinds") or MIX
    weights = kinds if isinstance(kinds, dict) else dict.fromkeys(kinds, 1)
    started, count = campus.clock(), Counter[str]()
    updates: list[Update] = []
    for what in draw.choices(list(weights), list(weights.values()), k=int(body.get("count", 100))):
        made = _made(desk, what, campus.clock())
        count[what if made else "skipped"] += 1
        updates += made
    skipped = count.pop("skipped", 0)
    messages = _disturbed(updates, float(body.get("duplicates", 0)), bool(body.get("shuffle", False)), draw)
    log.info("bulk edit", extra={"facts": {"tenant": tenant, "edits": sum(count.values()), "messages": len(messages)}})
    published = _send(campus, messages, float(body.get("rate", 0))) if body.get("publish", True) else 0
    return {
        "edits": sum(count.values()),
        "skipped": skipped,
        "kinds": count,
        "messages": len(messages),
        "published": published,
        "subjects": sorted({(update.source, update.kind, update.subject) for update in updates}),
        "started_at": _instant(started),
        "ended_at": _instant(campus.clock()),
    }


def _made(desk: Desk, what: str, at: float) -> list[Update]:
    """The updates of one edit; none if this campus has nothing of the kind."""
    try:
        return desk.carry_out(plan(desk, what), at)
    except CannotEdit:
        return []


def _disturbed(updates: list[Update], duplicates: float, shuffle: bool, draw: Random) -> list[Update]:
    """Some messages twice, and in no order, as queues deliver them."""
    messages = updates + [update for update in updates if draw.random() < duplicates]
    if shuffle:
        draw.shuffle(messages)
    return messages


def _send(campus: Campus, messages: list[Update], rate: float) -> int:
    """All of them, at most `rate` a second; 0 means as fast as the exchange takes them."""
    begin, sent = time.monotonic(), 0
    for batch in _tens(messages):
        sent += campus.exchange.publish(batch)
        if rate:
            time.sleep(max(0.0, begin + sent / rate - time.monotonic()))
    return sent


def _tens(messages: list[Update]) -> Iterator[list[Update]]:
    for start in range(0, len(messages), 10):
        yield messages[start : start + 10]


def _told(tenant: str, what: str, change: Change, updates: list[Update]) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "what": what,
        "key": change.key,
        "entity": change.entity,
        "before": change.before,
        "after": change.after,
        "updates": [update.message() for update in updates],
        "update_id": updates[0].id,
        "published": 0,
        "published_at": None,
    }


def _instant(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
