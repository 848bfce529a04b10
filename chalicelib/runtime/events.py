"""An HTTP request as the REST proxy event that Lambda would get of it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

MAX_FIELDS = 1_000


class TooManyParameters(ValueError):
    """A query with more parameters than anybody needs."""


def event_of(
    method: str,
    path: str,
    query: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    *,
    peer: str = "",
    scheme: str = "http",
) -> dict[str, Any]:
    """The event (format 1.0). ``path`` stays as it was sent; names of headers become lower case.

    Repeated headers are joined, repeated query parameters kept apart; a body that is not text goes as base64.
    Raises TooManyParameters.
    """
    try:
        values = parse_qs(query, keep_blank_values=True, max_num_fields=MAX_FIELDS) if query else None
    except ValueError:
        raise TooManyParameters from None
    text, encoded = _text(body)
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": _joined(headers),
        "multiValueQueryStringParameters": values or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "path": path,
            "httpMethod": method,
            "scheme": scheme,
            "identity": {"sourceIp": peer},
        },
        "body": text,
        "isBase64Encoded": encoded,
    }


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        found[lower] = f"{found[lower]}, {value}" if lower in found else value
    return found


def _text(body: bytes) -> tuple[str | None, bool]:
    if not body:
        return None, False
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True
