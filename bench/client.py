"""The one client that measures: what it costs itself is printed beside what it finds."""

from __future__ import annotations

import http.client
import json
import time
import urllib.parse
from dataclasses import dataclass
from typing import Any

NAME = "http.client of the standard library, one connection kept open"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back and how long it took (s) until its last byte was here."""

    status: int
    body: bytes
    seconds: float
    headers: Any

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One kept-open connection; opened again when the server closed it."""

    def __init__(self, url: str, token: str = "") -> None:
        parts = urllib.parse.urlsplit(url)
        self.base = parts.path.rstrip("/")
        self.connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        self.headers = {"Authorization": f"JWT {token}"} if token else {}

    def get(self, path: str) -> Answer:
        """GET a path below the base URL; any status is an answer."""
        for last in (False, True):
            started = time.perf_counter()
            try:
                self.connection.request("GET", self.base + path, headers=self.headers)
                answer = self.connection.getresponse()
                body = answer.read()
                return Answer(answer.status, body, time.perf_counter() - started, answer.headers)
            except (http.client.HTTPException, ConnectionError):
                self.connection.close()
                if last:
                    raise
        raise AssertionError

    def good(self, path: str) -> Answer:
        """GET what must be there; raises on any other status."""
        answer = self.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {answer.body[:300]!r}")
        return answer


def quoted(key: str) -> str:
    """A key as one segment of a path."""
    return urllib.parse.quote(key, safe="")
