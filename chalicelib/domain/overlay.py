"""The overlay: what the records of a thing, and of all it shows, come to for readers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.domain.keys import Ref
from chalicelib.domain.merging.merge import Merged, exists, merged
from chalicelib.domain.merging.pointers import Things
from chalicelib.domain.merging.shown import embeds, shown
from chalicelib.domain.reads import fields
from chalicelib.domain.record import Aggregate
from chalicelib.domain.search.document import documents, valid_until
from chalicelib.domain.shapes.course import course_bodies, gathered
from chalicelib.domain.shapes.organization import organization
from chalicelib.domain.shapes.person import person
from chalicelib.domain.shapes.plain import in_order
from chalicelib.domain.shapes.program import excludes, nested, program, said_of
from chalicelib.domain.shapes.small import pathway_body, subject_body, topic_body
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import Body, View, Wants

Bodies = dict[Ref, Body]
Winners = dict[str, str]
Rendered = tuple[Bodies, Winners]


def wants(tenant: Tenant, ref: Ref, things: Things, bodies: Mapping[Ref, Body]) -> Wants:
    """What is still missing to overlay ``ref``: asked until it is empty, never twice for the same thing.

    A thing that does not exist is given as an empty aggregate, a body that does not exist as ``{}``.
    """
    if ref not in things:
        return Wants(frozenset({ref}))
    found = shown(tenant, things[ref], things)
    return Wants(found.aggregates - things.keys(), found.bodies - bodies.keys())


def overlay(tenant: Tenant, ref: Ref, things: Things, bodies: Mapping[Ref, Body], now_ms: int) -> View | None:
    """The view of ``ref``; None when no source ever said anything of it, or when its kind has no view."""
    render = RENDER.get(ref.kind)
    rendered = render(tenant, things[ref], things, bodies) if render and ref in things else None
    if rendered is None:
        return None
    made, winners = rendered
    through = embeds(things[ref], shown(tenant, things[ref], things), bodies)
    made[ref]["_embeds"] = sorted(map(str, through))
    return View(ref, made, documents(ref, made, now_ms), through, valid_until(ref, made, now_ms), winners)


def _course(tenant: Tenant, thing: Aggregate, things: Things, bodies: Mapping[Ref, Body]) -> Rendered | None:
    course = gathered(tenant, thing, things)
    if not (course.runs or exists(thing)):
        return None
    body, runs = course_bodies(tenant, course, things)
    known = [things[r] for key in sorted(thing.head.programs) if (r := Ref("program", key)) in things]
    programs = {p.ref: p for p in known if exists(p)}
    nesting = {ref: nested(tenant, p, things) for ref, p in programs.items()}
    told = {ref: said_of(tenant, p, things) for ref, p in programs.items()}
    for run in runs:
        excluded = [nesting[ref]["uuid"] for ref, said in told.items() if excludes(said, run.key)]
        runs[run]["_excluded_from_programs"] = excluded
    whole_runs = {run: {**made, "programs": list(nesting.values())} for run, made in runs.items()}
    body["programs"] = list(nesting.values())
    winners = _winners(course.said) | {
        f"{run.ref} {name}": winner for run in course.runs for name, winner in _winners(run.said).items()
    }
    return {thing.ref: in_order(fields.COURSE_WITH_PROGRAMS, body), **whole_runs}, winners


def _program(tenant: Tenant, thing: Aggregate, things: Things, bodies: Mapping[Ref, Body]) -> Rendered | None:
    if not exists(thing):
        return None
    return {thing.ref: program(tenant, thing, things, bodies)}, _winners(said_of(tenant, thing, things))


def _simply(make: Callable[[Tenant, Aggregate, Things, Mapping[Ref, Body]], Body]) -> Render:
    """The renderer of a thing that is one body made of its own records and what it shows."""

    def render(tenant: Tenant, thing: Aggregate, things: Things, bodies: Mapping[Ref, Body]) -> Rendered | None:
        if not exists(thing):
            return None
        return {thing.ref: make(tenant, thing, things, bodies)}, _winners(merged(thing, tenant.publisher))

    return render


def _winners(said: Merged) -> Winners:
    return {name: winner for name, winner in said.winners.items() if not name.startswith("course.")}


Render = Callable[[Tenant, Aggregate, Things, Mapping[Ref, Body]], Rendered | None]
RENDER: Mapping[str, Render] = {
    "course": _course,
    "program": _program,
    "organization": _simply(lambda tenant, thing, things, bodies: organization(tenant, thing)),
    "person": _simply(lambda tenant, thing, things, bodies: person(tenant, thing, things)),
    "subject": _simply(lambda tenant, thing, things, bodies: subject_body(tenant, thing)),
    "topic": _simply(lambda tenant, thing, things, bodies: topic_body(tenant, thing)),
    "pathway": _simply(pathway_body),
}
