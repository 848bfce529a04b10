"""Rebuilding an index beside the one that is read, and taking its place in one step."""

from __future__ import annotations

from collections.abc import Sequence

from opensearchpy import OpenSearch

from chalicelib.adapters.opensearch import bulk
from chalicelib.adapters.opensearch.client import reaching
from chalicelib.adapters.opensearch.indices import LIVE, Indices
from chalicelib.domain.store import IndexWrite, Unavailable


class Rebuild:
    """One rebuild of one kind. From ``begin`` on every ordinary write goes to both; ``swap`` is atomic."""

    def __init__(self, client: OpenSearch, indices: Indices, kind: str) -> None:
        self._client = client
        self._indices = indices
        self._kind = kind

    def begin(self) -> str:
        """Create the index beside; one left by an earlier rebuild that never ended goes. Returns its name."""
        with reaching():
            self.abandon()
            return self._indices.create(self._kind, {self._indices.beside(self._kind): {"is_write_index": True}})

    def fill(self, items: Sequence[IndexWrite]) -> None:
        """Write to the index beside only; raises Unavailable when any was not taken."""
        lines = (bulk.line(self._indices.beside(self._kind), item) for item in items)
        failed = list(bulk.send(self._client, lines))
        if failed:
            _, status, reason = failed[0]
            raise Unavailable(f"{len(failed)} documents were not taken; the first: {status} {reason}")

    def counts(self) -> tuple[int, int]:
        """How many live documents the present index has, and how many the one beside."""
        with reaching():
            names = (self._indices.alias(self._kind), self._indices.beside(self._kind))
            self._client.indices.refresh(index=",".join(names))
            present, beside = (self._client.count(index=name, body={"query": LIVE})["count"] for name in names)
        return int(present), int(beside)

    def swap(self, keep: int = 3) -> None:
        """The index beside becomes the one that is read; of those before, the latest ``keep`` stay."""
        alias, beside = self._indices.alias(self._kind), self._indices.beside(self._kind)
        with reaching():
            (new,) = self._indices.behind(beside)
            old = self._indices.behind(alias)
            add = {"index": new, "alias": alias, "is_write_index": True, "filter": LIVE}
            actions = [
                *({"remove": {"index": name, "alias": alias}} for name in old),
                {"add": add},
                {"remove": {"index": new, "alias": beside}},
            ]
            self._client.indices.update_aliases(body={"actions": actions})
            self._forget(new, keep)

    def abandon(self) -> None:
        """Remove the index beside, if there is one."""
        with reaching():
            if names := self._indices.behind(self._indices.beside(self._kind)):
                self._client.indices.delete(index=",".join(names))

    def _forget(self, current: str, keep: int) -> None:
        unused = [name for name in self._indices.all(self._kind) if name != current]
        if gone := unused[: max(0, len(unused) - keep)]:
            self._client.indices.delete(index=",".join(gone))
