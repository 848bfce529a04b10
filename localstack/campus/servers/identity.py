"""The LMS as identity provider: the token endpoint and the key set."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from campus import config
from campus.campus import Campus
from campus.tokens import USERS, User


def routes(campus: Campus) -> list[Route]:
    """The routes of the identity provider."""
    token = _token(campus)
    return [
        Route("/{tenant}/oauth2/access_token", token, methods=["POST"]),
        Route("/{tenant}/oauth2/access_token/", token, methods=["POST"]),
        Route("/{tenant}/oauth2/jwks", _jwks(campus)),
    ]


def _jwks(campus: Campus) -> Callable[[Request], Awaitable[Response]]:
    async def jwks(request: Request) -> Response:
        issuer = campus.issuers.get(request.path_params["tenant"])
        return JSONResponse(
            {"keys": [issuer.key.jwk()]} if issuer else {"detail": "Not found."}, 200 if issuer else 404
        )

    return jwks


def _token(campus: Campus) -> Callable[[Request], Awaitable[Response]]:
    async def access_token(request: Request) -> Response:
        tenant = request.path_params["tenant"]
        form = {name: values[-1] for name, values in parse_qs((await request.body()).decode()).items()}
        answer, status = _grant(campus, tenant, form, _client(request, form))
        campus.calls.note(
            tenant=tenant,
            source="identity",
            kind="access_token",
            path=request.url.path,
            status=status,
            at=campus.clock(),
        )
        return JSONResponse(answer, status, {"Cache-Control": "no-store"})

    return access_token


def _grant(campus: Campus, tenant: str, form: dict[str, str], client: tuple[str, str]) -> tuple[dict[str, Any], int]:
    """The OAuth answer and its status."""
    secret, username = config.CLIENTS.get(client[0], (None, ""))
    if tenant not in campus.issuers or secret is None or client[1] != secret:
        return {"error": "invalid_client"}, 401
    grant = form.get("grant_type", "")
    if grant not in {"client_credentials", "password"}:
        return {"error": "unsupported_grant_type"}, 400
    user = _user(form, grant, username)
    if user is None:
        return {"error": "invalid_grant"}, 400
    return campus.issuers[tenant].issue(user, grant, campus.clock(), form), 200


def _user(form: dict[str, str], grant: str, owner: str) -> User | None:
    if grant == "client_credentials":
        return USERS[owner]
    return USERS.get(form.get("username", "")) if form.get("password") == config.DEMO_PASSWORD else None


def _client(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Id and secret from the form, or from HTTP basic."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(text).decode().partition(":")
            return name, secret
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
    return form.get("client_id", ""), form.get("client_secret", "")
