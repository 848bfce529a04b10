"""The index against the heads: every document there is must be of the revision that its thing is at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from chalicelib.domain.keys import Ref
from chalicelib.domain.search.mappings import KINDS
from chalicelib.domain.view import view_version
from chalicelib.wiring import house
from tests.e2e.system import System


def index_differences(system: System, tenant: str = "edx") -> list[str]:
    """Documents that are missing, older than their thing, or of nothing; none: the index is right.

    Which overlay made them is left aside: a release that changes it starts a rebuild of its own.
    """
    expected, found = dict(_expected(tenant)), dict(_documents(system, tenant))
    late = [f"{ref}: indexed at {found.get(ref)}, is at {v}" for ref, v in expected.items() if found.get(ref) != v]
    return late + [f"{ref}: indexed, and not there" for ref in found.keys() - expected.keys()]


def _expected(tenant: str) -> Iterator[tuple[Ref, int]]:
    """A run's document is written with its course's view, and is of that one's revision."""
    mine = {ref: revision for code, ref, revision in house().records.everything() if code == tenant}
    for ref, revision in mine.items():
        if ref.kind in KINDS:
            yield ref, revision
    courses = house().records.heads(tenant, [ref for ref in mine if ref.kind == "course"])
    for ref, head in courses.items():
        for key in head.runs:
            yield Ref("run", key), mine[ref]


def _documents(system: System, tenant: str) -> Iterator[tuple[Ref, int]]:
    url = system.endpoints["opensearch_url"]
    body: dict[str, Any] = {"size": 10_000, "version": True, "_source": False}
    body["query"] = {"term": {"tenant": tenant}}
    for kind in KINDS:
        answer = httpx.post(f"{url}/{house().settings.prefix}-{kind}/_search", json=body, timeout=30).json()
        for hit in answer["hits"]["hits"]:
            yield Ref(kind, hit["_id"].partition("#")[2]), hit["_version"] // view_version(1, 0)
