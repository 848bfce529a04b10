"""How the Programs service puts it: an XSeries with its course codes and run modes."""

from __future__ import annotations

from typing import Any

from campus.facts import Course, Program, Run
from campus.shapes.wire import iso

SIZES = ("w1440h480", "w726h242", "w435h145", "w348h116")


def program(root: str, program: Program, courses: list[Course], names: dict[str, str]) -> dict[str, Any]:
    """An element of the programs list."""
    return {
        "id": program.index + 1,
        "uuid": program.uuid,
        "name": program.name,
        "subtitle": program.subtitle,
        "category": "xseries",
        "status": program.status,
        "marketing_slug": program.slug,
        "organizations": [_organization(program.org, names)],
        "course_codes": [_code(course, names) for course in courses],
        "banner_image_urls": {size: f"{root}/asset/{program.uuid}/{size}.png" for size in SIZES}
        if program.has_banner
        else {},
        "created": iso(program.created),
        "modified": iso(program.modified),
    }


def listed_runs(course: Course) -> list[Run]:
    """The runs that count towards a program: with a verified seat, and the very first one only if there are few."""
    paid = [run for run in course.runs if not run.retired and _verified(run)]
    return paid if len(paid) <= 2 else paid[1:]


def _code(course: Course, names: dict[str, str]) -> dict[str, Any]:
    return {
        "display_name": course.title,
        "key": course.number,
        "organization": _organization(course.org, names),
        "run_modes": [_mode(run) for run in listed_runs(course)],
    }


def _mode(run: Run) -> dict[str, Any]:
    return {
        "course_key": run.key,
        "mode_slug": "verified",
        "sku": next(seat.sku for seat in run.seats if seat.type == "verified" and not seat.mobile),
        "start_date": iso(run.start),
        "run_key": run.key.replace("/", "+").rsplit("+", 1)[1],
    }


def _organization(short: str, names: dict[str, str]) -> dict[str, Any]:
    return {"display_name": names[short], "key": short}


def _verified(run: Run) -> bool:
    return any(seat.type == "verified" and not seat.mobile for seat in run.seats)
