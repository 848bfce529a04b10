"""The catalog inside the benchmark's own process, pointed at a system: for seeding, settings and counting calls."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from bench.place import Place
from chalicelib.adapters import aws
from chalicelib.domain.keys import Ref
from chalicelib.domain.view import view_version
from chalicelib.wiring import House


def house_of(place: Place) -> House:
    """A house in this process; the clients of an earlier one are forgotten."""
    os.environ.update(place.env)
    os.environ["POWERTOOLS_LOG_LEVEL"] = "ERROR"
    aws.client.cache_clear()
    return House()


def limit(house: House, source: str, calls_per_minute: int | None, tenant: str = "edx") -> None:
    """Give a source a rate budget, or take it away."""
    kept = house.tenants.kept_one(tenant)
    assert kept is not None
    site = kept.tenant.sources[source].model_copy(update={"calls_per_minute": calls_per_minute})
    sources = {**kept.tenant.sources, source: site}
    house.tenants.put(kept.tenant.model_copy(update={"sources": sources}), kept.revision)


def courses(house: House, tenant: str = "edx") -> list[Ref]:
    """Every course there is."""
    return [ref for code, ref, _ in house.records.everything() if code == tenant and ref.kind == "course"]


def behind(house: House, refs: Sequence[Ref], tenant: str = "edx") -> tuple[int, int]:
    """How many of these have a view, and a document, older than their head."""
    views, documents = 0, 0
    for start in range(0, len(refs), 100):
        part = refs[start : start + 100]
        kept, heads = house.views.get(tenant, part), house.records.heads(tenant, part)
        views += sum(1 for r in part if r not in kept or kept[r].revision < heads[r].revision)
        found = _versions(house, tenant, part)
        documents += sum(1 for r in part if found.get(r.key, 0) < view_version(heads[r].revision))
    return views, documents


def _versions(house: House, tenant: str, refs: Sequence[Ref]) -> dict[str, int]:
    client: Any = house.index._client
    ids = [f"{tenant}#{ref.key}" for ref in refs]
    answer = client.mget(index=house.indices.alias(refs[0].kind), body={"ids": ids}, _source=False)
    return {doc["_id"].split("#", 1)[1]: doc.get("_version", 0) for doc in answer["docs"]}
