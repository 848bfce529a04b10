"""What granian serves for a benchmark: the real API with its calls counted, and a trivial answer for the floor."""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

BODY = b'{"detail": "' + b"x" * 4_000 + b'"}'
Send = Callable[[Any], Awaitable[None]]


def floor() -> Callable[..., Awaitable[None]]:
    """An application that answers 4 kB at once: what is left is client, socket and server."""

    async def application(scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", _size)]})
            await send({"type": "http.response.body", "body": BODY})

    return application


_size = str(len(BODY)).encode()


def counted() -> Callable[..., Awaitable[None]]:
    """The real application; its answers say how long the handler took and how often it asked store and engine."""
    from bench.counting import watch
    from chalicelib.runtime.serve import application as make

    real, calls = make(), watch()

    async def application(scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            return
        calls.clear()
        started = time.perf_counter()

        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += _facts(time.perf_counter() - started, calls)
            await send(message)

        await real(scope, receive, told)

    return application


def _facts(seconds: float, calls: Any) -> list[tuple[bytes, bytes]]:
    said = {
        "handler-ms": seconds * 1000,
        "store-calls": calls.of("dynamodb"),
        "engine-calls": calls.of("engine"),
        "store-ms": calls.waited("dynamodb") * 1000,
        "engine-ms": calls.waited("engine") * 1000,
    }
    return [(f"x-bench-{name}".encode(), f"{value:.3f}".encode()) for name, value in said.items()]


if __name__ == "__main__":
    from chalicelib.runtime.serve import run

    run(f"bench.servers:{sys.argv[1]}", "127.0.0.1", int(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else 1)
