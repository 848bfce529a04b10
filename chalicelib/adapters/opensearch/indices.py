"""Indices: one per kind, timestamped, behind an alias that hides tombstones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError, TransportError

from chalicelib.adapters.opensearch.client import Capabilities, capabilities, reaching
from chalicelib.domain.search import mappings as index_mappings
from chalicelib.domain.search.mappings import KINDS

BESIDE = "-beside"
CREATE_TIMEOUT = 30
STAMP = re.compile(r"_\d{8}_\d{6}")
LIVE = {"bool": {"must_not": [{"term": {"deleted": True}}]}}
"""What the alias shows: a deleted document stays as a tombstone, so that an older version cannot come back."""


class Indices:
    """Names, creation and removal of the indices of one installation; ``prefix`` keeps installations apart."""

    def __init__(
        self,
        client: OpenSearch,
        prefix: str,
        *,
        replicas: int = 0,
        refresh: str = "1s",
        synonyms: Sequence[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._replicas = replicas
        self._refresh = refresh
        self._synonyms = tuple(synonyms)
        self._clock = clock
        self._capabilities: Capabilities | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the engine can do, asked once per process; raises Unavailable."""
        if self._capabilities is None:
            self._capabilities = capabilities(self._client)
        return self._capabilities

    def alias(self, kind: str) -> str:
        """The name under which a kind is read and written."""
        return f"{self._prefix}-{kind}"

    def beside(self, kind: str) -> str:
        """The name under which a kind is being built anew; no index has it when nothing is."""
        return f"{self.alias(kind)}{BESIDE}"

    def building(self) -> frozenset[str]:
        """The names of ``beside`` that there are now: one question for all kinds."""
        try:
            found = self._client.indices.get_alias(name=f"{self._prefix}-*{BESIDE}")
        except NotFoundError:
            return frozenset()
        names = {name for each in found.values() for name in each["aliases"] if name.endswith(BESIDE)}
        return frozenset(names)

    def ensure(self, kinds: Sequence[str] = KINDS) -> tuple[str, ...]:
        """Create what is missing, add new fields to what is there; returns the kinds that only a rebuild brings up.

        May run at once in many places: the engine allows one write index per alias, so one creation wins.
        """
        with reaching():
            return tuple(kind for kind in kinds if not self._ensure(kind))

    def _ensure(self, kind: str) -> bool:
        if not self._client.indices.exists_alias(name=self.alias(kind)):
            try:
                self.create(kind, {self.alias(kind): {"is_write_index": True, "filter": LIVE}})
            except TransportError:
                if not self._client.indices.exists_alias(name=self.alias(kind)):
                    raise
        try:
            fields = index_mappings.mappings(kind)["properties"]
            self._client.indices.put_mapping(index=self.alias(kind), body={"properties": fields})
        except RequestError:
            return False
        return True

    def create(self, kind: str, aliases: dict[str, Any]) -> str:
        """A new, empty, timestamped index; returns its name."""
        name = f"{self.alias(kind)}_{self._clock():%Y%m%d_%H%M%S}"
        synonyms = self._synonyms if self._synonyms and self.capabilities.synonyms else ()
        body = {
            "settings": index_mappings.settings(replicas=self._replicas, refresh=self._refresh, synonyms=synonyms),
            "mappings": index_mappings.mappings(kind),
            "aliases": aliases,
        }
        self._client.indices.create(index=name, body=body, request_timeout=CREATE_TIMEOUT)
        return name

    def behind(self, alias: str) -> tuple[str, ...]:
        """The indices an alias points to, none when there is no such alias."""
        try:
            return tuple(sorted(self._client.indices.get_alias(name=alias)))
        except NotFoundError:
            return ()

    def all(self, kind: str) -> tuple[str, ...]:
        """Every index of a kind, oldest first, in use or not; never those of a kind whose name begins alike."""
        found = self._client.indices.get(index=f"{self.alias(kind)}_*", allow_no_indices=True)
        return tuple(sorted(name for name in found if STAMP.fullmatch(name.removeprefix(self.alias(kind)))))

    def refresh(self, kinds: Sequence[str] = KINDS) -> None:
        """Make everything written so far visible to searches: for tests and for the end of a rebuild."""
        with reaching():
            self._client.indices.refresh(index=",".join(self.alias(kind) for kind in kinds))

    def ready(self) -> bool:
        """Whether the engine answers and has every index; raises Unavailable when it does not answer."""
        with reaching():
            return all(self.behind(self.alias(kind)) for kind in KINDS)

    def drop(self, kinds: Sequence[str] = KINDS) -> None:
        """Remove every index of these kinds; they can be made again from what is stored."""
        with reaching():
            for kind in kinds:
                if names := self.all(kind):
                    self._client.indices.delete(index=",".join(names))
