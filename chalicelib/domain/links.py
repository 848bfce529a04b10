"""Links: which course a run belongs to, and which courses a program lists, as its records say."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.keys import InvalidKey, Ref, course_of, ref
from chalicelib.domain.minting import says
from chalicelib.domain.record import Record

COURSE_SAYERS = ("registry#edited", "registry#minted")
"""Who may say which course a run belongs to, in order; else its key says it."""


def course_of_run(run: Ref, records: Sequence[Record]) -> Ref:
    """The course of a run: what the registry says, else what its key says."""
    by_name = {record.name: record for record in records}
    for name in COURSE_SAYERS:
        if name in by_name and (course := says("run", [by_name[name]], "course")):
            return ref("course", str(course))
    return course_of(run.key)


def courses_of_program(records: Sequence[Record]) -> frozenset[Ref]:
    """The courses that any record of a program lists; keys that nobody can read are left out."""
    listed = [key for record in records for key in says("program", [record], "courses") or ()]
    return frozenset(found for key in listed if (found := _course(str(key))) is not None)


def _course(key: str) -> Ref | None:
    try:
        return ref("course", key)
    except InvalidKey:
        return None


def depth(kind: str) -> int:
    """How deep a kind shows others: what shows whole bodies of others is made after them."""
    return {"program": 1, "pathway": 2}.get(kind, 0)
