"""Workers: what each queue and schedule does with what it is given; the same for Lambda, containers and tests.

A batch is handled whole, because its reads and writes are cheaper together. If that fails, its messages are handled one
by one, and only those that fail alone come back: partial batch responses.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.domain.change import REBUILD, Change
from chalicelib.domain.store import Conflict, Unavailable
from chalicelib.telemetry import count, logger
from chalicelib.wiring import House

Event = Mapping[str, Any]
Handle = Callable[[Sequence[Event]], dict[str, Any]]
MAX_RETRY_S = 120


def failures(records: Sequence[Event], handle: Handle, *, worker: str, house: House) -> dict[str, Any]:
    """SQS's answer to a batch: the messages that must come again, soon at first and later if it goes on."""
    started = time.perf_counter()
    failed: list[str] = []
    facts: dict[str, Any] = {}
    try:
        facts = handle(records)
    except Exception as error:
        facts = {"error": f"{type(error).__name__}: {error}"}
        failed = _alone(records, handle) if len(records) > 1 else _told(records, error)
    _release([r for r in records if r["messageId"] in failed], house)
    took = round((time.perf_counter() - started) * 1000, 1)
    logger().info(worker, extra={"messages": len(records), "failed": len(failed), "ms": took, **facts})
    return {"batchItemFailures": [{"itemIdentifier": i} for i in failed]}


def _release(records: Sequence[Event], house: House) -> None:
    """Let messages be seen again after seconds instead of the queue's whole visibility time-out."""
    for record in records:
        times = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
        house.queues.release(queue_of(record, house), record["receiptHandle"], int(jitter(min(2**times, MAX_RETRY_S))))


def _alone(records: Sequence[Event], handle: Handle) -> list[str]:
    failed: list[str] = []
    for record in records:
        try:
            handle([record])
        except Exception as error:
            failed += _told([record], error)
    return failed


def _told(records: Sequence[Event], error: Exception) -> list[str]:
    if not isinstance(error, Unavailable | Conflict):
        logger().exception("a message failed", extra={"ids": [r["messageId"] for r in records]})
    return [r["messageId"] for r in records]


def on_updates(event: Event, house: House) -> dict[str, Any]:
    """A source's queue: read what changed from its owner and store it."""
    from chalicelib.services.updates import Message, take_updates

    def handle(records: Sequence[Event]) -> dict[str, Any]:
        messages = [Message(r["messageId"], r["body"]) for r in records]
        stored = take_updates(queue_of(records[0], house), messages, c=house.collaborators)
        return {"changes": len(stored.changes), "changed": stored.changed}

    return failures(event["Records"], handle, worker="updates", house=house)


def on_views(event: Event, house: House) -> dict[str, Any]:
    """The changes topic: make views and search documents anew."""

    def handle(records: Sequence[Event]) -> dict[str, Any]:
        changes = _changes(records)
        for again in (False, True):
            asked = [c for c in changes if (c.cause == REBUILD) == again]
            for tenant, refs in _by_tenant(asked).items():
                project_refs(house, tenant, refs, again=again)
        return {"things": len({(c.tenant, c.ref) for c in changes})}

    return failures(event["Records"], handle, worker="views", house=house)


def project_refs(house: House, code: str, refs: Sequence[Any], *, again: bool = False) -> int:
    """Make the views of these things of a tenant; tells how many were made."""
    from chalicelib.services.project import project

    tenant = house.tenants.get(code)
    if tenant is None:
        return 0
    return project(
        tenant,
        refs,
        records=house.records,
        views=house.views,
        index=house.index,
        due=house.due,
        clock=house.clock,
        again=again,
    )


def on_touches(event: Event, house: House) -> dict[str, Any]:
    """The changes topic: raise what shows something of what changed; what is left goes on as a message of its own."""
    from chalicelib.services.touch import Touching, touch

    def handle(records: Sequence[Event]) -> dict[str, Any]:
        bodies = [json.loads(record["body"]) for record in records]
        works = [Touching(Change.from_message(body), body.get("after", "")) for body in bodies]
        left = touch(works, records=house.records, announce=house.announce, clock=house.clock)
        if left:
            messages = [json.dumps({**work.change.as_message(), "after": work.after}) for work in left]
            house.queues.send(queue_of(records[0], house), messages)
        return {"continued": len(left)}

    return failures(event["Records"], handle, worker="touches", house=house)


def on_due(house: House, seconds: float = 50.0) -> dict[str, Any]:
    """Every minute: reads, announcements and what time has changed."""
    from chalicelib.services.due import do_due

    done = do_due(c=house.collaborators, due=house.due, seconds=seconds)
    facts = {"reads": done.reads, "announcements": done.announcements, "clocks": done.clocks}
    logger().info("due", extra=facts)
    return facts


def on_refresh(house: House, codes: Sequence[str] = ()) -> dict[str, Any]:
    """Every night: every listing of every source of every tenant."""
    from chalicelib.services.refresh import Refresh

    report = {}
    for tenant in house.tenants.all():
        if not codes or tenant.code in codes:
            outcomes = Refresh(house.collaborators, tenant, time.sleep).run()
            report[tenant.code] = {f"{o.source}.{o.thing}": o.status for o in outcomes}
    logger().info("refresh", extra={"report": report})
    return report


def on_freshness(house: House) -> dict[str, Any]:
    """Every few minutes, as metrics with alarms: how late is what is due, how much is parked."""
    stage = house.settings.stage
    age, parked = house.due.oldest(house.clock()) / 1000, house.operations.parked_count()
    count("DueAge", age, unit="Seconds", stage=stage)
    suspended = _suspended(house)
    count("Parked", parked, stage=stage)
    count("RetirementSuspended", len(suspended), stage=stage)
    facts = {"due_age_seconds": age, "parked": parked, "retirement_suspended": suspended}
    logger().info("freshness", extra=facts)
    return facts


def _suspended(house: House) -> list[str]:
    from chalicelib.services.retirement import suspended_until

    now = house.clock()
    pairs = [(tenant.code, source) for tenant in house.tenants.all() for source in tenant.sources]
    return [f"{t} {s}" for t, s in pairs if suspended_until(t, s, operations=house.operations) > now]


def queue_of(record: Event, house: House) -> str:
    """The short name of the queue a message came from."""
    return str(record["eventSourceARN"]).rsplit(":", 1)[-1].removeprefix(f"{house.settings.prefix}-")


def _changes(records: Sequence[Event]) -> list[Change]:
    return [Change.from_message(json.loads(r["body"])) for r in records]


def _by_tenant(changes: Sequence[Change]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for change in changes:
        groups.setdefault(change.tenant, []).append(change.ref)
    return groups


def jitter(seconds: float) -> float:
    """Between half and all of a wait: no two workers in step."""
    return random.uniform(seconds / 2, seconds)
