"""Records, heads and aggregates: what is kept of each thing, exactly as its sources said it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.keys import Ref

PRESENT, SUSPECT, GONE = "present", "suspect", "gone"


def digest_of(payload: Any) -> str:
    """A hash of a payload's sorted form: two reads say the same if and only if theirs are equal."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Record:
    """One source's answer about one thing, no field dropped, renamed or reformatted.

    ``thing`` is the source's noun (otto's ``course``, drupal's ``school``), ``version`` that of the payload's shape.
    """

    source: str
    thing: str
    version: int
    payload: Any
    ticket: int = 0
    read_at: int = 0
    digest: str = ""

    @property
    def name(self) -> str:
        """The record's name inside its aggregate: ``source#thing``."""
        return f"{self.source}#{self.thing}"


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of the last read of one record: its ticket, when (ms), what it hashed to, whether it was there."""

    ticket: int
    read_at: int
    digest: str = ""
    version: int = 1
    state: str = PRESENT
    missed_at: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """The one item per aggregate that orders everything: revision, marks per record, links of a course.

    ``lock`` counts writes of the head (optimistic concurrency); ``revision`` moves only when a view may change.
    ``runs`` and ``programs`` are kept on a course's head: keys (normal form) of its runs and of programs that list it.
    """

    revision: int = 0
    lock: int = 0
    marks: Mapping[str, Mark] = field(default_factory=dict)
    runs: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()
    course: str = ""

    @property
    def exists(self) -> bool:
        """Whether any source ever said anything of it (links alone make no thing)."""
        return bool(self.runs) or any(mark.digest for mark in self.marks.values())


@dataclass(frozen=True, slots=True)
class Aggregate:
    """All records of one tenant + kind + key, with its head."""

    ref: Ref
    head: Head = field(default_factory=Head)
    records: tuple[Record, ...] = ()

    def record(self, name: str) -> Record | None:
        """The record called ``source#thing``, if there is one."""
        return next((r for r in self.records if r.name == name), None)

    def is_gone(self, name: str) -> bool:
        """Whether the source said twice that this record's thing is no more."""
        mark = self.head.marks.get(name)
        return mark is not None and mark.state == GONE


def next_revision(previous: int, now_ms: int) -> int:
    """max(previous + 1, now): grows even when clocks run backwards."""
    return max(previous + 1, now_ms)
