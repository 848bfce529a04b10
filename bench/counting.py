"""Store and engine calls of this process, counted at the clients' own hooks, with the time spent in them."""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.adapters import aws

SERVICES = ("dynamodb", "sns", "sqs", "s3", "secretsmanager")


@dataclass
class Calls:
    """Calls by ``service.operation`` and the seconds waited for them; threads add up."""

    count: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        self.count.clear()
        self.seconds.clear()

    def of(self, *services: str) -> int:
        """How many calls these services had; all when none is named."""
        return sum(n for name, n in self.count.items() if not services or name.split(".")[0] in services)

    def waited(self, *services: str) -> float:
        """Seconds waited for these services."""
        return sum(n for name, n in self.seconds.items() if not services or name.split(".")[0] in services)


def watch() -> Calls:
    """Count from now on what this process's botocore clients and opensearch-py connections send."""
    calls = Calls()
    for service in SERVICES:
        _watch_botocore(service, calls)
    _watch_opensearch(calls)
    return calls


def _watch_botocore(service: str, calls: Calls) -> None:
    """``before-send`` fires once per attempt, so a retry counts; ``needs-retry`` comes after the answer."""
    events = aws.client(service).meta.events

    def sent(request: Any, event_name: str, **_: Any) -> None:
        name = f"{service}.{event_name.rsplit('.', 1)[1]}"
        calls.count[name] += 1
        request.bench_started = time.perf_counter()

    def answered(response: Any, operation: Any, request_dict: Any, **_: Any) -> None:
        started = request_dict["context"].get("bench_started")
        if started is not None:
            calls.seconds[f"{service}.{operation.name}"] += time.perf_counter() - started

    def called(params: Any, context: Any, **_: Any) -> None:
        params["context"]["bench_started"] = time.perf_counter()

    events.register(f"before-send.{service}", sent)
    events.register(f"before-call.{service}", called)
    events.register(f"needs-retry.{service}", answered)


def _watch_opensearch(calls: Calls) -> None:
    from opensearchpy import Urllib3HttpConnection

    plain: Callable[..., Any] = Urllib3HttpConnection.perform_request

    @functools.wraps(plain)
    def counted(self: Any, method: str, url: str, *arguments: Any, **named: Any) -> Any:
        name = f"engine.{url.split('?', maxsplit=1)[0].rsplit('/', 1)[1]}"
        calls.count[name] += 1
        started = time.perf_counter()
        try:
            return plain(self, method, url, *arguments, **named)
        finally:
            calls.seconds[name] += time.perf_counter() - started

    Urllib3HttpConnection.perform_request = counted
