"""Lambda's side of the runtime API for one invocation: gives a request for /health/, takes the answer, ends."""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

EVENT = {
    "resource": "/{proxy+}",
    "path": "/health/",
    "httpMethod": "GET",
    "headers": {"host": "localhost", "accept": "application/json"},
    "multiValueHeaders": {"host": ["localhost"], "accept": ["application/json"]},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": {"proxy": "health/"},
    "stageVariables": None,
    "requestContext": {
        "resourcePath": "/{proxy+}",
        "httpMethod": "GET",
        "path": "/internal/health/",
        "stage": "internal",
        "apiId": "proof",
        "identity": {"sourceIp": "127.0.0.1"},
    },
    "body": None,
    "isBase64Encoded": False,
}
LIMIT = 40
"""Seconds until silence is a failure."""


class Api(BaseHTTPRequestHandler):
    """The two calls that a runtime client makes when all goes well, and those when it does not."""

    given = False
    outcome: dict[str, Any] | None = None

    def do_GET(self) -> None:
        """``/next``: the event, once."""
        if Api.given:
            time.sleep(LIMIT)
            return
        Api.given = True
        body = json.dumps(EVENT).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "proof")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + LIMIT) * 1000)))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:proof")
        self.send_header("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """``/response`` or one of the ``/error``s: the outcome."""
        said = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Api.outcome = json.loads(said) if self.path.endswith("/response") else {"error": said.decode()}
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


def main(port: int) -> int:
    """0 when the function answered 200."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Api)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    until = time.monotonic() + LIMIT
    while Api.outcome is None and time.monotonic() < until:
        time.sleep(0.05)
    if (Api.outcome or {}).get("statusCode") == 200:
        return 0
    print(Api.outcome or "no answer", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
