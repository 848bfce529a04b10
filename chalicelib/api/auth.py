"""Who is asking, and whether this route is for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from chalicelib.api.context import House
from chalicelib.api.errors import forbidden, unauthenticated
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.token import BadToken
from chalicelib.services.principals import NoName, Principal, principal_of

MAX_TOKEN = 16_384
Access = Callable[[Principal, Tenant], bool]


class Headers(Protocol):
    """Request headers by name, whatever its case."""

    def get(self, name: str, /) -> str | None: ...


def authenticated(principal: Principal, tenant: Tenant) -> bool:
    """Anybody with a good token (most reads, course-discovery 1.1)."""
    return True


def staff(principal: Principal, tenant: Tenant) -> bool:
    """Staff and superusers."""
    return principal.sees_everything


def operator(principal: Principal, tenant: Tenant) -> bool:
    """Who runs the installation: staff and superuser at once, of the default tenant."""
    return principal.is_staff and principal.is_superuser and tenant.default


def admit(headers: Headers, tenant: Tenant, house: House, access: Access) -> Principal:
    """The principal of this request; raises ApiError 401 or 403."""
    principal = _principal(headers, tenant, house)
    if not access(principal, tenant):
        raise forbidden()
    return principal


def _principal(headers: Headers, tenant: Tenant, house: House) -> Principal:
    token = _token(headers.get("authorization") or "")
    if token is None:
        raise unauthenticated()
    try:
        return principal_of(house.verifier.verify(tenant, token))
    except (BadToken, NoName) as error:
        raise unauthenticated(str(error)) from None


def _token(header: str) -> str | None:
    """The token of ``JWT <token>``; other schemes, a bare scheme and extra words are no credentials (C.2)."""
    words = header.split()
    if len(words) != 2 or words[0].lower() != "jwt" or len(words[1]) > MAX_TOKEN:
        return None
    return words[1]
