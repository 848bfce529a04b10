"""Tenants: a small table edited without a deploy, kept in process memory for seconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.adapters.dynamo.wire import Dynamo, n, number, s, text
from chalicelib.domain.store import Conflict, KeptTenant
from chalicelib.domain.tenant import Tenant

FRESH_MS = 2_000
PARTITION = "tenants"


class TenantStore:
    """The tenants table. ``now`` in ms."""

    def __init__(self, dynamo: Dynamo, *, table: str, now: Callable[[], int]) -> None:
        self.dynamo, self.table, self.now = dynamo, table, now
        self._read_at, self._kept = -FRESH_MS, dict[str, tuple[Tenant, int]]()

    def all(self) -> Sequence[Tenant]:
        """Every tenant, by code."""
        return [tenant for tenant, _ in self._tenants().values()]

    def get(self, code: str) -> Tenant | None:
        """The tenant of a code."""
        found = self._tenants().get(code)
        return found[0] if found else None

    def at_host(self, host: str) -> Tenant:
        """The tenant of a host name (with or without its port), else the default one; raises LookupError."""
        tenants = self.all()
        name = host.lower().strip()
        bare = name.rsplit(":", 1)[0] if not name.endswith("]") else name
        for wanted in (name, bare):
            found = next((t for t in tenants if wanted in t.hosts), None)
            if found:
                return found
        default = next((t for t in tenants if t.default), None)
        if default is None:
            raise LookupError("no tenant answers here and none is the default one")
        return default

    def kept(self) -> list[KeptTenant]:
        """Every tenant with its revision, as it is now."""
        self._read_at = -FRESH_MS
        return [KeptTenant(*found) for found in self._tenants().values()]

    def kept_one(self, code: str) -> KeptTenant | None:
        """One tenant with its revision, as it is now."""
        return next((k for k in self.kept() if k.tenant.code == code), None)

    def put(self, tenant: Tenant, seen: int) -> int:
        """Write a tenant if nobody else did since it was seen; returns the new revision. Raises Conflict."""
        condition, values = "attribute_not_exists(pk)", {}
        if seen:
            condition, values = "rev = :seen", {"ExpressionAttributeValues": {":seen": n(seen)}}
        item = {
            "pk": s(PARTITION),
            "sk": s(tenant.code),
            "rev": n(seen + 1),
            "body": s(tenant.model_dump_json()),
        }
        written = self.dynamo.conditional(
            "put_item", TableName=self.table, Item=item, ConditionExpression=condition, **values
        )
        self._read_at = -FRESH_MS
        if not written:
            raise Conflict(f"tenant {tenant.code} was edited since revision {seen}")
        return seen + 1

    def _tenants(self) -> dict[str, tuple[Tenant, int]]:
        now = self.now()
        if now - self._read_at >= FRESH_MS:
            items: list[Any] = self.dynamo.query(self.table, PARTITION)["Items"]
            self._kept = {
                text(i, "sk"): (Tenant.model_validate(json.loads(text(i, "body"))), number(i, "rev")) for i in items
            }
            self._read_at = now
        return self._kept
