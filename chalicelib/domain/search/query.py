"""Index queries: a list as the engine is asked for it, always inside one tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.search.mappings import TYPES, WINDOW, fields_of
from chalicelib.domain.store import ListQuery

Json = dict[str, Any]
BOUNDS = frozenset({"gt", "gte", "lt", "lte"})
_ORDERED = frozenset({"keyword", "date", "boolean", "integer", "long", "float"})


_ORDERED_BY = {"key": "key_lower", "title": "title_lower", "name": "title_lower"}
"""Lower-cased by us where lists are ordered by it: not every engine folds case when it orders."""


class InvalidQuery(ValueError):
    """A query that the engine cannot answer; its text says why."""


def list_body(tenant: str, kind: str, query: ListQuery) -> Json:
    """The search body of one page: exact count, and of each hit nothing but what it was ordered by.

    That holds its key (``key_of``), so that no stored document is touched: with a thousand hits it takes a third of
    the time. Beyond the window a page is empty, its count exact all the same. Raises InvalidQuery for a field the kind
    does not have.
    """
    start = min(max(query.offset, 0), WINDOW)
    filters = [*_terms(kind, query.terms), *_ranges(kind, query.ranges)]
    return {
        "query": {"bool": {"filter": [of_tenant(tenant), *filters]}},
        "sort": order(kind, query.order),
        "from": start if start < WINDOW else 0,
        "size": max(0, min(query.limit, WINDOW - start)),
        "track_total_hits": True,
        "stored_fields": "_none_",
    }


def key_of(body: Json, hit: Json) -> str:
    """The key of a hit of ``list_body``: every order has it."""
    place = next(i for i, each in enumerate(body["sort"]) if "key_lower" in each)
    return str(hit["sort"][place])


def is_empty(query: ListQuery) -> bool:
    """Whether nothing can match: a filter that allows no value at all."""
    return any(not values for values in query.terms.values())


def of_tenant(tenant: str) -> Json:
    """The filter that no query goes without."""
    return {"term": {"tenant": tenant}}


def order(kind: str, names: Sequence[str]) -> list[Json]:
    """Names (``-`` first: descending) as the engine sorts by them, those without an order ignored (2.2).

    The normal key comes last, so that equal things keep their places from page to page; what lacks a value is last.
    """
    ways: dict[str, str] = {}
    for name in (*names, "key"):
        field = sortable(kind, name.removeprefix("-"))
        if field:
            ways.setdefault(field, "desc" if name.startswith("-") else "asc")
    return [{field: {"order": way, "missing": "_last"}} for field, way in ways.items()]


def exact(kind: str, name: str) -> str:
    """The name under which a field is matched exactly; raises InvalidQuery for one the kind's documents do not have.

    A dotted name (``org.lower``) is taken as it stands.
    """
    base, _, sub = name.partition(".")
    of = fields_of(kind).get(base)
    if of is None:
        raise InvalidQuery(f"a {kind} has no field '{base}'")
    return name if sub or "fields" not in TYPES[of] else f"{base}.raw"


def sortable(kind: str, name: str) -> str | None:
    """The name under which a field is ordered by, ignoring case; None for one that has no order."""
    if name in _ORDERED_BY:
        return _ORDERED_BY[name]
    shape = TYPES.get(fields_of(kind).get(name, ""), {})
    if "fields" in shape:
        return f"{name}.lower"
    return name if shape.get("type") in _ORDERED else None


def _terms(kind: str, terms: Mapping[str, Sequence[Any]]) -> list[Json]:
    return [{"terms": {exact(kind, name): list(values)}} for name, values in terms.items()]


def _ranges(kind: str, ranges: Mapping[str, Mapping[str, Any]]) -> list[Json]:
    for name, bounds in ranges.items():
        if not bounds or not bounds.keys() <= BOUNDS:
            raise InvalidQuery(f"{name}: a range has {', '.join(sorted(BOUNDS))}")
    return [{"range": {exact(kind, name): dict(bounds)}} for name, bounds in ranges.items()]
