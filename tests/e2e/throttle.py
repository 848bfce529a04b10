"""A proxy before DynamoDB that, when asked, answers a share of the calls as a table out of capacity does."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

BUSY = json.dumps(
    {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "too much"}
).encode()


class Throttle:
    """Where it listens, which share (0 to 1) of the calls it refuses now, and how many it has refused."""

    def __init__(self, behind: str) -> None:
        self.share, self.refused, self._draw = 0.0, 0, random.Random(3)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, httpx.Client(base_url=behind, timeout=30)))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def refuses(self) -> bool:
        """Whether the call at hand is refused."""
        if self._draw.random() >= self.share:
            return False
        self.refused += 1
        return True


def _handler(throttle: Throttle, behind: httpx.Client) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if throttle.refuses():
                self._answer(400, BUSY)
                return
            headers = {n: v for n, v in self.headers.items() if n.lower() not in {"host", "content-length"}}
            answer = behind.post(self.path, content=body, headers=headers)
            self._answer(answer.status_code, answer.content)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/x-amz-json-1.0")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    return Handler


@contextmanager
def throttle(behind: str) -> Iterator[Throttle]:
    """A proxy for as long as the block lasts."""
    made = Throttle(behind)
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        thread.join()
        made.server.server_close()
