"""Bulk writing: versioned, bounded in size, an older version counting as done."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from opensearchpy import OpenSearch

from chalicelib.adapters.opensearch.client import reaching
from chalicelib.domain.store import IndexWrite

MAX_BYTES = 5_000_000
MAX_LINES = 500
TIMEOUT = 30
"""Seconds for one request: nobody waits for it, and five megabytes take a small engine some."""
SUPERSEDED = 409
MISSING = 404

Line = tuple[str, bytes]
"""The alias written to, and the two lines (action and document) of one write."""


def document_id(tenant: str, key: str) -> str:
    """The id of a document: its tenant and the normal form of its key."""
    return f"{tenant}#{key}"


def line(alias: str, item: IndexWrite) -> Line:
    """One write; without records it is a tombstone."""
    action = {
        "index": {
            "_index": alias,
            "_id": document_id(item.tenant, item.document.id),
            "version": item.version,
            "version_type": "external_gte",
        }
    }
    return alias, orjson.dumps(action) + b"\n" + orjson.dumps(_source(item)) + b"\n"


def _source(item: IndexWrite) -> dict[str, Any]:
    own = {"tenant": item.tenant, "key_lower": item.document.id}
    if item.records is None:
        return {**own, "deleted": True}
    records = base64.b64encode(item.records).decode()
    return {**item.document.fields, **own, "partner": item.tenant, "deleted": False, "records": records}


def send(client: OpenSearch, lines: Iterable[Line]) -> Iterator[tuple[Line, int, str]]:
    """Write in bounded requests; tells of each line that was not taken its status and the engine's reason."""
    for chunk in chunks(lines):
        with reaching():
            answer = client.bulk(body=b"".join(text for _, text in chunk), require_alias=True, request_timeout=TIMEOUT)
        for each, item in zip(chunk, answer["items"], strict=True):
            (result,) = item.values()
            if result["status"] >= 300 and result["status"] != SUPERSEDED:
                yield each, result["status"], str((result.get("error") or {}).get("reason"))[:300]


def chunks(lines: Iterable[Line], max_bytes: int = MAX_BYTES, max_lines: int = MAX_LINES) -> Iterator[list[Line]]:
    """Lines in order, in groups that stay within both bounds; a line larger than the bound goes alone."""
    chunk: list[Line] = []
    size = 0
    for each in lines:
        if chunk and (size + len(each[1]) > max_bytes or len(chunk) >= max_lines):
            yield chunk
            chunk, size = [], 0
        chunk.append(each)
        size += len(each[1])
    if chunk:
        yield chunk
