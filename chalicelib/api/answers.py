"""Answers: bodies become JSON, compressed where that is wanted, never larger than can be sent."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from chalice.app import Request, Response

from chalicelib.api.errors import ApiError, bad_request
from chalicelib.api.etag import etag_of, is_known
from chalicelib.api.paging import Query, window

COMPRESS_FROM = 1_024
LEVEL = 4
VARY = "Accept-Encoding, Authorization, Host"
MAX_ANSWER = 5_900_000
"""Bytes of an answer as Lambda sees it (at most 6 MB with headers; compressed bytes count four thirds)."""
_REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler returns when it is more than a body with status 200."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def rendered(request: Request, answer: Answer, query: Query, etag: bool) -> Response:
    """An answer as Chalice sends it; 304 where the caller has it already, 400 where it would be too large."""
    body = b"" if answer.body is None else orjson.dumps(answer.body, option=orjson.OPT_UTC_Z)
    headers: dict[str, Any] = {"Content-Type": "application/json", "Vary": VARY, **answer.headers}
    if etag:
        headers |= {"ETag": etag_of(body), "Cache-Control": "private, no-cache"}
        if is_known(headers["ETag"], request.headers.get("if-none-match")):
            return Response("", headers, 304)
    if len(body) > COMPRESS_FROM and accepts_gzip(request.headers.get("accept-encoding") or ""):
        body = gzip.compress(body, LEVEL, mtime=0)
        _check_size(query, len(body) * 4 // 3, "")
        return Response(body, headers | {"Content-Encoding": "gzip"}, answer.status)
    _check_size(query, len(body), ", or accept gzip")
    return Response(body.decode(), headers, answer.status)


def _check_size(query: Query, size: int, instead: str) -> None:
    """An answer that Lambda would cut off becomes a 400 that says what would fit."""
    if size > MAX_ANSWER:
        usable = max(1, window(query).limit * MAX_ANSWER * 9 // 10 // size)
        raise bad_request(
            f"The answer would have {size} bytes, {MAX_ANSWER} can be sent. "
            f"Ask for at most {usable} at a time (page_size or limit){instead}."
        )


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header takes gzip: by its own quality, else by that of ``*``."""
    qualities = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        qualities[name.strip()] = not _REFUSED.fullmatch(parameters.strip())
    return qualities.get("gzip", qualities.get("*", False))


def failed(error: ApiError) -> Response:
    """An error as Chalice sends it."""
    headers: dict[str, Any] = {"Content-Type": "application/json", **error.headers}
    return Response(orjson.dumps(error.body).decode(), headers, error.status)
