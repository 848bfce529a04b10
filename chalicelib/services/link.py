"""Links: a changed run raises its course and leaves its former one, a program is noted at each course it lists."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.keys import Ref
from chalicelib.domain.links import course_of_run, courses_of_program
from chalicelib.services.plan import Draft, Plan

LINKS_AT_ONCE = 80
"""Courses that a program is linked with in one transaction, which holds a hundred items."""


def ends(draft: Draft) -> frozenset[Ref]:
    """The courses whose heads a changed thing writes, too: of a run its course and the one it was in before."""
    if draft.ref.kind == "run":
        before = {Ref("course", draft.head.course)} if draft.head.course else set()
        return frozenset({_course(draft), *before})
    if draft.ref.kind == "program":
        return frozenset(Ref("course", key) for key in draft.head.programs ^ _listed(draft))
    return frozenset()


def link(plan: Plan, draft: Draft) -> None:
    """Let a changed thing's links follow what its records say now; both ends of a link are written together."""
    if draft.ref.kind == "run":
        _link_run(plan, draft)
    elif draft.ref.kind == "program":
        _link_program(plan, draft)


def _course(run: Draft) -> Ref:
    return course_of_run(run.ref, tuple(run.records.values()))


def _listed(program: Draft) -> frozenset[str]:
    return frozenset(c.key for c in courses_of_program(tuple(program.records.values())))


def _link_run(plan: Plan, run: Draft) -> None:
    course, before = _course(run), run.head.course
    if before and before != course.key:
        old = plan.draft(Ref("course", before))
        old.head = replace(old.head, runs=old.head.runs - {run.ref.key})
        old.changed = True
        plan.tie(run, old)
    run.head = replace(run.head, course=course.key)
    target = plan.draft(course)
    target.head = replace(target.head, runs=target.head.runs | {run.ref.key})
    target.changed = True
    plan.tie(run, target)


def _link_program(plan: Plan, program: Draft) -> None:
    """Also courses that nobody has told of yet are linked. Of more links than fit, the last come with its records."""
    before, after = program.head.programs, _listed(program)
    moved = sorted(before ^ after)
    if len(moved) > LINKS_AT_ONCE:
        moved = moved[:LINKS_AT_ONCE]
        program.leave_for_later(program.seen)
    program.head = replace(program.head, programs=before ^ frozenset(moved))
    for key in moved:
        course = plan.draft(Ref("course", key))
        others = course.head.programs - {program.ref.key}
        course.head = replace(course.head, programs=others | ({program.ref.key} if key in after else set()))
        course.changed = True
        plan.tie(program, course)
