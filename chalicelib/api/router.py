"""The front door: one router before Chalice that serves Lambda, containers and tests alike.

The gateway has only ``/`` and ``/{proxy+}``; Chalice refuses routes that end in a slash and knows no slash inside
a parameter. The router finds Chalice's own route, answers 404 and 405 in the contract's shape and lets nothing out
that is not JSON.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import orjson

from chalicelib.api import paths
from chalicelib.api.errors import ApiError, method_not_allowed, not_found, refusal
from chalicelib.api.trace import request_id_of

MAX_BODY = 1_048_576
"""Bytes of a request's body that are taken; an exchange batch of 100 updates has at most 820 kB."""

Event = dict[str, Any]
_log = logging.getLogger("catalog.api")


@dataclass(slots=True)
class Reply:
    """An answer with its body as bytes; ``headers`` values are text, a list of texts for a repeated header."""

    status: int
    body: bytes
    headers: dict[str, Any] = field(default_factory=dict)

    def as_event(self) -> Event:
        """The shape a Lambda proxy integration returns; bytes that are not text go as base64."""
        encoded = "Content-Encoding" in self.headers
        return {
            "statusCode": self.status,
            "headers": {k: v for k, v in self.headers.items() if isinstance(v, str)},
            "multiValueHeaders": {k: v for k, v in self.headers.items() if not isinstance(v, str)},
            "body": base64.b64encode(self.body).decode() if encoded else self.body.decode("utf-8", "replace"),
            "isBase64Encoded": encoded,
        }


class Router:
    """Wraps a Chalice app; called like one: ``router(event, context)`` with a REST proxy event."""

    def __init__(self, app: Callable[[Event, Any], Event]) -> None:
        self.app = app
        self._table: paths.Table | None = None

    def __call__(self, event: Event, context: Any) -> Event:
        return self.answer(event, context).as_event()

    def answer(self, event: Event, context: Any) -> Reply:
        """The same without Lambda's wrapping, for servers of our own."""
        request_id = request_id_of(event, context)
        try:
            reply = self._dispatch(event, context, request_id)
        except ApiError as error:
            reply = Reply(error.status, orjson.dumps(error.body), error.headers)
        except Exception:
            _log.exception("request %s failed", request_id)
            reply = _broken(request_id)
        if reply.status >= 500 and b'"InternalServerError"' in reply.body:
            reply = _broken(request_id)
        if _method(event) == "HEAD":
            reply.body = b""
            reply.headers.pop("Content-Encoding", None)
        if reply.status not in {204, 304}:
            reply.headers.setdefault("Content-Type", "application/json")
        reply.headers["X-Request-Id"] = request_id
        return reply

    def _dispatch(self, event: Event, context: Any, request_id: str) -> Reply:
        match = self._match(event)
        method = self._method_for(match, _method(event))
        if method == "OPTIONS" and "OPTIONS" not in self._methods(match):
            return Reply(204, b"", {"Allow": self._allowed(match)})
        _check_size(event)
        return _reply(self.app(_prepared(event, match, method, request_id), context))

    def _match(self, event: Event) -> paths.Match:
        if self._table is None:
            self._table = paths.Table(self.app.routes)  # type: ignore[attr-defined]
        match = self._table.match(paths.decoded(resource_path(event)))
        if match is None:
            raise not_found()
        return match

    def _methods(self, match: paths.Match) -> Mapping[str, Any]:
        return self.app.routes[match.pattern]  # type: ignore[attr-defined, no-any-return]

    def _method_for(self, match: paths.Match, method: str) -> str:
        methods = self._methods(match)
        if method in methods or method == "OPTIONS":
            return method
        if method == "HEAD" and "GET" in methods:
            return "GET"
        raise method_not_allowed(method, self._allowed(match))

    def _allowed(self, match: paths.Match) -> str:
        methods = self._methods(match)
        return ", ".join([*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"])


def resource_path(event: Event) -> str:
    """The path below the stage. A mapped domain leaves its base path in ``path`` but not in ``proxy``."""
    proxy = (event.get("pathParameters") or {}).get("proxy")
    return "/" + proxy if proxy else event.get("path") or "/"


def _prepared(event: Event, match: paths.Match, method: str, request_id: str) -> Event:
    """The event as Chalice wants it: its own route, and parameters encoded, as its own local gateway sends them."""
    context = {
        **event["requestContext"],
        "resourcePath": match.pattern,
        "httpMethod": method,
        "requestId": request_id,
    }
    return {
        **event,
        "requestContext": context,
        "pathParameters": {name: quote(value, safe="") for name, value in match.values.items()},
        "proxy": (event.get("pathParameters") or {}).get("proxy"),
        "headers": event.get("headers") or {},
        "multiValueQueryStringParameters": event.get("multiValueQueryStringParameters") or None,
        "stageVariables": event.get("stageVariables") or {},
        "body": event.get("body"),
    }


def _reply(answer: Event) -> Reply:
    body = answer["body"]
    headers = {**answer["headers"], **answer["multiValueHeaders"]}
    return Reply(answer["statusCode"], body if isinstance(body, bytes) else body.encode(), headers)


def _method(event: Event) -> str:
    return str(event.get("httpMethod") or "").upper()[:32]


def _check_size(event: Event) -> None:
    body = event.get("body")
    limit = MAX_BODY * 4 // 3 + 4 if event.get("isBase64Encoded") else MAX_BODY
    if body and (len(body) > limit or (isinstance(body, str) and len(body) * 4 > limit < len(body.encode()))):
        raise refusal(413, f"The body may have at most {MAX_BODY} bytes.")


def _broken(request_id: str) -> Reply:
    return Reply(500, orjson.dumps({"detail": "Internal server error.", "request_id": request_id}))
