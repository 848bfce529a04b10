"""Work: the loop that Lambda's event source mapping is on AWS: receive, handle, delete what was handled."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import workers
from chalicelib.runtime.stopping import Stop
from chalicelib.telemetry import logger
from chalicelib.wiring import House, house

Message = Mapping[str, Any]
HANDLERS: Mapping[str, Callable[[Any, House], dict[str, Any]]] = {
    "updates": workers.on_updates,
    "views": workers.on_views,
    "touches": workers.on_touches,
}


def main(argv: Sequence[str], command: str = "work") -> int:
    """Work off queues until told to stop; ``--until-empty`` ends when nothing was there for a while."""
    parser = argparse.ArgumentParser(prog=f"runtime {command}", description=__doc__)
    parser.add_argument("queues", nargs="+", metavar="QUEUE", help="short names, such as updates-studio or views-live")
    parser.add_argument("--batch", type=int, default=50, help="messages handled together (default 50)")
    parser.add_argument("--wait", type=int, default=10, help="seconds an empty queue is listened to (default 10)")
    parser.add_argument("--until-empty", action="store_true")
    options = parser.parse_args(argv)
    unknown = [q for q in options.queues if q.partition("-")[0] not in HANDLERS]
    if unknown:
        parser.error(f"nothing here works off {', '.join(unknown)}; queues begin with {', '.join(HANDLERS)}")
    stop = Stop()
    threads = [threading.Thread(target=_loop, args=(house(), q, options, stop), name=q) for q in options.queues]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


def _loop(rooms: House, queue: str, options: argparse.Namespace, stop: Stop) -> None:
    wait = 1 if options.until_empty else options.wait
    while not stop:
        try:
            handled = work_once(rooms, queue, batch=options.batch, wait=wait)
        except Exception:
            logger().exception("cannot work off a queue; trying again", extra={"queue": queue})
            stop.wait(workers.jitter(2.0))
            continue
        if not handled and options.until_empty:
            return


def work_once(rooms: House, queue: str, *, batch: int = 50, wait: int = 0) -> int:
    """One batch of a queue; tells how many messages it had. Raises what SQS raises."""
    messages = _gather(rooms, queue, batch, wait)
    if not messages:
        return 0
    event = {"Records": [_as_record(m, f"{rooms.settings.prefix}-{queue}") for m in messages]}
    answer = HANDLERS[queue.partition("-")[0]](event, rooms)
    failed = {f["itemIdentifier"] for f in answer["batchItemFailures"]}
    rooms.queues.delete(queue, [m for m in messages if m["MessageId"] not in failed])
    return len(messages)


def _gather(rooms: House, queue: str, batch: int, wait: int) -> list[dict[str, Any]]:
    """More than SQS gives at once, where more is waiting: reads and writes are cheaper together."""
    messages = rooms.queues.receive(queue, wait=wait)
    while messages and len(messages) % 10 == 0 and len(messages) < batch:
        more = rooms.queues.receive(queue)
        messages += more
        if not more:
            break
    return messages


def _as_record(message: Message, name: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": message.get("MessageAttributes", {}),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:::{name}",
    }
