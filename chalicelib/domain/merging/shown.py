"""What a view shows of other things: which aggregates and bodies its overlay needs, at any depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain.keys import Ref
from chalicelib.domain.merging.merge import exists, merged
from chalicelib.domain.merging.pointers import Things, nodes, pointers, resolved
from chalicelib.domain.merging.vocabularies import COURSE_TYPES, PRODUCT_SOURCES, PROGRAM_TYPES
from chalicelib.domain.record import Aggregate
from chalicelib.domain.shapes.course import gathered, staff
from chalicelib.domain.shapes.person import employer
from chalicelib.domain.shapes.program import courses_of, said_of, xseries
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import Body

BACK = frozenset({"program", "xseries"})
"""A course shows the programs it is in; a program does not show those programs."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Aggregates and bodies, whether they exist (yet) or not."""

    aggregates: frozenset[Ref] = frozenset()
    bodies: frozenset[Ref] = frozenset()


def shown(tenant: Tenant, thing: Aggregate, things: Things) -> Shown:
    """What is known so far to show through; grows as more of it is given."""
    return _OF.get(thing.ref.kind, _nothing)(tenant, thing, things)


def embeds(thing: Aggregate, found: Shown, bodies: Mapping[Ref, Body]) -> frozenset[Ref]:
    """All other things that touch this one when they change: what is shown, and what shown bodies show."""
    through = (r for shown in found.bodies for r in _deeper(shown, bodies.get(shown) or {}))
    return frozenset([*found.aggregates, *found.bodies, *through]) - {thing.ref}


def _deeper(shown: Ref, body: Body) -> list[Ref]:
    refs = [Ref.parse(text) for text in body.get("_embeds", ())]
    return [r for r in refs if shown.kind != "course" or r.kind not in BACK]


def _of_course(tenant: Tenant, thing: Aggregate, things: Things) -> Shown:
    course = gathered(tenant, thing, things)
    pointed = [*course.owners, *course.sponsors]
    people = {person for run in course.runs for person in staff(run)}
    programs = {Ref("program", key) for key in thing.head.programs}
    return Shown(
        frozenset(
            [
                *(Ref("run", key) for key in thing.head.runs),
                *programs,
                *([PROGRAM_TYPES] if programs else []),
                *nodes(pointed),
                *resolved(pointed, things),
                course.by_key,
                *course.subjects,
                *course.topics,
                *people,
                *_employers(tenant, people, things),
                course.entitlement(tenant),
                COURSE_TYPES,
                PRODUCT_SOURCES,
            ]
        )
    )


def _of_program(tenant: Tenant, thing: Aggregate, things: Things) -> Shown:
    said = said_of(tenant, thing, things)
    pointed = [
        r
        for f in ("authoring_organizations", "credit_backing_organizations")
        for r in pointers(said.get(f), "organization")
    ]
    people = set(pointers([e.get("endorser") for e in said.get("individual_endorsements", [])], "person"))
    own = [*xseries(said), *nodes(pointed), *resolved(pointed, things), *people, *_employers(tenant, people, things)]
    curricula = said.get("curricula", [])
    listed = [r for c in curricula for kind in ("course", "program") for r in pointers(c.get(f"{kind}s"), kind)]
    return Shown(
        frozenset([*own, PROGRAM_TYPES, PRODUCT_SOURCES]),
        frozenset([*courses_of(said), *listed]) - {thing.ref},
    )


def _of_person(tenant: Tenant, thing: Aggregate, things: Things) -> Shown:
    at = employer(merged(thing, tenant.publisher))
    return Shown(frozenset({at} if at else ()))


def _of_pathway(tenant: Tenant, thing: Aggregate, things: Things) -> Shown:
    return Shown(bodies=frozenset(pointers(merged(thing, tenant.publisher).get("programs"), "program")))


def _nothing(tenant: Tenant, thing: Aggregate, things: Things) -> Shown:
    return Shown()


def _employers(tenant: Tenant, people: Iterable[Ref], things: Things) -> set[Ref]:
    known = (things[ref] for ref in people if ref in things and exists(things[ref]))
    found = (employer(merged(thing, tenant.publisher)) for thing in known)
    return {ref for ref in found if ref}


_OF: Mapping[str, Callable[[Tenant, Aggregate, Things], Shown]] = {
    "course": _of_course,
    "program": _of_program,
    "person": _of_person,
    "pathway": _of_pathway,
}
