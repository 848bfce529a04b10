"""All systems in one process: a port each, one event loop, a clean stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import sys
from collections.abc import Iterator

import uvicorn

from campus.campus import Campus
from campus.config import OFFSETS
from campus.servers.system import apps

log = logging.getLogger("campus")


class QuietServer(uvicorn.Server):
    """A server that leaves signals to the process that runs five of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class JsonLines(logging.Formatter):
    """One JSON object per log line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line | getattr(record, "facts", {}))


def run(campus: Campus) -> None:
    """Serve until a signal says stop."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    asyncio.run(_serve(campus))


async def _serve(campus: Campus) -> None:
    servers = [_server(campus, system, app) for system, app in apps(campus).items()]

    def stop() -> None:
        log.info("stopping")
        for server in servers:
            server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    ports = {system: campus.options.base_port + offset for system, offset in OFFSETS.items()}
    log.info("starting", extra={"facts": {"ports": ports, **campus.options.identity()}})
    await asyncio.gather(*(server.serve() for server in servers))


def _server(campus: Campus, system: str, app: object) -> QuietServer:
    port = campus.options.base_port + OFFSETS[system]
    options = {
        "log_config": None,
        "log_level": "warning",
        "access_log": False,
        "lifespan": "off",
        "timeout_graceful_shutdown": 2,
        # As long as the proxies in front of the real ones: a caller may keep its connections.
        "timeout_keep_alive": 75,
    }
    return QuietServer(uvicorn.Config(app, host=campus.options.bind or campus.options.host, port=port, **options))  # type: ignore[arg-type]
