"""A whole course, put together from its outline: keys, dates, texts, seats and pages."""

from __future__ import annotations

from campus import dice
from campus.facts import Course, Run
from campus.generate import calendar, identity, nodes, seats
from campus.generate.calendar import Dates
from campus.generate.sketch import sketch
from campus.spec import Spec


def build(spec: Spec, i: int) -> Course:
    """Course i as it was before any edit."""
    org, number = identity.identity(spec, i)
    schedule = calendar.dates(spec, i)
    return Course(
        index=i,
        org=org,
        number=number,
        title=nodes.title(spec, i),
        topic=identity.topic(spec, i)[1],
        entitlement=seats.entitlement(spec, i),
        runs=tuple(run(spec, i, n, when, latest=n == len(schedule) - 1) for n, when in enumerate(schedule)),
    )


def run_key(spec: Spec, i: int, ordinal: int, name: str) -> str:
    """The key of a run; the oldest run of some courses still has the old form with slashes."""
    org, number = identity.identity(spec, i)
    if ordinal == 0 and sketch(spec, i).legacy:
        return f"{org}/{number}/{name}"
    return f"course-v1:{org}+{number}+{name}"


def run(spec: Spec, i: int, ordinal: int, when: Dates, latest: bool) -> Run:
    """Run `ordinal` of course i."""
    outline = sketch(spec, i)
    key = run_key(spec, i, ordinal, when.name)
    chance = dice.units(spec.space("run", key))
    hours = 2 + int(chance[0] * 8)
    return Run(
        key=key,
        ordinal=ordinal,
        name=nodes.title(spec, i),
        start=when.start,
        end=when.end,
        enrollment_start=when.enrollment_start,
        enrollment_end=when.enrollment_end,
        pacing="self" if dice.unit(spec.space("pacing", i)) < 0.6 else "instructor",
        hidden=chance[1] < 0.04,
        invitation_only=chance[2] < 0.05,
        mobile=None if chance[3] < 0.05 else chance[3] < 0.75,
        visible=outline.invisible != ordinal,
        retired=False,
        short_description=nodes.blurb(spec, i) if chance[4] > 0.1 else "",
        overview=nodes.html(spec, i) or "",
        effort=f"{hours} hours/week" if chance[5] > 0.2 else None,
        video=f"http://www.youtube.com/watch?v={dice.digest(key, size=6).hex()[:11]}" if chance[6] < 0.5 else None,
        has_image=chance[7] > 0.05,
        seats=seats.seats(spec, i, key, when.end, latest),
        node=nodes.node(spec, i, ordinal, key, when) if ordinal >= outline.runs - outline.pages else None,
    )


def new_run(spec: Spec, course: Course) -> Run:
    """The run that follows the last one: same texts, a term of its own, seats and a page."""
    last = course.runs[-1]
    name = last.key.replace("/", "+").rsplit("+", 1)[1]
    when = calendar.next_dates(Dates(name, last.start, last.end, None, None, 8), spec.now)
    return run(spec, course.index, len(course.runs), when, latest=True)
