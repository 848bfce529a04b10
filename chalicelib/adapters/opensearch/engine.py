"""The index port on a search engine: pages of keys, versioned writes, tombstones."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from chalicelib.adapters.opensearch import bulk
from chalicelib.adapters.opensearch.client import reaching
from chalicelib.adapters.opensearch.indices import Indices
from chalicelib.adapters.opensearch.rebuild import Rebuild
from chalicelib.domain.search.query import is_empty, key_of, list_body, of_tenant
from chalicelib.domain.store import Hits, IndexWrite, ListQuery, Unavailable

REFUSED = frozenset({400, 413, 422})
"""Answers about one document that will be the same next time."""
_log = logging.getLogger("catalog.index")


class SearchEngine:
    """What the catalog asks of its index. Every read is inside one tenant; every write newer only."""

    def __init__(self, client: OpenSearch, indices: Indices) -> None:
        self._client = client
        self.indices = indices

    def rebuild(self, kind: str) -> Rebuild:
        """A rebuild of one kind, not begun yet."""
        return Rebuild(self._client, self.indices, kind)

    def page(self, tenant: str, kind: str, query: ListQuery) -> Hits:
        """Keys in order and the exact count; raises Unavailable, or InvalidQuery for a field the kind does not have."""
        if is_empty(query):
            return Hits((), 0)
        body = list_body(tenant, kind, query)
        answer = self._search((kind,), body)["hits"]
        return Hits(tuple(key_of(body, hit) for hit in answer["hits"]), answer["total"]["value"])

    def search(self, tenant: str, kinds: Sequence[str], body: Mapping[str, Any]) -> dict[str, Any]:
        """The engine's answer to a search body, put inside the tenant; hits carry no source unless the body asks.

        Raises Unavailable, or InvalidQuery with what the engine says against the query.
        """
        asked = {"must": [body["query"]]} if "query" in body else {}
        inside = {"bool": {"filter": [of_tenant(tenant)], **asked}}
        return self._search(kinds, {"_source": False, "track_total_hits": True, **body, "query": inside})

    def count(self, tenant: str, kind: str) -> int:
        """How many things of a kind a tenant has, tombstones aside; raises Unavailable."""
        with reaching():
            body = {"query": of_tenant(tenant)}
            return int(self._client.count(index=self.indices.alias(kind), body=body)["count"])

    def revision_of(self, tenant: str, kind: str, key: str) -> int | None:
        """The version held of one document (a tombstone's too), as written last, searchable or not yet."""
        alias, id_ = self.indices.alias(kind), bulk.document_id(tenant, key)
        with reaching():
            try:
                return int(self._client.get(index=alias, id=id_, _source=False, realtime=True)["_version"])
            except NotFoundError as error:
                if isinstance(error.info, dict) and error.info.get("found") is False:
                    return None
                raise

    def write(self, items: Sequence[IndexWrite]) -> None:
        """Write documents and tombstones, to what is being rebuilt as well; an older version is no error.

        Raises Unavailable, after everything was tried, when any was not taken but may be later. A document that the
        engine refuses for good is logged as an error, and explain shows that the index lacks it: the others must not
        be written again and again for its sake.
        """
        failed = self._write(items)
        if any(status == bulk.MISSING for _, status, _ in failed):
            self.indices.ensure(tuple({item.document.kind for item in items}))
            failed = self._write(items)
        for line, status, reason in failed:
            if status in REFUSED:
                _log.error("the search engine refuses a document of %s: %s %s", line[0], status, reason)
        if failed := [each for each in failed if each[1] not in REFUSED]:
            _, status, reason = failed[0]
            raise Unavailable(f"{len(failed)} of {len(items)} documents were not taken; the first: {status} {reason}")

    def _write(self, items: Sequence[IndexWrite]) -> list[tuple[bulk.Line, int, str]]:
        if not items:
            return []
        beside = self._beside()
        targets = {kind: self._aliases(kind, beside) for kind in {item.document.kind for item in items}}
        lines = (bulk.line(alias, item) for item in items for alias in targets[item.document.kind])
        failed = list(bulk.send(self._client, lines))
        return [each for each in failed if not (each[1] == bulk.MISSING and each[0][0] in beside)]

    def _aliases(self, kind: str, beside: frozenset[str]) -> tuple[str, ...]:
        alias, other = self.indices.alias(kind), self.indices.beside(kind)
        return (alias, other) if other in beside else (alias,)

    def _beside(self) -> frozenset[str]:
        """The aliases of indices being built beside: whatever is written meanwhile must be in them too."""
        with reaching():
            return self.indices.building()

    def _search(self, kinds: Sequence[str], body: Mapping[str, Any]) -> dict[str, Any]:
        with reaching():
            answer: dict[str, Any] = self._client.search(
                index=",".join(self.indices.alias(kind) for kind in kinds), body=body
            )
        if answer.get("timed_out") or answer["_shards"].get("failed"):
            raise Unavailable("the search engine answered in part only")
        return answer
