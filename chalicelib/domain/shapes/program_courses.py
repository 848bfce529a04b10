"""What a program takes from its courses: their short form, subjects, people, weeks and prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.domain.reads.fields import MINIMAL_COURSE, arrange
from chalicelib.domain.shapes.organization import minimal as minimal_organization
from chalicelib.domain.shapes.run import minimal as minimal_run
from chalicelib.domain.view import Body


def minimal_course(body: Body) -> Body:
    """MinimalCourse of a Course (course-discovery 3.2), with private helper values; its ``url_slug`` is always null."""
    return {
        **arrange(body, MINIMAL_COURSE),
        "course_runs": [_of_no_program(minimal_run(run)) for run in body["course_runs"]],
        "owners": [minimal_organization(owner) for owner in body["owners"]],
        "url_slug": None,
        "_canonical_course_run_key": body["canonical_course_run_key"],
        "_type_retired": body["_type_retired"],
        "_id": body["_id"],
    }


def _of_no_program(run: Body) -> Body:
    """A run without what its course knows from programs: a touch goes one hop and would not bring it up to date."""
    return {name: value for name, value in run.items() if name != "_excluded_from_programs"}


def canonical_runs(courses: Sequence[Body]) -> list[Body]:
    """The canonical run of each course, in the courses' order."""
    return [r for body in courses for r in body["course_runs"] if r["key"] == body["canonical_course_run_key"]]


def weeks_range(runs: Sequence[Body]) -> tuple[int | None, int | None]:
    """The least and the most weeks that one of the courses takes."""
    weeks = [run["weeks_to_complete"] for run in runs if run["weeks_to_complete"] is not None]
    return min(weeks, default=None), max(weeks, default=None)


def ordered_subjects(courses: Sequence[Body]) -> list[Body]:
    """The most common primary subject first, then all others by how many courses have them (5.10); ties as met."""
    primary = Counter(body["subjects"][0]["uuid"] for body in courses if body["subjects"])
    every = Counter(subject["uuid"] for body in courses for subject in body["subjects"])
    by_uuid = {subject["uuid"]: subject for body in courses for subject in body["subjects"]}
    met = list(by_uuid)
    first = max(primary, key=lambda uuid: (primary[uuid], -met.index(uuid)), default=None)
    rest = sorted(met, key=lambda uuid: (uuid != first, -every[uuid], met.index(uuid)))
    return [by_uuid[uuid] for uuid in rest]


def union(things: Iterable[Any]) -> list[Any]:
    """Each once, in the order met; people and skills are told apart by uuid or name."""
    return list({str(t.get("uuid") or t.get("name")): t for t in things}.values())


def lined_up(people: Sequence[Body], order: Sequence[str]) -> list[Body]:
    """People in the order an operator gave, the others after them as met."""
    place = {uuid.lower(): number for number, uuid in enumerate(order)}
    return sorted(people, key=lambda body: place.get(body["uuid"], len(place)))


def price_parts(courses: Sequence[Body], applicable: Sequence[str]) -> list[dict[str, Any]]:
    """Per currency the least and the highest price of canonical runs' seats and of entitlements, of applicable types.

    ``total`` depends on which run is open now: finish adds it (5.6).
    """
    sold = [s for run in canonical_runs(courses) for s in run["seats"] if s["type"] in applicable]
    sold += [e for body in courses for e in body["entitlements"] if e["mode"] in applicable]
    prices: dict[str, list[Decimal]] = {}
    for item in sold:
        prices.setdefault(item["currency"], []).append(Decimal(item["price"]))
    return [
        {"currency": currency, "min": float(min(found)), "max": float(max(found))}
        for currency, found in sorted(prices.items())
    ]
