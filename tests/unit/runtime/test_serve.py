"""Serving over HTTP: what a client sends is what the router sees, and one bad request does not end the server."""

import asyncio
import json
import re
import socket
import subprocess
import sys
import time

import jwt
import pytest

from chalicelib.api.router import MAX_BODY
from chalicelib.runtime.events import TooManyParameters, event_of
from tests.fakes.served import application
from tests.fakes.tokens import SECRET, claims


def test_paths_stay_raw_and_repeated_parameters_apart():
    event = event_of("GET", "/a%2Fb+c/", "x=1&x=2&y=a%2Bb+c&z=", [("Host", "h"), ("A", "1"), ("a", "2")], b"")
    assert event["path"] == "/a%2Fb+c/"
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": ["a+b c"], "z": [""]}
    assert event["headers"] == {"host": "h", "a": "1, 2"}
    assert (event["body"], event["isBase64Encoded"]) == (None, False)


def test_a_body_that_is_not_text_goes_as_base64():
    event = event_of("POST", "/", "", [], b"\xff\x00")
    assert (event["body"], event["isBase64Encoded"]) == ("/wA=", True)


def test_too_many_parameters_are_too_many():
    with pytest.raises(TooManyParameters):
        event_of("GET", "/", "&".join(f"a{n}=" for n in range(1_001)), [], b"")


class Wire:
    """One request and what came back for it."""

    def __init__(self, method="GET", path="/health", *parts, **headers):
        said = {"host": "catalog.edx.test"} | {n.replace("_", "-"): v for n, v in headers.items()}
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(n.encode(), v.encode()) for n, v in said.items()],
            "client": ("127.0.0.1", 5000),
            "scheme": "http",
        }
        self.parts, self.read, self.sent = list(parts or [b""]), 0, []
        asyncio.run(application()(self.scope, self.receive, self.send))

    async def receive(self):
        self.read += 1
        return {"type": "http.request", "body": self.parts.pop(0), "more_body": bool(self.parts)}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]


def test_a_request_is_answered():
    wire = Wire()
    assert (wire.status, json.loads(wire.sent[1]["body"])["overall_status"]) == (200, "OK")
    assert (b"content-type", b"application/json") in wire.sent[0]["headers"]


def test_a_declared_body_that_is_too_large_is_refused_unread():
    wire = Wire("POST", "/exchange/v1/updates", b"x", content_length=str(MAX_BODY + 1))
    assert (wire.status, wire.read) == (413, 0)
    assert Wire("POST", "/exchange/v1/updates", b"x", content_length="lots").status == 413


def test_a_stream_is_cut_off_where_it_becomes_too_large():
    wire = Wire("POST", "/exchange/v1/updates", *[b"x" * 500_000] * 10)
    assert (wire.status, wire.read) == (413, 3)


def test_what_is_no_http_request_gets_no_answer():
    sent = []
    asyncio.run(application()({"type": "lifespan"}, None, sent.append))
    assert sent == []


@pytest.fixture(scope="module")
def port():
    """A real server in a process of its own, on a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    program = f"from chalicelib.runtime.serve import run; run('tests.fakes.served:application', '127.0.0.1', {free}, 1)"
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", free), 0.2).close()
            break
        except OSError:
            time.sleep(0.05)
    yield free
    process.terminate()
    process.wait(20)


def signed():
    """The server has keys of its own; what we share with it is a secret."""
    return jwt.encode(claims(), SECRET, algorithm="HS256")


def raw(port: int, request: bytes) -> tuple[int, bytes]:
    with socket.create_connection(("127.0.0.1", port), 5) as wire:
        wire.sendall(request)
        wire.settimeout(5)
        answer = b""
        while part := wire.recv(65_536):
            answer += part
    match = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(match[1]) if match else 0, answer.partition(b"\r\n\r\n")[2]


def get(port: int, target: str, *headers: str) -> tuple[int, bytes]:
    lines = [f"GET {target} HTTP/1.1", "Host: catalog.edx.test", "Connection: close", *headers]
    return raw(port, "\r\n".join([*lines, "", ""]).encode())


def test_a_real_server_keeps_keys_as_they_were_sent(port):
    credentials = f"Authorization: JWT {signed()}"
    for target in (
        "/api/v1/courses/edX%2BDemoX/",
        "/api/v1/courses/edX+DemoX",
        "/api/v1/course_runs/edX%2FDemoX%2F2014",
    ):
        assert get(port, target, credentials)[0] == 200, target
    listed = json.loads(get(port, "/api/v1/courses?limit=1&keys=edX%2BDemoX&keys=a%2Bb", credentials)[1])
    assert listed["count"] == 1


@pytest.mark.parametrize(
    ("target", "statuses"),
    [
        ("/" + "x" * 10_000, {404}),
        ("/%zz", {400}),
        ("/%00", {400}),
        ("/%ff", {400}),
        ("*", {404, 400}),
        ("/a?b=%", {404}),
    ],
)
def test_a_real_server_survives_bad_targets(port, target, statuses):
    assert get(port, target)[0] in statuses
    assert get(port, "/health/")[0] == 200


@pytest.mark.parametrize("request_", [b"GET /\r\n\r\n", b"\x16\x03\x01garbage\r\n\r\n", b"GET / HTTP/9\r\n\r\n"])
def test_a_real_server_survives_what_is_no_http(port, request_):
    assert raw(port, request_)[0] in {0, 400}
    assert get(port, "/health")[0] == 200
