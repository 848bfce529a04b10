"""Serves the API from a process of its own: granian before the same router that Lambda calls.

One request at a time in each process, as Chalice keeps its current request in the app: more workers, not threads.
"""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from typing import Any

import orjson

from chalicelib.api.router import MAX_BODY, Reply, Router
from chalicelib.runtime.events import TooManyParameters, event_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
TARGET = "chalicelib.runtime.serve:application"


class Application:
    """A router as an ASGI application: raw paths survive there, unlike in WSGI and granian's own RSGI."""

    def __init__(self, router: Router) -> None:
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        body = await _body(dict(headers), receive)
        if body is None:
            reply = _refusal(413, f"The body may have at most {MAX_BODY} bytes.")
        else:
            reply = self._answer(scope, headers, body)
        await send({"type": "http.response.start", "status": reply.status, "headers": list(_pairs(reply.headers))})
        await send({"type": "http.response.body", "body": reply.body})

    def _answer(self, scope: Scope, headers: list[tuple[str, str]], body: bytes) -> Reply:
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        peer = scope["client"][0] if scope.get("client") else ""
        try:
            event = event_of(scope["method"], path, query, headers, body, peer=peer, scheme=scope["scheme"])
        except TooManyParameters:
            return _refusal(400, "Too many parameters.")
        return self._router.answer(event, None)


async def _body(headers: dict[str, str], receive: Receive) -> bytes | None:
    """The whole body, None when it is larger than any we take; what says its length is refused unread."""
    length = headers.get("content-length")
    if length is not None and (not length.isdigit() or int(length[:20]) > MAX_BODY):
        return None
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _refusal(status: int, detail: str) -> Reply:
    return Reply(status, orjson.dumps({"detail": detail}), {"Content-Type": "application/json"})


def _pairs(headers: dict[str, Any]) -> Iterable[tuple[bytes, bytes]]:
    for name, value in headers.items():
        for each in [value] if isinstance(value, str) else value:
            yield name.lower().encode("latin-1"), each.encode("latin-1", "replace")


def application() -> Application:
    """Made once per worker, in the worker."""
    from app import app

    return Application(app if isinstance(app, Router) else Router(app))


def run(target: str, host: str, port: int, workers: int, backlog: int = 1_024) -> None:
    """Serve until a signal says stop; ``target`` is ``module:factory``."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=workers,
        backlog=backlog,
        factory=True,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    ).serve()


def main(argv: Sequence[str] | None = None, command: str = "serve") -> int:
    """``serve [--host 127.0.0.1] [--port 8000] [--workers 1]``."""
    parser = argparse.ArgumentParser(prog="runtime serve", description="Serve the API over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 inside a container")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--workers", type=int, default=1, help="processes; about one per core, more where stores are far"
    )
    parser.add_argument("--backlog", type=int, default=1_024, help="connections that may wait")
    said = parser.parse_args(argv)
    run(TARGET, said.host, said.port, said.workers, said.backlog)
    return 0
