"""Which course type and which run types fit what is sold: the tracks of a run type are exactly the run's seats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.merging.seeds import EMPTY
from chalicelib.domain.merging.vocabularies import Item, named

NOTHING: Item = {"uuid": None, "slug": EMPTY, "name": "Empty", "is_marketable": False, "tracks": [], "retired": False}


@dataclass(frozen=True, slots=True)
class Sold:
    """What is known of a run when types are matched: the run type it was given, if any, and its seats' types."""

    given: str | None
    seats: frozenset[str]


def course_type(vocabulary: Mapping[str, Any], given: Any, modes: Iterable[str], runs: Sequence[Sold]) -> Item:
    """The course's type: the one given, else the earliest in which everything sold fits, else ``empty``.

    A course without entitlements passes their test; a run whose given type is not in the candidate's list rules it out
    (course-discovery 5.3, 6.3).
    """
    items = vocabulary["items"]
    empty = named(items, EMPTY) or NOTHING
    if found := named(items, given):
        return found
    wanted = frozenset(modes)
    fitting = (i for i in items if i["slug"] != EMPTY and _fits(vocabulary, i, wanted, runs))
    return next(fitting, empty) if runs else empty


def run_type(vocabulary: Mapping[str, Any], of_course: Item, run: Sold) -> Item:
    """The run's type: the one given, else the one whose tracks are its seats (the course's own first), or ``empty``."""
    known = vocabulary["run_types"]
    if found := named(known, run.given):
        return found
    allowed = of_course.get("course_run_types", [])
    ranked = sorted(known, key=lambda item: item["slug"] not in allowed)
    fitting = (item for item in ranked if run.seats and _seats(item) == run.seats)
    return next(fitting, named(known, EMPTY) or NOTHING)


def _fits(vocabulary: Mapping[str, Any], item: Item, modes: frozenset[str], runs: Sequence[Sold]) -> bool:
    if modes and modes != frozenset(item["entitlement_types"]):
        return False
    allowed = [t for slug in item["course_run_types"] if (t := named(vocabulary["run_types"], slug))]
    return all(_run_fits(vocabulary, allowed, run) for run in runs)


def _run_fits(vocabulary: Mapping[str, Any], allowed: Sequence[Item], run: Sold) -> bool:
    if given := named(vocabulary["run_types"], run.given):
        return any(item["slug"] == given["slug"] for item in allowed)
    return any(run.seats and _seats(item) == run.seats for item in allowed)


def _seats(item: Item) -> frozenset[str]:
    # A masters track has a mode and no seat type: nothing of it is sold.
    return frozenset(item["tracks"]) - {"masters"}
