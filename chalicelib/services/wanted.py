"""What a list is asked for: the filters of the contract as terms and ranges over the index's fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.keys import InvalidKey, normal
from chalicelib.domain.reads.flags import Flags
from chalicelib.domain.reads.instants import stamp

RESTRICTIONS = ("custom-b2b-enterprise", "custom-b2c")
UNRESTRICTED = "none"
"""What a run's document says where nobody is kept out."""

SORTABLE: Mapping[str, frozenset[str]] = {
    "course": frozenset({"key", "uuid", "title", "modified", "data_modified_timestamp"}),
    "run": frozenset({"start"}),
    "program": frozenset({"id", "uuid", "title", "status", "marketing_slug", "data_modified_timestamp"}),
    "organization": frozenset(),
}
"""What ``ordering`` may name (course-discovery 2.2, 2.4, 2.6); other names are ignored."""
DEFAULT_ORDER = {"course": "key", "run": "key", "program": "id", "organization": "key"}


@dataclass(slots=True)
class Wanted:
    """Filters of a list and its order. A filter that allows no value at all matches nothing."""

    terms: dict[str, Sequence[Any]] = field(default_factory=dict)
    ranges: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def any_of(self, name: str, values: Iterable[Any] | None) -> None:
        """One of these values; None means that the caller did not ask."""
        if values is not None:
            self.terms[name] = list(values)

    def exactly(self, name: str, value: Any) -> None:
        """This value; None means that the caller did not ask."""
        if value is not None:
            self.terms[name] = [value]

    def must(self, name: str, asked: bool | None) -> None:
        """A flag that must be set; false, like an absent one, filters nothing out."""
        if asked:
            self.terms[name] = [True]

    def since(self, name: str, at: int | None) -> None:
        """At or after an instant (ms)."""
        if at is not None:
            self.ranges[name] = {"gte": stamp(at)}


def ordered(kind: str, names: Iterable[str]) -> tuple[str, ...]:
    """The order asked for (``-`` before a name: descending) without unknown names, or the kind's own."""
    known = tuple(name for name in names if name.removeprefix("-") in SORTABLE[kind])
    return known or (DEFAULT_ORDER[kind],)


def normal_keys(kind: str, texts: Iterable[str] | None) -> list[str] | None:
    """Keys in their normal form; one that no thing can have matches nothing."""
    if texts is None:
        return None
    found = []
    for text in texts:
        try:
            found.append(normal(kind, text))
        except InvalidKey:
            continue
    return list(dict.fromkeys(found))


def restrictions(flags: Flags) -> list[str]:
    """What the runs of a list may say of restrictions: none, or a type the request includes (1.7)."""
    return [UNRESTRICTED, *sorted(flags.include_restricted.intersection(RESTRICTIONS))]


def of_course_type(wanted: Wanted, slug: str | None) -> None:
    """A course type, or ``open-courses``: all but executive education and boot camps."""
    if slug == "open-courses":
        wanted.must("open_course", True)
    else:
        wanted.exactly("course_type", slug)
