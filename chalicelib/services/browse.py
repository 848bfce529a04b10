"""Reading: one thing by its key or uuid, and lists of things."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.keys import InvalidKey, Ref, ref
from chalicelib.domain.reads import finish
from chalicelib.domain.reads.flags import Flags
from chalicelib.domain.reads.reader import Reader
from chalicelib.domain.store import Hits, ListQuery
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import Body
from chalicelib.services.ports import ReadIndex, ReadRecords
from chalicelib.services.wanted import Wanted, ordered

Finish = Callable[[Body, datetime, Reader, Flags], Body | None]

KEYED_BY_UUID = frozenset({"program", "person", "subject", "topic", "pathway"})
"""Kinds whose key is their uuid: no look-up is needed."""
STEP = 1_000
_UUID = re.compile(r"[0-9a-f]{32}")


class Fresh(Protocol):
    """Bodies as if they were overlaid from the records on the spot."""

    def bodies(self, tenant: Tenant, refs: Sequence[Ref]) -> Mapping[Ref, Body]:
        """The view bodies of those that exist. A kept view serves where its version matches the head."""


FINISH: Mapping[str, Finish] = {
    "course": finish.finish_course,
    "run": finish.finish_run,
    "organization": finish.finish_organization,
}
"""How a body becomes an answer. Programs differ: alone and in a list, and with their full courses at hand."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of a list, and how many things the whole list has."""

    results: list[Body]
    count: int


def resolve(tenant: Tenant, kind: str, text: str, *, records: ReadRecords) -> Ref | None:
    """What a key (in any case, a course also as ``Org/Number``) or a uuid names; None when it can name nothing."""
    uuid = uuid_of(text)
    if uuid is None:
        try:
            return ref(kind, text)
        except InvalidKey:
            return None
    return Ref(kind, uuid) if kind in KEYED_BY_UUID else records.look_up(tenant.code, kind, "uuid", uuid)


def uuid_of(text: str) -> str | None:
    """The usual spelling of a uuid, None for any other text."""
    plain = text.replace("-", "").lower()
    if not _UUID.fullmatch(plain):
        return None
    return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


def detail(
    tenant: Tenant,
    kind: str,
    key_or_uuid: str,
    *,
    records: ReadRecords,
    fresh: Fresh,
    now: datetime,
    reader: Reader,
    flags: Flags,
) -> Body | None:
    """One thing as this reader sees it now; None when there is none, or none for this request."""
    found = resolve(tenant, kind, key_or_uuid, records=records)
    body = fresh.bodies(tenant, [found]).get(found) if found else None
    if body is None:
        return None
    if kind == "program":
        courses = _full_courses(tenant, [body], fresh=fresh, flags=flags)
        return finish.finish_program(body, now, reader, flags, courses)
    return FINISH[kind](body, now, reader, flags)


def listing(
    tenant: Tenant,
    kind: str,
    wanted: Wanted,
    *,
    offset: int,
    limit: int,
    index: ReadIndex,
    fresh: Fresh,
    now: datetime,
    reader: Reader,
    flags: Flags,
) -> Listed:
    """A part of a list: the index says which, in which order and how many, the bodies are fresh.

    A thing that the index still has and the store does not is left out, so a page may be shorter than asked.
    """
    hits = page_of_keys(tenant, kind, wanted, offset=offset, limit=limit, index=index)
    refs = [Ref(kind, key) for key in hits.keys]
    found = fresh.bodies(tenant, refs) if refs else {}
    bodies = [found[r] for r in refs if r in found]
    shown = _finished(tenant, kind, bodies, fresh=fresh, now=now, reader=reader, flags=flags)
    return Listed([body for body in shown if body is not None], hits.count)


def page_of_keys(tenant: Tenant, kind: str, wanted: Wanted, *, offset: int, limit: int, index: ReadIndex) -> Hits:
    """The keys of a part of a list, and the count of all; raises Unavailable."""
    order = ordered(kind, wanted.order)
    return index.page(tenant.code, kind, ListQuery(wanted.terms, wanted.ranges, order, offset, limit))


def all_keys(tenant: Tenant, kind: str, wanted: Wanted, *, index: ReadIndex) -> list[str]:
    """The keys of a whole list, in its order."""
    keys: list[str] = []
    while True:
        hits = page_of_keys(tenant, kind, wanted, offset=len(keys), limit=STEP, index=index)
        keys.extend(hits.keys)
        if not hits.keys or len(keys) >= hits.count:
            return keys


def _finished(
    tenant: Tenant, kind: str, bodies: list[Body], *, fresh: Fresh, now: datetime, reader: Reader, flags: Flags
) -> Iterable[Body | None]:
    if kind != "program":
        return (FINISH[kind](body, now, reader, flags) for body in bodies)
    courses = _full_courses(tenant, bodies, fresh=fresh, flags=flags)
    return (finish.finish_minimal_program(body, now, reader, flags, courses) for body in bodies)


def _full_courses(tenant: Tenant, programs: Iterable[Body], *, fresh: Fresh, flags: Flags) -> Mapping[str, Body] | None:
    """The full bodies of the programs' courses by normal key, where the request wants them nested in full."""
    if not flags.use_full_course_serializer:
        return None
    refs = {ref("course", course["key"]) for program in programs for course in program.get("courses") or ()}
    return {found.key: body for found, body in fresh.bodies(tenant, sorted(refs)).items()} if refs else {}
