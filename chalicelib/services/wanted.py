"""What a list is asked for: the filters of the contract as terms and ranges over the index's fields.

In ``ListQuery`` a term's values are alternatives and ``None`` among them means "has no value"; a name with ``-`` before
it asks for things that have none of the values; a range with ``"missing": True`` also takes things without a value; no
value at all matches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.flags import Flags
from chalicelib.domain.instants import stamp
from chalicelib.domain.keys import InvalidKey, normal

EXECUTIVE_EDUCATION = ("executive-education-2u", "bootcamp-2u")
RESTRICTIONS = ("custom-b2b-enterprise", "custom-b2c")

RUN_STATUSES: Mapping[str, tuple[str, ...]] = {
    "in_review": ("review_by_legal", "review_by_internal"),
    "unsubmitted": ("unpublished",),
    "unpublished": ("unpublished", "archived"),
}
"""``course_run_statuses`` as asked, and as a course's document has them: there, unpublished and ended is archived."""

SORTABLE: Mapping[str, frozenset[str]] = {
    "course": frozenset({
        "key", "uuid", "title", "modified", "data_modified_timestamp", "enrollment_count", "recent_enrollment_count"
    }),
    "run": frozenset({"key", "start"}),
    "program": frozenset({"id", "uuid", "title", "status", "marketing_slug", "data_modified_timestamp"}),
    "organization": frozenset({"key"}),
}  # fmt: skip
DEFAULT_ORDER = {"course": "key", "run": "key", "program": "id", "organization": "key"}


@dataclass(slots=True)
class Wanted:
    """Filters of a list and its order."""

    terms: dict[str, Sequence[Any]] = field(default_factory=dict)
    ranges: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether no thing can match: then nobody needs to be asked."""
        return any(not values for values in self.terms.values())

    def any_of(self, name: str, values: Iterable[Any] | None) -> None:
        """One of these values; None means that the caller did not ask."""
        if values is not None:
            self.terms[name] = list(values)

    def since(self, name: str, at: int | None) -> None:
        """At or after an instant (ms)."""
        if at is not None:
            self.ranges[name] = {"gte": stamp(at)}

    def is_open(self, name: str, now: int) -> None:
        """A date that has not come yet, or none."""
        self.ranges[name] = {"gt": stamp(now), "missing": True}


def ordered(kind: str, names: Iterable[str] | None) -> tuple[str, ...]:
    """The order asked for (``-`` before a name: descending), without unknown names, ending in one that is unique."""
    known = [n for n in names or () if n.removeprefix("-") in SORTABLE[kind]]
    last = [] if any(n.removeprefix("-") == "key" for n in known) else ["key"]
    return tuple([*(known or [DEFAULT_ORDER[kind]]), *last]) if known or DEFAULT_ORDER[kind] != "key" else ("key",)


def normal_keys(kind: str, texts: Iterable[str] | None) -> list[str] | None:
    """Keys in their normal form; those that no thing can have match nothing."""
    if texts is None:
        return None
    found = []
    for text in texts:
        try:
            found.append(normal(kind, text))
        except InvalidKey:
            continue
    return list(dict.fromkeys(found))


def run_statuses(names: Iterable[str] | None) -> list[str] | None:
    """The statuses that these names and pseudo names stand for."""
    return None if names is None else sorted({s for n in names for s in RUN_STATUSES.get(n, (n,))})


def restrictions(flags: Flags) -> list[str | None]:
    """Restriction types a list shows: none, and those the request includes (unknown names are ignored, 1.6)."""
    return [None, *sorted(flags.include_restricted.intersection(RESTRICTIONS))]


def of_course_type(wanted: Wanted, slug: str | None) -> None:
    """A course type, or ``open-courses``: all but executive education and boot camps."""
    if slug == "open-courses":
        wanted.terms["-course_type"] = EXECUTIVE_EDUCATION
    elif slug:
        wanted.terms["course_type"] = [slug]


def marketable_program(wanted: Wanted, asked: bool | None) -> None:
    """``marketable``: status active and a marketing slug; false, like an absent one, filters nothing out."""
    if asked:
        wanted.terms["-marketing_slug"] = [None]
        said = wanted.terms.get("status")
        wanted.terms["status"] = ["active"] if said is None or "active" in said else []


def exactly(value: Any) -> list[Any] | None:
    """One value, or None when it was not asked for."""
    return None if value is None else [value]


def lowered(text: str | None) -> list[str] | None:
    """One text for fields that are kept in lower case, to be found in any."""
    return None if text is None else [text.lower()]
