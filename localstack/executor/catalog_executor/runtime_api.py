"""The Lambda Runtime API on loopback, for one child: it asks for the next invocation and posts what came of it."""

import queue
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

VERSION = "/2018-06-01/runtime"


@dataclass(frozen=True)
class Invocation:
    """What the child is asked to do, and where its outcome goes."""

    request_id: str
    arn: str
    trace: str
    deadline_ms: int
    payload: bytes
    outcome: "queue.SimpleQueue[Outcome]" = field(default_factory=queue.SimpleQueue)


@dataclass(frozen=True)
class Outcome:
    """What came of an invocation."""

    payload: bytes
    is_error: bool


class RuntimeApi(ThreadingHTTPServer):
    """Serves one child until `close`; `started` gets None when the child is ready, or what its start failed with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.waiting: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self.started: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.current: Invocation | None = None
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 3600}, daemon=True).start()

    @property
    def address(self) -> str:
        """What AWS_LAMBDA_RUNTIME_API says."""
        return f"127.0.0.1:{self.server_address[1]}"

    def next(self) -> Invocation | None:
        """The next invocation, when there is one; None when we are closed."""
        self.started.put(None)
        self.current = self.waiting.get()
        return self.current

    def finish(self, request_id: str, outcome: Outcome) -> None:
        """Hand an outcome to whoever waits for it; one that comes too late is dropped."""
        if self.current and self.current.request_id == request_id:
            self.current.outcome.put(outcome)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A child that was ended breaks its connection; there is nothing to report."""

    def close(self) -> None:
        """Let the waiting request end, and stop listening."""
        self.waiting.put(None)
        threading.Thread(target=self.shutdown, daemon=True).start()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: RuntimeApi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # with Nagle and unbuffered writes every call waits 40 ms for an ACK
    wbufsize = -1

    def do_GET(self) -> None:
        invocation = self.server.next() if self.path == f"{VERSION}/invocation/next" else None
        if not invocation:
            return self._answer(410, b"")
        return self._answer(
            200,
            invocation.payload,
            {
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
                "Lambda-Runtime-Trace-Id": invocation.trace,
            },
        )

    def do_POST(self) -> None:
        body = self._body()
        *_, request_id, what = self.path.split("/")
        if self.path == f"{VERSION}/init/error":
            self.server.started.put(body)
        else:
            self.server.finish(request_id, Outcome(body, is_error=what == "error"))
        self._answer(202, b"{}")

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing: LocalStack logs the invocations."""
