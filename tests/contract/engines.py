"""The search engines the contract tests run on: those that TEST_OPENSEARCH_URLS (a comma list of URLs) names."""

from __future__ import annotations

import atexit
import os
import uuid
from functools import cache
from typing import Any

import pytest

from chalicelib.adapters.opensearch import Indices, SearchEngine, connect
from chalicelib.domain.store import IndexWrite
from chalicelib.domain.view import Document

_NAMED = os.environ.get("TEST_OPENSEARCH_URLS", os.environ.get("TEST_OPENSEARCH_URL", ""))
_NONE = pytest.param("", marks=[pytest.mark.engine, pytest.mark.skip(reason="TEST_OPENSEARCH_URLS names no engine")])
ENGINES = [pytest.param(url, marks=pytest.mark.engine) for url in _NAMED.split(",") if url] or [_NONE]
V = 1_790_000_000_000 * 256
"""A version as views have them."""


@cache
def engine_at(url: str) -> SearchEngine:
    """One set of indices per engine and test process; tests keep apart by tenant. Dropped when the process ends."""
    client = connect(url, timeout=60)
    engine = SearchEngine(client, Indices(client, f"test-{uuid.uuid4().hex[:8]}", refresh="-1"))
    engine.indices.ensure()
    atexit.register(engine.indices.drop)
    return engine


def fresh_tenant() -> str:
    return f"t{uuid.uuid4().hex[:10]}"


def item(tenant: str, kind: str, key: str, version: int = V, **fields: Any) -> IndexWrite:
    """A document with a title, unless the fields say otherwise."""
    said = {"title": key, **fields}
    lowered = {"title_lower": str(said["title"]).lower()}
    return IndexWrite(tenant, Document(kind, key, said | lowered), version, b"records")


def tombstone(tenant: str, kind: str, key: str, version: int) -> IndexWrite:
    return IndexWrite(tenant, Document(kind, key, {}), version)
