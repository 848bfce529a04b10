"""A whole house of small fakes for the tests of the API: things by tenant, an index over their fields, real tokens."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.adapters.jwks import KeySets
from chalicelib.adapters.jwt import Verifier
from chalicelib.domain.front import Front
from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.search.query import list_body
from chalicelib.domain.store import Conflict, Hits, KeptTenant, ListQuery, Unavailable
from chalicelib.domain.tenant import SourceSite, Tenant
from tests.fakes.tokens import AUDIENCE, ISSUER, Issuer

NOW_MS = 1_795_262_400_000
"""2026-11-21T12:00:00Z."""


def uuid_for(kind: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}:{name}"))


@dataclass
class Things:
    """Bodies and index fields by tenant; plays records, fresh and index at once, as nothing of it is written."""

    bodies_of: dict[str, dict[Ref, dict[str, Any]]] = field(default_factory=dict)
    fields_of: dict[tuple[str, Ref], dict[str, Any]] = field(default_factory=dict)
    down: bool = False
    asked: list[ListQuery] = field(default_factory=list)

    def add(self, tenant: str, kind: str, key: str, fields: Mapping[str, Any] | None = None, **body: Any) -> Ref:
        name = ref(kind, key)
        uid = key if kind == "program" else body.pop("uuid", uuid_for(kind, f"{tenant}:{key}"))
        self.bodies_of.setdefault(tenant, {})[name] = {"key": key, "uuid": uid, **body}
        self.fields_of[tenant, name] = {"uuid": uid, **(fields or {}), "key_lower": name.key}
        return name

    def look_up(self, tenant: str, kind: str, name: str, value: str) -> Ref | None:
        things = self.bodies_of.get(tenant, {})
        return next((r for r, b in things.items() if r.kind == kind and b[name] == value), None)

    def bodies(self, tenant: Tenant, refs: Iterable[Ref]) -> Mapping[Ref, dict[str, Any]]:
        things = self.bodies_of.get(tenant.code, {})
        return {r: things[r] for r in refs if r in things}

    def page(self, tenant: str, kind: str, query: ListQuery) -> Hits:
        if self.down:
            raise Unavailable("The index is away.")
        list_body(tenant, kind, query)  # raises for a field that the kind's documents do not have
        self.asked.append(query)
        own = [(r.key, f) for (t, r), f in self.fields_of.items() if t == tenant and r.kind == kind]
        found = [(key, f) for key, f in own if _matches(f, query)]
        for name in reversed([*query.order, "key"]):
            bare = name.removeprefix("-").replace("key", "key_lower")
            found.sort(key=lambda each: (each[1].get(bare) is None, each[1].get(bare)), reverse=name.startswith("-"))
        keys = [key for key, _ in found]
        return Hits(tuple(keys[query.offset : query.offset + query.limit]), len(keys))


def _matches(fields: Mapping[str, Any], query: ListQuery) -> bool:
    return all(_has(fields, name, values) for name, values in query.terms.items()) and all(
        _within(fields.get(name), bounds) for name, bounds in query.ranges.items()
    )


def _has(fields: Mapping[str, Any], name: str, values: Sequence[Any]) -> bool:
    value = fields.get(name)
    return any(v in values for v in (value if isinstance(value, list) else [value]))


def _within(value: Any, bounds: Mapping[str, Any]) -> bool:
    return value is not None and value >= bounds["gte"]


class Tenants:
    """Tenants by host, with revisions."""

    def __init__(self, *tenants: Tenant) -> None:
        self.by_code = {t.code: KeptTenant(t, 1) for t in tenants}

    def all(self) -> list[Tenant]:
        return [kept.tenant for kept in self.by_code.values()]

    def get(self, code: str) -> Tenant | None:
        return self.by_code[code].tenant if code in self.by_code else None

    def at_host(self, host: str) -> Tenant:
        return next((t for t in self.all() if host in t.hosts), None) or next(t for t in self.all() if t.default)

    def kept(self) -> list[KeptTenant]:
        return list(self.by_code.values())

    def kept_one(self, code: str) -> KeptTenant | None:
        return self.by_code.get(code)

    def put(self, tenant: Tenant, seen: int) -> int:
        kept = self.by_code.get(tenant.code)
        if (kept.revision if kept else 0) != seen:
            raise Conflict(f"It is at revision {kept.revision if kept else 0}.")
        self.by_code[tenant.code] = KeptTenant(tenant, seen + 1)
        return seen + 1


class Exchange:
    """Takes updates, but for those whose ids are in ``loses``."""

    def __init__(self) -> None:
        self.taken: list[Mapping[str, Any]] = []
        self.loses: set[str] = set()

    def publish_updates(self, updates: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        self.taken.extend(u for u in updates if u["id"] not in self.loses)
        return [u["id"] for u in updates if u["id"] in self.loses]


class Registry:
    """Edited fields with their revisions."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, Ref], tuple[Mapping[str, Any], int]] = {}

    def read(self, tenant: Tenant, thing: Ref) -> Mapping[str, Any] | None:
        if (tenant.code, thing) not in self.kept:
            return None
        edited, revision = self.kept[tenant.code, thing]
        return {"kind": thing.kind, "key": thing.key, "revision": revision, "minted": {}, "edited": edited}

    def edit(
        self, tenant: Tenant, thing: Ref, fields: Mapping[str, Any], revision: int, who: str
    ) -> Mapping[str, Any] | None:
        if self.kept.get((tenant.code, thing), ({}, 0))[1] != revision:
            raise Conflict("It was edited since.")
        if "colour" in fields:
            raise ValueError("colour: there is no such field.")
        self.kept[tenant.code, thing] = (fields, revision + 1)
        return self.read(tenant, thing)


@dataclass
class House:
    """Everything a request may use."""

    issuer: Issuer
    tenants: Tenants
    things: Things = field(default_factory=Things)
    exchange: Exchange = field(default_factory=Exchange)
    registry: Registry = field(default_factory=Registry)
    front: Front = field(default_factory=Front)
    kinds_of: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"studio": ("run", "organization")})
    now: int = NOW_MS
    well: bool = True

    def __post_init__(self) -> None:
        self.verifier = Verifier(KeySets(self.clock, self.issuer.fetch), self.issuer.secret, self.clock)

    @property
    def records(self) -> Any:
        return self.things

    @property
    def fresh(self) -> Things:
        return self.things

    @property
    def index(self) -> Any:
        return self.things

    @property
    def tenant_store(self) -> Tenants:
        return self.tenants

    def clock(self) -> int:
        return self.now

    def healthy(self) -> bool:
        return self.well

    def explain(self, tenant: Tenant, thing: Ref) -> Mapping[str, Any] | None:
        known = thing in self.things.bodies_of.get(tenant.code, {})
        return {"sources": [], "fields": {}, "rules": [], "index": {}, "key": thing.key} if known else None


def tenant(code: str, *hosts: str, **values: Any) -> Tenant:
    said: dict[str, Any] = {
        "jwt_issuer": ISSUER,
        "jwt_audience": AUDIENCE,
        "jwks_url": "https://lms.test/jwks",
        "sources": {"studio": SourceSite(url="https://lms.test", credentials=("ref/one",))},
    }
    return Tenant(code=code, hosts=hosts, **(said | values))


def house(issuer: Issuer | None = None) -> House:
    """Two tenants, edx at catalog.edx.test (the default) and mitx at catalog.mitx.test."""
    return House(
        issuer or Issuer(),
        Tenants(tenant("edx", "catalog.edx.test", default=True), tenant("mitx", "catalog.mitx.test")),
    )
