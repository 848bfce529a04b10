"""Tenants as their operator sees and changes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pydantic import ValidationError

from chalicelib.domain.store import KeptTenant
from chalicelib.domain.tenant import Tenant


class TenantStore(Protocol):
    """Tenants with their revisions."""

    def kept(self) -> Sequence[KeptTenant]: ...

    def kept_one(self, code: str) -> KeptTenant | None: ...

    def put(self, tenant: Tenant, seen: int) -> int:
        """Keep it if its revision is still ``seen``; the new one. Raises Conflict."""


class InvalidTenant(ValueError):
    """A tenant that cannot be kept; ``errors`` maps places to what is wrong there."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("invalid tenant")
        self.errors = errors


def shown(kept: KeptTenant) -> dict[str, Any]:
    """A tenant for its operator. Credentials are references by design; nothing here resolves them."""
    return {"revision": kept.revision, **kept.tenant.model_dump(mode="json")}


def list_tenants(*, store: TenantStore) -> list[dict[str, Any]]:
    """All tenants, by code."""
    return [shown(kept) for kept in sorted(store.kept(), key=lambda k: k.tenant.code)]


def read_tenant(code: str, *, store: TenantStore) -> dict[str, Any] | None:
    """One tenant, None when there is none."""
    kept = store.kept_one(code)
    return shown(kept) if kept else None


def put_tenant(code: str, body: Mapping[str, Any], revision: int, *, store: TenantStore) -> dict[str, Any]:
    """Make or replace a tenant whose revision the editor saw (0: a new one); raises InvalidTenant or Conflict."""
    said = {name: value for name, value in body.items() if name != "revision"}
    if said.setdefault("code", code) != code:
        raise InvalidTenant({"code": ["A tenant keeps its code."]})
    try:
        tenant = Tenant.model_validate(said)
    except ValidationError as error:
        raise InvalidTenant(_by_place(error)) from None
    return shown(KeptTenant(tenant, store.put(tenant, revision)))


def _by_place(error: ValidationError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in error.errors(include_url=False, include_input=False):
        found.setdefault(".".join(map(str, each["loc"])) or "tenant", []).append(each["msg"])
    return found
