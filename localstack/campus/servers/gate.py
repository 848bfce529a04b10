"""The way into every source: counted, delayed, throttled and spoilt as the faults say, then answered."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from campus.campus import Campus
from campus.faults import Faults
from campus.servers.ask import Answer, Ask, Refused
from campus.tokens import Denied

View = Callable[[Ask], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]
Authority = Callable[[Campus, Request, Faults], dict[str, Any]]

_chance = random.Random(20)


def by_token(campus: Campus, request: Request, faults: Faults) -> dict[str, Any]:
    """Who is calling, by the JWT that the tenant's own LMS issued."""
    try:
        return campus.issuers[request.path_params["tenant"]].check(request.headers.get("authorization"), campus.clock())
    except Denied as denied:
        raise unauthorized(str(denied)) from denied


def unauthorized(detail: str) -> Refused:
    """A 401 that says which scheme is wanted."""
    return Refused(401, {"detail": detail}, **{"WWW-Authenticate": 'JWT realm="api"'})


def gate(campus: Campus, source: str, kind: str, view: View, authority: Authority = by_token) -> Endpoint:
    """An endpoint that answers with `view`, unless a fault comes first."""

    async def endpoint(request: Request) -> Response:
        tenant = request.path_params["tenant"]
        now = campus.clock()
        if tenant not in campus.worlds:
            return _response(Refused(404, {"detail": "No such tenant."}).answer)
        faults, quirks = campus.faults.of(tenant, source, kind, now)
        if faults.latency_ms or faults.hang_seconds:
            await asyncio.sleep(faults.latency_ms / 1000 + faults.hang_seconds)
        try:
            _before(request, faults)
            claims = authority(campus, request, faults)
            _throttle(campus, tenant, source, faults)
            ask = Ask(
                world=campus.worlds[tenant],
                at=campus.addresses[tenant],
                path=request.path_params,
                query=request.query_params,
                claims=claims,
                faults=faults,
                quirks=quirks,
                as_of=now - faults.lag_seconds if faults.lag_seconds else float("inf"),
                now=now,
                url=f"{campus.addresses[tenant].origin(source)}{request.url.path}",
            )
            answer = _after(ask, view(ask), request)
        except Refused as refused:
            answer = refused.answer
        campus.calls.note(tenant=tenant, source=source, kind=kind, path=_path(request), status=answer.status, at=now)
        return _response(answer)

    return endpoint


def _before(request: Request, faults: Faults) -> None:
    if faults.redirect_to:
        raise Refused(302, {}, Location=faults.redirect_to.rstrip("/") + _path(request))
    if faults.not_found:
        raise Refused(404, {"detail": "Not found."})
    if faults.unauthorized:
        raise unauthorized("Invalid token.")
    if faults.error_share and _chance.random() < faults.error_share:
        raise Refused(500, {"detail": "Internal server error."})


def _throttle(campus: Campus, tenant: str, source: str, faults: Faults) -> None:
    wait = campus.throttle.wait(tenant, source, faults.rate_limit, campus.clock()) if faults.rate_limit else 0
    if wait:
        wait = faults.retry_after or wait
        detail = f"Request was throttled. Expected available in {wait} seconds."
        raise Refused(429, {"detail": detail}, **{"Retry-After": str(wait)})


def _after(ask: Ask, answer: Answer, request: Request) -> Answer:
    body, faults = answer.body, ask.faults
    if faults.oversized_bytes:
        body = b'{"padding":"' + b"x" * faults.oversized_bytes + b'",' + body[1:]
    if faults.malformed_share and _chance.random() < faults.malformed_share:
        body = body[: len(body) * 2 // 3]
    if faults.validators and answer.status == 200:
        return _validated(ask, answer, body, request)
    return answer if body is answer.body else Answer(body, answer.status, answer.headers, answer.media_type)


def _validated(ask: Ask, answer: Answer, body: bytes, request: Request) -> Answer:
    """With an ETag and the time of the last edit; 304 to whoever has this content already."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {**answer.headers, "ETag": tag, "Last-Modified": formatdate(ask.world.changed_at(ask.as_of), usegmt=True)}
    if tag in request.headers.get("if-none-match", ""):
        return Answer(b"", 304, headers)
    return Answer(body, 200, headers, answer.media_type)


def _path(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), answer.media_type)
