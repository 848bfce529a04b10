"""Finishing runs: their time-dependent values, and which of them a reader is shown."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.reads import schedule
from chalicelib.domain.reads.context import Context
from chalicelib.domain.reads.fields import Names, arrange
from chalicelib.domain.reads.flags import Flags
from chalicelib.domain.reads.reader import with_query
from chalicelib.domain.reads.schedule import Run, Times, times_of
from chalicelib.domain.view import Body

Timed = tuple[Run, Times]


def timed(runs: Iterable[Run]) -> list[Timed]:
    """Each run with its dates, read once."""
    return [(run, times_of(run)) for run in runs]


def show_run(run: Run, t: Times, ctx: Context, names: Names) -> Body:
    """A run as this reader sees it now; the kept one stays as it is."""
    return arrange(
        {
            **run,
            "marketing_url": with_query(run.get("marketing_url"), ctx.utm),
            "is_enrollable": schedule.is_enrollable(t, ctx.now),
            "is_marketable_external": schedule.is_marketable_external(run, t, ctx.now),
            "availability": schedule.availability(t, ctx.now),
        },
        names,
    )


def is_allowed(run: Run, flags: Flags) -> bool:
    """Whether the reader may know of this run at all: a restricted one wants its type named (1.7)."""
    return not run.get("_restricted") or run.get("restriction_type") in flags.include_restricted


def of_course(runs: Iterable[Timed], ctx: Context) -> list[Timed]:
    """The runs a course shows: allowed, not hidden unless asked for, and passing the filters of 2.2."""
    allowed = [each for each in runs if is_allowed(each[0], ctx.flags)]
    if ctx.flags.searched:
        return allowed
    if not ctx.flags.include_hidden_course_runs:
        allowed = [each for each in allowed if not schedule.is_hidden(each[0])]
    return [each for each in allowed if passes(*each, ctx)]


def passes(run: Run, t: Times, ctx: Context) -> bool:
    """The run filters that a request may set."""
    flags, now, marketable = ctx.flags, ctx.now, schedule.is_marketable(run)
    if flags.marketable_course_runs_only and not (marketable and schedule.is_open_ended(t, now)):
        return False
    if flags.marketable_enrollable_course_runs_with_archived and not (marketable and schedule.is_enrollable(t, now)):
        return False
    return not flags.published_course_runs_only or run.get("status") == schedule.PUBLISHED


def is_sellable(run: Run, t: Times, ctx: Context) -> bool:
    """What a catalog shows of a course: runs that are enrollable, marketable and not ended (2.3)."""
    return schedule.is_active(run, t, ctx.now)
