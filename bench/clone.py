"""Clones: a catalog made large by copying what is stored of real courses, under other keys; no source is asked."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.adapters.dynamo.wire import s
from chalicelib.domain.keys import Ref
from chalicelib.wiring import House

MARK = "-copy-"
PAGE = 500


def clones(house: House, originals: Sequence[Ref], size: int, tenant: str = "edx") -> int:
    """Copy courses with their runs, heads, records, views and documents until there are ``size``; how many were made.

    A copy keeps everything but its key: its items are as large and its documents as many as the original's.
    """
    before = _count(house, tenant)
    for start in range(before, size, PAGE):
        numbers = range(start, min(start + PAGE, size))
        chosen = [(originals[n % len(originals)], n) for n in numbers]
        _rows(house, tenant, chosen)
    _documents(house, tenant, [(originals[n % len(originals)], n) for n in range(before, size)])
    house.indices.refresh()
    return max(0, size - before)


def _count(house: House, tenant: str) -> int:
    house.indices.refresh()
    return int(house.index.count(tenant, "course"))


def _rows(house: House, tenant: str, chosen: Sequence[tuple[Ref, int]]) -> None:
    records, views = house.settings.table("records"), house.settings.table("views")
    for table, put in ((records, []), (views, [])):
        for course, n in chosen:
            put += [_renamed(item, n) for item in _stored(house, table, tenant, course)]
        house.dynamo.write_many(table, puts=put)


_KEPT: dict[tuple[str, Ref], list[Any]] = {}


def _stored(house: House, table: str, tenant: str, course: Ref) -> list[Any]:
    """Every item of a course and of its runs, edges aside."""
    if (table, course) not in _KEPT:
        heads = house.records.heads(tenant, [course])
        things = [course, *(Ref("run", key) for key in sorted(heads[course].runs))]
        pages = [house.dynamo.query(table, f"{tenant}#{thing.kind}#{thing.key}")["Items"] for thing in things]
        kept = [i for page in pages for i in page if not i["sk"]["S"].startswith("embedded_by") and "due_at" not in i]
        _KEPT[table, course] = kept
    return _KEPT[table, course]


def _renamed(item: Any, n: int) -> Any:
    return {**item, "pk": s(f"{item['pk']['S']}{MARK}{n}")}


def _documents(house: House, tenant: str, chosen: Sequence[tuple[Ref, int]]) -> None:
    """The documents of courses and runs, copied through the engine's bulk."""
    client: Any = house.index._client
    for start in range(0, len(chosen), PAGE):
        lines = [line for course, n in chosen[start : start + PAGE] for line in _lines(house, tenant, course, n)]
        if lines:
            answer = client.bulk(body=lines)
            if answer["errors"]:
                raise RuntimeError(f"the engine refused a copy: {str(answer['items'])[:500]}")


def _lines(house: House, tenant: str, course: Ref, n: int) -> Iterator[Any]:
    for alias, found in _sources(house, tenant, course):
        source = copy.copy(found)
        source["key_lower"] = f"{source['key_lower']}{MARK}{n}"
        name = f"{tenant}#{source['key_lower']}"
        yield {"index": {"_index": alias, "_id": name, "version": 1, "version_type": "external_gte"}}
        yield source


_SOURCES: dict[Ref, list[tuple[str, Any]]] = {}


def _sources(house: House, tenant: str, course: Ref) -> list[tuple[str, Any]]:
    if course not in _SOURCES:
        client: Any = house.index._client
        runs = sorted(house.records.heads(tenant, [course])[course].runs)
        wanted = [("course", course.key), *(("run", key) for key in runs)]
        found = []
        for kind, key in wanted:
            alias = house.indices.alias(kind)
            answer = client.get(index=alias, id=f"{tenant}#{key}")
            found.append((alias, answer["_source"]))
        _SOURCES[course] = found
    return _SOURCES[course]
