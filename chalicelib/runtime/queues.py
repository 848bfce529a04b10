"""Queues: what waits, what is parked or dead and why; and sending it back."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.runtime.shown import as_json, out, table
from chalicelib.wiring import House, house

DEAD = "-dead"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked or dead message, as an operator sees it."""

    queue: str
    body: str
    reason: str
    text: str
    at: int
    handle: Any

    @property
    def key(self) -> str:
        """The key it is about, where that can be read."""
        try:
            body = json.loads(self.body)
            return str(body.get("subject") or body.get("key") or "")
        except (ValueError, AttributeError):
            return ""


def main(argv: Sequence[str], command: str = "queues") -> int:
    """``queues`` shows; ``redrive`` sends back, all or only a reason or a key."""
    parser = argparse.ArgumentParser(prog=f"runtime {command}", description=__doc__)
    parser.add_argument("--queue", help="only this queue")
    parser.add_argument("--reason", help="only messages parked for this reason (crashed: the dead ones)")
    parser.add_argument("--key", help="only messages about this key")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    return _redrive(house(), options) if command == "redrive" else _show(house(), options)


def _names(rooms: House, options: argparse.Namespace) -> list[str]:
    live = [name for name in rooms.queues.names() if not name.endswith(DEAD)]
    return [name for name in live if options.queue in {None, name}]


def waiting(rooms: House, queue: str) -> Iterator[Waiting]:
    """Parked and dead messages of a queue."""
    for parked in rooms.operations.parked(queue):
        yield Waiting(queue, parked.body, parked.reason, parked.text, parked.at, parked)
    for message in rooms.queues.look(queue + DEAD):
        sent = int(message["Attributes"].get("SentTimestamp", 0))
        count = message["Attributes"].get("ApproximateReceiveCount", "?")
        yield Waiting(queue, message["Body"], "crashed", f"received {count} times", sent, message)


def _wanted(found: Waiting, options: argparse.Namespace) -> bool:
    if options.reason and found.reason != options.reason:
        return False
    return not options.key or found.key.lower() == options.key.lower()


def _show(rooms: House, options: argparse.Namespace) -> int:
    facts = [_facts(rooms, queue, options) for queue in _names(rooms, options)]
    if options.json:
        as_json(facts)
        return 0
    rows = [[f["queue"], f["waiting"], f["in_flight"], f["parked_or_dead"], f["oldest"], f["reasons"]] for f in facts]
    table("queues", ("queue", "waiting", "in flight", "parked or dead", "oldest", "reasons"), rows)
    now = rooms.clock()
    out.print(f"due: the oldest overdue thing is {rooms.due.oldest(now) / 1000:.0f} s late")
    for fact in facts:
        for message in fact["messages"][:20]:
            out.print(f"  {fact['queue']}: {message['reason']}: {message['text']} [{message['key']}]")
    return 0


def _facts(rooms: House, queue: str, options: argparse.Namespace) -> dict[str, Any]:
    found = [w for w in waiting(rooms, queue) if _wanted(w, options)]
    reasons = Counter(w.reason for w in found)
    oldest = min((w.at for w in found), default=0)
    return {
        "queue": queue,
        **rooms.queues.depth(queue),
        "parked_or_dead": len(found),
        "oldest": time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(oldest / 1000)) if oldest else "",
        "reasons": ", ".join(f"{reason} {number}" for reason, number in reasons.most_common()),
        "messages": [{"reason": w.reason, "text": w.text, "key": w.key, "at": w.at} for w in found],
    }


def _redrive(rooms: House, options: argparse.Namespace) -> int:
    """Send first, then forget: a crash between the two sends a message twice, which does no harm."""
    total = 0
    for queue in _names(rooms, options):
        found = [w for w in waiting(rooms, queue) if _wanted(w, options)]
        rooms.queues.send(queue, [w.body for w in found])
        rooms.operations.unpark([w.handle for w in found if w.reason != "crashed"])
        rooms.queues.delete(queue + DEAD, [w.handle for w in found if w.reason == "crashed"])
        total += len(found)
    out.print(f"{total} messages sent back")
    return 0
