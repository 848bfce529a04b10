"""A browser for tests: turns URLs into the events that gateways send, and answers back into something readable."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Gateway = Callable[[str, str, str, Mapping[str, str], Any], dict[str, Any]]


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def text(self) -> str:
        body = gzip.decompress(self.raw) if self.headers.get("Content-Encoding") == "gzip" else self.raw
        return body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Browser:
    """``get("/api/v1/courses", token=...)`` against a router; ``host`` is where it thinks it is."""

    def __init__(self, router: Any, host: str = "catalog.edx.test", token: str | None = None) -> None:
        self.router, self.host, self.token = router, host, token

    def get(self, url: str, **headers: str | None) -> Answer:
        return self.send("GET", url, **headers)

    def send(self, method: str, url: str, body: Any = None, **headers: str | None) -> Answer:
        said = {"Host": self.host, "Authorization": self.token and f"JWT {self.token}"}
        said |= {name.replace("_", "-").title(): value for name, value in headers.items()}
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        answer = self.router(event(method, url, {n: v for n, v in said.items() if v is not None}, text), None)
        raw = answer["body"].encode()
        return Answer(
            answer["statusCode"], answer["headers"], base64.b64decode(raw) if answer["isBase64Encoded"] else raw
        )


def event(method: str, url: str, headers: Mapping[str, str], body: str | None = None, **context: Any) -> dict[str, Any]:
    """What the AWS gateway sends: the path still encoded, the query decoded, header names as they came."""
    path, _, query = url.partition("?") if not url.startswith("http") else _split(url)
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "multiValueQueryStringParameters": parse_qs(query, keep_blank_values=True) or None,
        "pathParameters": {"proxy": path[1:]} if path[1:] else None,
        "stageVariables": None,
        "requestContext": {"path": path, "httpMethod": method, "stage": "prod", **context},
        "body": body,
        "isBase64Encoded": False,
    }


def emulated(method: str, url: str, headers: Mapping[str, str], body: str | None = None, **context: Any) -> Any:
    """What an emulator's gateway sends: everything decoded, header names in lower case, the stage in the path."""
    said = event(method, url, {name.lower(): value for name, value in headers.items()}, body)
    path = unquote(said["path"])
    inner = "/".join(part for part in path.split("/") if part)
    said |= {"path": path, "pathParameters": {"proxy": inner}}
    said["requestContext"] |= {"path": f"/local{path}", "stage": "local", "apiId": "abc123", **context}
    return said


def _split(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.path, "?", parts.query
