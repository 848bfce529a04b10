"""One place where a request becomes a call: its tenant, its rights, and what becomes of every error."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import orjson
from chalice.app import Blueprint, Request, Response

from chalicelib.api import auth, context, links
from chalicelib.api.answers import Answer, failed, rendered
from chalicelib.api.errors import ApiError, bad_request, refusal
from chalicelib.api.params import Params
from chalicelib.api.tenancy import tenant_of
from chalicelib.api.trace import request_id_of
from chalicelib.domain.reads.flags import Flags, InvalidFlag, parse_flags
from chalicelib.domain.reads.instants import moment
from chalicelib.domain.reads.reader import Reader
from chalicelib.domain.store import Conflict, Unavailable
from chalicelib.domain.tenant import Tenant
from chalicelib.services.principals import Principal

_log = logging.getLogger("catalog.api")
NOBODY = Principal(username="")


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
        return rendered(request, said if isinstance(said, Answer) else Answer(said), query_of(request), route.etag)
    except ApiError as error:
        return failed(error)
    except Unavailable as error:
        return failed(refusal(503, str(error) or "Temporarily unavailable.", {"Retry-After": "5"}))
    except Conflict as error:
        return failed(refusal(409, str(error) or "It was changed in the meantime; read it again."))
    except Exception:
        request_id = request_id_of(request.to_original_event(), request.lambda_context)
        _log.exception("request %s failed at %s", request_id, request.path)
        return failed(ApiError(500, {"detail": "Internal server error.", "request_id": request_id}))
