"""Finishing programs, whole or as list items, with the courses and curricula inside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.reads import fields, schedule
from chalicelib.domain.reads import program_offer as offer
from chalicelib.domain.reads.context import Context
from chalicelib.domain.reads.fields import Names, arrange
from chalicelib.domain.reads.reader import with_query
from chalicelib.domain.reads.runs import Timed, is_allowed, passes, show_run, timed
from chalicelib.domain.view import Body

Courses = Mapping[str, Body]
"""Full course bodies by the normal form of their key, for ``use_full_course_serializer``."""


def show_program(body: Body, ctx: Context, names: Names, full: Courses | None = None) -> Body:
    """A program as this reader sees it now, with the fields that ``names`` lists."""
    values = {
        **body,
        "courses": _courses(offer.ordered_courses(body), offer.excluded_runs(body), ctx, full),
        "curricula": [_curriculum(each, ctx) for each in body.get("curricula") or ()],
        "course_run_statuses": statuses(body, ctx),
        "is_program_eligible_for_one_click_purchase": offer.is_one_click(body, ctx.now),
    }
    if "price_ranges" in names:
        values["price_ranges"] = offer.price_ranges(body, ctx.now)
    return arrange(values, names)


def statuses(program: Body, ctx: Context) -> list[str]:
    """Statuses of all runs of all its courses, each once, sorted."""
    runs = [run for course in program.get("courses") or () for run in course.get("course_runs") or ()]
    return schedule.course_run_statuses((each for each in timed(runs) if is_allowed(each[0], ctx.flags)), ctx.now)


def _courses(courses: list[Body], excluded: frozenset[str], ctx: Context, full: Courses | None = None) -> list[Body]:
    shown = (_course(_full(course, full), excluded, ctx, full is not None) for course in courses)
    return [course for course in shown if course is not None]


def _full(course: Body, full: Courses | None) -> Body:
    return course if full is None else full.get(str(course["key"]).lower(), course)


def _course(course: Body, excluded: frozenset[str], ctx: Context, in_full: bool) -> Body | None:
    """A course inside a program; None when a run filter empties one whose runs are all over (3.4)."""
    runs = [each for each in timed(offer.kept_runs(course, excluded)) if is_allowed(each[0], ctx.flags)]
    shown = [each for each in runs if passes(*each, ctx)]
    if runs and not shown and all(schedule.has_ended(t, ctx.now) for _, t in runs):
        return None
    return course_in_program(course, runs, shown, ctx, in_full)


def course_in_program(course: Body, runs: list[Timed], shown: list[Timed], ctx: Context, in_full: bool) -> Body:
    """The course with these runs, minimal or in full; its own programs are never repeated inside a program."""
    run_names = fields.RUN if in_full else fields.MINIMAL_RUN
    values: dict[str, Any] = {
        **course,
        "course_runs": [show_run(run, t, ctx, run_names) for run, t in shown],
        "course_run_statuses": schedule.course_run_statuses(runs, ctx.now),
    }
    if not in_full:
        return arrange(values, fields.MINIMAL_COURSE)
    values["marketing_url"] = with_query(course.get("marketing_url"), ctx.utm)
    return arrange(values, fields.COURSE)


def _curriculum(curriculum: Body, ctx: Context) -> Body:
    excluded = offer.excluded_runs(curriculum)
    values = {
        **curriculum,
        "courses": _courses(curriculum.get("courses") or [], excluded, ctx),
        "programs": [show_program(p, ctx, fields.MINIMAL_PROGRAM) for p in curriculum.get("programs") or ()],
    }
    return arrange(values, fields.CURRICULUM)
