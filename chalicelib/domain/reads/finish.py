"""Finish: what a read adds to a kept body: the time, the reader's rights and mark, the request's flags.

Every function takes (body, now, reader, flags) and makes a new object of it; the kept body is never changed.
``None`` as an answer is a 404: the thing is there, but not for this request.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.reads import fields, schedule
from chalicelib.domain.reads.context import Context, context
from chalicelib.domain.reads.fields import Names, arrange
from chalicelib.domain.reads.flags import Flags
from chalicelib.domain.reads.programs import Courses, show_program, statuses
from chalicelib.domain.reads.reader import Reader, with_query
from chalicelib.domain.reads.runs import Timed, is_allowed, is_sellable, of_course, show_run, timed
from chalicelib.domain.view import Body

PLAIN = Flags()
DELETED, RETIRED = "deleted", "retired"


def finish_course(body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN) -> Body | None:
    """CourseWithPrograms (3.2). None: its type is retired and the request did not ask for such."""
    if body.get("_type_retired") and not flags.include_retired_course_types:
        return None
    ctx = context(now, reader, flags)
    runs = timed(body.get("course_runs") or ())
    shown = of_course(runs, ctx)
    chosen = schedule.advertised(shown, ctx.now)
    return _selected(
        arrange(
            {
                **_course_values(body, runs, shown, ctx),
                "programs": _nested_programs(body, _course_statuses(flags), ()),
                "course_run_keys": [run["key"] for run, _ in shown],
                "editable": _may_edit(body, reader),
                "advertised_course_run_uuid": chosen["uuid"] if chosen else None,
            },
            fields.COURSE_WITH_PROGRAMS,
        ),
        ctx,
    )


def finish_catalog_course(
    body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN, archived_root: str | None = None
) -> Body | None:
    """CatalogCourse (2.3, 3.2): only runs that can be had now; None when there is none.

    ``archived_root``: base URL of the LMS, for a catalog that includes archived courses: there every allowed run is
    shown, and one that has ended links to its LMS page.
    """
    ctx = context(now, reader, flags)
    runs = timed(body.get("course_runs") or ())
    shown = [each for each in runs if is_allowed(each[0], flags) and (archived_root or is_sellable(*each, ctx))]
    values = _course_values(body, runs, shown, ctx)
    if archived_root:
        values["course_runs"] = [_archived(run, archived_root) for run in values["course_runs"]]
    return _selected(arrange(values, fields.COURSE), ctx) if shown else None


def finish_run(body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN) -> Body | None:
    """CourseRunWithPrograms (3.3). None: restricted, or of a retired type, and the request did not ask for such."""
    if not is_allowed(body, flags) or (body.get("_run_type_retired") and not flags.include_retired_run_types):
        return None
    ctx = context(now, reader, flags)
    programs = _nested_programs(body, _run_statuses(flags), body.get("_excluded_from_programs") or ())
    ((run, t),) = timed([{**body, "programs": programs}])
    return _selected(show_run(run, t, ctx, fields.RUN_WITH_PROGRAMS), ctx)


def finish_program(
    body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN, courses: Courses | None = None
) -> Body:
    """Program, as its detail shows it (3.4). ``courses``: full bodies for ``use_full_course_serializer``."""
    return _program(body, context(now, reader, flags), fields.PROGRAM, courses)


def finish_minimal_program(
    body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN, courses: Courses | None = None
) -> Body:
    """MinimalProgram, as lists show it; with ``extended`` two fields more."""
    names = fields.EXTENDED_PROGRAM if flags.extended else fields.MINIMAL_PROGRAM
    return _program(body, context(now, reader, flags), names, courses)


def finish_organization(body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN) -> Body:
    """Organization (3.1)."""
    return _selected(arrange(body, fields.ORGANIZATION), context(now, reader, flags))


def finish_person(body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN) -> Body:
    """Person (3.5)."""
    return _selected(arrange(body, fields.PERSON), context(now, reader, flags))


def finish_subject(body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN) -> Body:
    """Subject (2.8), in the reader's language where there is a translation."""
    return _selected(_translated(body, reader, fields.SUBJECT), context(now, reader, flags))


def finish_topic(body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN) -> Body:
    """Topic (2.8), in the reader's language where there is a translation."""
    return _selected(_translated(body, reader, fields.TOPIC), context(now, reader, flags))


def finish_pathway(body: Body, now: datetime, reader: Reader, flags: Flags = PLAIN) -> Body:
    """Pathway (2.8) with its programs as list items."""
    ctx = context(now, reader, flags)
    programs = body.get("programs") or []
    values = {
        **body,
        "programs": [show_program(each, ctx, fields.MINIMAL_PROGRAM) for each in programs],
        "course_run_statuses": sorted({s for each in programs for s in statuses(each, ctx)}),
    }
    return _selected(arrange(values, fields.PATHWAY), ctx)


def _program(body: Body, ctx: Context, names: Names, courses: Courses | None) -> Body:
    full = (courses or {}) if ctx.flags.use_full_course_serializer else None
    return _selected(show_program(body, ctx, names, full), ctx)


def _course_values(body: Body, runs: list[Timed], shown: list[Timed], ctx: Context) -> Body:
    return {
        **body,
        "marketing_url": with_query(body.get("marketing_url"), ctx.utm),
        "course_runs": [show_run(run, t, ctx, fields.RUN) for run, t in shown],
        "course_run_statuses": schedule.course_run_statuses(
            (each for each in runs if is_allowed(each[0], ctx.flags)), ctx.now
        ),
    }


def _archived(run: Body, root: str) -> Body:
    if run["availability"] != "Archived":
        return run
    return {**run, "marketing_url": f"{root.rstrip('/')}/courses/{run['key']}/course/"}


def _nested_programs(body: Body, hidden: frozenset[str], excluding: list[str] | tuple[str, ...]) -> list[Body]:
    return [
        arrange(program, fields.NESTED_PROGRAM)
        for program in body.get("programs") or ()
        if program.get("_status") not in hidden and program["uuid"] not in excluding
    ]


def _course_statuses(flags: Flags) -> frozenset[str]:
    """Statuses of programs that a course leaves out: by default only deleted ones (2.2)."""
    return frozenset() if flags.include_deleted_programs else frozenset({DELETED})


def _run_statuses(flags: Flags) -> frozenset[str]:
    """Statuses of programs that a run leaves out: unpublished and retired ones too (3.3)."""
    asked = {
        DELETED: flags.include_deleted_programs,
        schedule.UNPUBLISHED: flags.include_unpublished_programs,
        RETIRED: flags.include_retired_programs,
    }
    return frozenset(status for status, included in asked.items() if not included)


def _may_edit(body: Body, reader: Reader) -> bool:
    return reader.is_staff or any(str(owner["key"]).lower() in reader.edits for owner in body.get("owners") or ())


def _translated(body: Body, reader: Reader, names: Names) -> Body:
    translation = (body.get("_translations") or {}).get(reader.language) or {}
    return arrange({**body, **translation}, names)


def _selected(body: Body, ctx: Context) -> Body:
    return body if ctx.selection is None else ctx.selection.of(body)
