"""One place where a request becomes a call and its outcome an answer: tenant, rights, errors, JSON, compression."""

from __future__ import annotations

import functools
import gzip
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import orjson
from chalice.app import Blueprint, Request, Response

from chalicelib.api import auth, context, links
from chalicelib.api.errors import ApiError, bad_request, refusal
from chalicelib.api.etag import etag_of, is_known
from chalicelib.api.paging import window
from chalicelib.api.params import Params
from chalicelib.api.tenancy import tenant_of
from chalicelib.api.trace import request_id_of
from chalicelib.domain.flags import Flags, InvalidFlag, parse_flags
from chalicelib.domain.instants import moment
from chalicelib.domain.reader import Reader
from chalicelib.domain.store import Conflict, Unavailable
from chalicelib.domain.tenant import Tenant
from chalicelib.services.principals import Principal

COMPRESS_FROM = 1_024
MAX_ANSWER = 5_900_000
"""Bytes of an answer as Lambda sees it (at most 6 MB with headers; compressed bytes count four thirds)."""
LEVEL = 4
VARY = "Accept-Encoding, Authorization, Host"
_log = logging.getLogger("catalog.api")
NOBODY = Principal(username="")
_REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler returns when it is more than a body with status 200."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One request, as a handler sees it."""

    request: Request
    house: context.House
    access: auth.Access | None
    now: datetime

    @functools.cached_property
    def tenant(self) -> Tenant:
        """Whose data this is about: the host says so."""
        host = links.host_of(self.request.to_original_event(), self.request.headers, self.house.front)
        return tenant_of(host, self.house.tenants)

    @functools.cached_property
    def principal(self) -> Principal:
        """Who is asking; raises ApiError 401 or 403."""
        if self.access is None:
            return NOBODY
        return auth.admit(self.request.headers, self.tenant, self.house, self.access)

    @functools.cached_property
    def params(self) -> Params:
        return Params(query_of(self.request))

    @functools.cached_property
    def flags(self) -> Flags:
        """The read flags; 400 for one that cannot be read."""
        try:
            return parse_flags(self.params.values)
        except InvalidFlag as error:
            raise bad_request(str(error)) from None

    @property
    def reader(self) -> Reader:
        return Reader(username=self.principal.username, is_staff=self.principal.sees_everything)

    @property
    def url(self) -> str:
        """The absolute URL of this request without its query."""
        return links.here(self.request.to_original_event(), self.request.headers, self.house.front)

    def json(self) -> Any:
        """The body as JSON; 400 when it is none. The content type is not asked: clients forget it."""
        try:
            return orjson.loads(self.request.raw_body or b"")
        except (orjson.JSONDecodeError, UnicodeError, ValueError):
            raise bad_request("JSON parse error.") from None

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; 400 when it is none."""
        body = self.json()
        if not isinstance(body, dict):
            raise bad_request("Invalid data. Expected a JSON object.")
        return body


Handler = Callable[..., Any]


def query_of(request: Request) -> Mapping[str, Sequence[str]]:
    """All values of all query parameters."""
    values: Mapping[str, Sequence[str]] | None = request.to_original_event()["multiValueQueryStringParameters"]
    return values or {}


@dataclass(frozen=True, slots=True)
class Route:
    """One handler and what must hold before it is called."""

    path: str
    methods: tuple[str, ...]
    access: auth.Access | None
    etag: bool
    handler: Handler


class Routes:
    """The routes of one noun, of which a Chalice blueprint is made for every app that wants them."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def route(
        self,
        path: str,
        *,
        methods: tuple[str, ...] = ("GET",),
        access: auth.Access | None = auth.authenticated,
        etag: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a handler ``(call, **path values) -> body or Answer``; ``access`` None: no credentials at all."""

        def declare(handler: Handler) -> Handler:
            self._routes.append(Route(path, methods, access, etag, handler))
            return handler

        return declare

    def blueprint(self) -> Blueprint:
        """A new blueprint with these routes; Chalice's content type check is off, it answers in another shape."""
        made = Blueprint(__name__)
        for each in self._routes:
            made.route(each.path, methods=list(each.methods), content_types=[])(_view(made, each))
        return made


def _view(blueprint: Blueprint, route: Route) -> Callable[..., Response]:
    def view(**values: str) -> Response:
        return _respond(blueprint.current_request, route, values)

    return view


def _respond(request: Request, route: Route, values: Mapping[str, str]) -> Response:
    try:
        house = context.house()
        call = Call(request, house, route.access, moment(house.clock()))
        _ = call.principal  # before anything else is looked at
        said = route.handler(call, **{name: unquote(value) for name, value in values.items()})
        return _rendered(request, said if isinstance(said, Answer) else Answer(said), route.etag)
    except ApiError as error:
        return _error(error)
    except Unavailable as error:
        return _error(refusal(503, str(error) or "Temporarily unavailable.", {"Retry-After": "5"}))
    except Conflict as error:
        return _error(refusal(409, str(error) or "It was changed in the meantime; read it again."))
    except Exception:
        request_id = request_id_of(request.to_original_event(), request.lambda_context)
        _log.exception("request %s failed at %s", request_id, request.path)
        return _error(ApiError(500, {"detail": "Internal server error.", "request_id": request_id}))


def _rendered(request: Request, answer: Answer, etag: bool) -> Response:
    body = b"" if answer.body is None else orjson.dumps(answer.body, option=orjson.OPT_UTC_Z)
    headers: dict[str, Any] = {"Content-Type": "application/json", "Vary": VARY, **answer.headers}
    if etag:
        headers |= {"ETag": etag_of(body), "Cache-Control": "private, no-cache"}
        if is_known(headers["ETag"], request.headers.get("if-none-match")):
            return Response("", headers, 304)
    if len(body) > COMPRESS_FROM and accepts_gzip(request.headers.get("accept-encoding") or ""):
        body = gzip.compress(body, LEVEL, mtime=0)
        _check_size(request, len(body) * 4 // 3, "")
        return Response(body, headers | {"Content-Encoding": "gzip"}, answer.status)
    _check_size(request, len(body), ", or accept gzip")
    return Response(body.decode(), headers, answer.status)


def _check_size(request: Request, size: int, instead: str) -> None:
    """An answer that Lambda would cut off becomes a 400 that says what would fit."""
    if size > MAX_ANSWER:
        usable = max(1, window(query_of(request)).limit * MAX_ANSWER * 9 // 10 // size)
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


def _error(error: ApiError) -> Response:
    headers: dict[str, Any] = {"Content-Type": "application/json", **error.headers}
    return Response(orjson.dumps(error.body).decode(), headers, error.status)
