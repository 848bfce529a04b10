"""An index in memory: the same port as the search engine's, for tests of what stands on it."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.reads.instants import parse
from chalicelib.domain.search.mappings import TYPES, WINDOW, fields_of
from chalicelib.domain.search.query import exact, is_empty, order
from chalicelib.domain.store import Hits, IndexWrite, ListQuery, Unavailable

Values = list[Any]


class MemoryIndex:
    """Documents by kind and id. ``down`` makes it answer nothing; what is written is seen after ``refresh``."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.written: dict[tuple[str, str, str], IndexWrite] = {}
        self.visible: dict[tuple[str, str, str], IndexWrite] = {}
        self.at_once = at_once
        self.down = False

    def refresh(self) -> None:
        """Show what was written."""
        self.visible = dict(self.written)

    def page(self, tenant: str, kind: str, query: ListQuery) -> Hits:
        sorts = order(kind, query.order)
        for name in (*query.terms, *query.ranges):
            exact(kind, name)
        self._reach()
        found = [] if is_empty(query) else [w for w in self._live(tenant, kind) if _matches(w, query)]
        for sort in reversed(sorts):
            ((name, how),) = sort.items()
            found = _ordered(found, name, how["order"] == "desc")
        end = min(query.offset + query.limit, WINDOW)
        return Hits(tuple(w.document.id for w in found[query.offset : end]), len(found))

    def count(self, tenant: str, kind: str) -> int:
        self._reach()
        return len(self._live(tenant, kind))

    def revision_of(self, tenant: str, kind: str, key: str) -> int | None:
        self._reach()
        held = self.written.get((tenant, kind, key))
        return held.version if held else None

    def write(self, items: Sequence[IndexWrite]) -> None:
        self._reach()
        for item in items:
            at = (item.tenant, item.document.kind, item.document.id)
            if at not in self.written or self.written[at].version <= item.version:
                self.written[at] = item
        if self.at_once:
            self.refresh()

    def _live(self, tenant: str, kind: str) -> list[IndexWrite]:
        found = [w for (t, k, _), w in self.visible.items() if (t, k) == (tenant, kind) and w.records is not None]
        return sorted(found, key=lambda w: w.document.id)

    def _reach(self) -> None:
        if self.down:
            raise Unavailable("the index is down")


def _matches(item: IndexWrite, query: ListQuery) -> bool:
    return all(_has(item, name, values) for name, values in query.terms.items()) and all(
        _within(item, name, bounds) for name, bounds in query.ranges.items()
    )


def _has(item: IndexWrite, name: str, values: Sequence[Any]) -> bool:
    field = exact(item.document.kind, name)
    folds = _folds(item, field)
    wanted = [str(value).lower() for value in values] if folds else list(values)
    return any(value in wanted for value in _values(item, field))


def _within(item: IndexWrite, name: str, bounds: Mapping[str, Any]) -> bool:
    tests = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
    is_date = TYPES[fields_of(item.document.kind)[name]].get("type") == "date"
    read = parse if is_date else lambda value: value
    held = _values(item, exact(item.document.kind, name))
    return any(all(tests[b](read(value), read(limit)) for b, limit in bounds.items()) for value in held)


def _values(item: IndexWrite, name: str) -> Values:
    base = name.partition(".")[0]
    own = {"tenant": item.tenant, "partner": item.tenant, "key_lower": item.document.id}
    value = own.get(base, item.document.fields.get(base))
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(v).lower() for v in values] if _folds(item, name) else list(values)


def _folds(item: IndexWrite, name: str) -> bool:
    base, _, sub = name.partition(".")
    return sub == "lower" or TYPES[fields_of(item.document.kind)[base]].get("normalizer") == "lower"


def _ordered(items: list[IndexWrite], name: str, descending: bool) -> list[IndexWrite]:
    """Stable; of several values the smallest counts when ascending, the largest when descending; none is last."""
    having = [item for item in items if _values(item, name)]
    without = [item for item in items if not _values(item, name)]
    pick = max if descending else min
    return sorted(having, key=lambda item: pick(_values(item, name)), reverse=descending) + without
