"""Which course a run belongs to, which courses a program lists, and what the registry mints for a thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.keys import InvalidKey, Ref, course_of, parse_run_key, ref
from chalicelib.domain.merge import Merged, merged
from chalicelib.domain.pointers import pointers
from chalicelib.domain.record import Aggregate, Record
from chalicelib.domain.values import run_slug, slugify


def course_of_run(records: Iterable[Record]) -> Ref:
    """The course that operators or the registry put a run in, else the one its key names.

    Raises InvalidKey when no record names a run.
    """
    said = _said("run", records)
    if named := said.get("course"):
        try:
            return ref("course", str(named))
        except InvalidKey:
            pass
    return course_of(str(said.get("key", "")))


def courses_of_program(records: Iterable[Record]) -> frozenset[Ref]:
    """The courses a program lists."""
    return frozenset(pointers(_said("program", records).get("courses"), "course"))


def minted(kind: str, spelling: str, says: Mapping[str, Any], uuid: str, number: int | None) -> dict[str, Any]:
    """What the registry writes once about a thing: identity, its key's first spelling, and a slug to start with.

    ``says`` are canonical fields of the record seen first; for a course its own or those of one of its runs
    (``course.x``). A run also keeps the course it belongs to.
    """
    slug = _slug(kind, spelling, says)
    payload = {"uuid": uuid, "id": number, "key": spelling, "slug": slug, "slugs": [slug] if slug else []}
    return payload | ({"course": parse_run_key(spelling).course_key} if kind == "run" else {})


def reslug(payload: Mapping[str, Any], slug: str) -> dict[str, Any]:
    """The same with another active slug; the history keeps every slug it ever had, the active one first."""
    history = dict.fromkeys([slug, *payload.get("slugs", ())])
    return {**payload, "slug": slug, "slugs": list(history)}


def _slug(kind: str, spelling: str, says: Mapping[str, Any]) -> str | None:
    told = {name.removeprefix("course."): value for name, value in says.items() if name.startswith("course.")}
    own = {**says, **told} if kind == "course" else says
    title = str(own.get("title") or own.get("name") or "")
    if kind == "run":
        return run_slug(title, spelling)
    return own.get("slug") or slugify(title) or slugify(spelling) or None


def _said(kind: str, records: Iterable[Record]) -> Merged:
    return merged(Aggregate(Ref(kind, ""), records=tuple(records)), False)
