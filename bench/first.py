"""A new process as a function starts: imports app.py, handles one event, and another; prints how long each took."""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def main(function: str) -> int:
    """``api``, ``updates``, ``views``, ``touches`` or ``due``; what to ask for comes on standard input."""
    wish = json.loads(sys.stdin.read())
    started = time.perf_counter()
    import app

    imported = time.perf_counter()
    handle = {"api": app.http, "due": app.on_due}.get(function) or getattr(app, f"on_{function}")
    answer = handle(EVENTS[function](wish), None)
    first, cpu = time.perf_counter(), time.process_time()
    handle(EVENTS[function](wish), None)
    second = time.perf_counter()
    _check(function, answer)
    times = {"import_ms": imported - started, "first_ms": first - imported, "second_ms": second - first, "cpu_ms": cpu}
    print("\n" + json.dumps({name: value * 1000 for name, value in times.items()}))
    return 0


def _check(function: str, answer: Any) -> None:
    if function == "api" and answer["statusCode"] != 200:
        raise SystemExit(f"the API answered {answer['statusCode']}: {answer['body'][:300]}")
    if isinstance(answer, dict) and answer.get("batchItemFailures"):
        raise SystemExit(f"{function} failed")


def _http(wish: Any) -> Any:
    return {
        "path": wish["path"],
        "httpMethod": "GET",
        "headers": {"authorization": f"JWT {wish['token']}", "host": "127.0.0.1"},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "requestContext": {"path": wish["path"], "identity": {"sourceIp": "127.0.0.1"}},
        "body": None,
        "isBase64Encoded": False,
    }


def _update(wish: Any) -> Any:
    body = {
        "specversion": "1.0",
        "id": "bench-cold",
        "type": "org.openedx.catalog.run.updated.v1",
        "source": "studio",
        "tenant": "edx",
        "subject": wish["run"],
        "time": "2030-01-01T00:00:00Z",
    }
    return _queued("updates-studio", body)


def _change(queue: str) -> Any:
    def event(wish: Any) -> Any:
        from chalicelib.domain.change import EDIT, Change

        return _queued(queue, Change("edx", "course", wish["course"], 0, EDIT).as_message())

    return event


def _queued(queue: str, body: Any) -> Any:
    arn = f"arn:aws:sqs:us-east-1:000000000000:catalog-local-{queue}"
    record = {"messageId": "1", "body": json.dumps(body), "eventSourceARN": arn, "attributes": {}}
    return {"Records": [record]}


EVENTS = {
    "api": _http,
    "updates": _update,
    "views": _change("views-live"),
    "touches": _change("touches-live"),
    "due": lambda wish: {},
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
