"""When the runs of a course take place, and what they are called."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from campus import dice
from campus.generate import identity
from campus.generate.sketch import sketch
from campus.spec import Spec

# Longer than any trimester, so that two runs of a course never fall into the same one.
TERM = timedelta(days=126)


@dataclass(frozen=True, slots=True)
class Dates:
    """One run's schedule."""

    name: str
    start: datetime | None
    end: datetime | None
    enrollment_start: datetime | None
    enrollment_end: datetime | None
    weeks: int


def term(day: datetime) -> str:
    """The trimester a day falls into, as runs are named."""
    return f"{(day.month - 1) // 4 + 1}T{day.year}"


def dates(spec: Spec, i: int) -> list[Dates]:
    """The runs of course i, oldest first; a borrowed course runs in the lender's terms, a little later."""
    owning, j = identity.owner(spec, i)
    draw = dice.rng(owning.space("calendar", j))
    outline = sketch(spec, i)
    weeks, gap = draw.randint(4, 14), draw.choice((1, 1, 1, 2, 3))
    latest = _latest(owning.now, outline.state, weeks, draw)
    starts = [latest - TERM * gap * back for back in range(outline.runs - 1, -1, -1)]
    delay = timedelta(days=3) if owning is not spec else timedelta(0)
    made = [_schedule(start, delay, weeks, draw) for start in starts]
    made[-1] = _last(made[-1], outline.state)
    return made


def next_dates(after: Dates, now: datetime, weeks: int = 8) -> Dates:
    """A new run in the first free term after the last one."""
    start = max(after.start or now, now) + TERM
    while term(start) == after.name.rstrip("abcdef"):
        start += TERM
    return Dates(term(start), start, start + timedelta(weeks=weeks), now, None, weeks)


def _latest(now: datetime, state: str, weeks: int, draw: random.Random) -> datetime:
    days = {
        "ended": lambda: -weeks * 7 - draw.randint(20, 500),
        "current": lambda: -draw.randint(3, max(4, weeks * 7 - 5)),
        "soon": lambda: draw.randint(4, 55),
        "upcoming": lambda: draw.randint(65, 240),
        "open": lambda: -draw.randint(30, 400),
        "undated": lambda: draw.randint(80, 200),
    }[state]()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days, hours=draw.choice((0, 0, 5, 16)))


def _schedule(start: datetime, delay: timedelta, weeks: int, draw: random.Random) -> Dates:
    begins, ends = start + delay, start + delay + timedelta(weeks=weeks)
    opens = begins - timedelta(days=draw.randint(60, 120)) if draw.random() < 0.7 else None
    chance = draw.random()
    closes = ends if chance < 0.25 else begins + timedelta(days=14) if chance < 0.4 else None
    return Dates(term(start), begins, ends, opens, closes, weeks)


def _last(run: Dates, state: str) -> Dates:
    """The youngest run may have no end, or no dates at all."""
    if state == "open":
        return Dates(run.name, run.start, None, run.enrollment_start, None, run.weeks)
    if state == "undated":
        return Dates(run.name, None, None, None, None, run.weeks)
    return run
