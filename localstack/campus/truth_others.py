"""The truth about what belongs to no course: organizations, programs, people, subjects, sponsors."""

from __future__ import annotations

from typing import Any

from campus.facts import Person, Program
from campus.shapes.programs import listed_runs
from campus.truth import Scene, organization


def state(scene: Scene) -> dict[str, Any]:
    """All of them as they are now."""
    world, spec = scene.world, scene.world.spec
    return {
        "organizations": [
            organization(scene, world.organization_at(n).short_name) for n in range(world.organization_count)
        ],
        "programs": [_program(scene, world.program(n)) for n in range(spec.programs)],
        "people": [_person(world.person(n)) for n in range(spec.people)],
        "subjects": [_named(world.subject(n)) for n in range(spec.subjects)],
        "sponsors": [_named(world.sponsor(n)) for n in range(spec.sponsors)],
    }


def _program(scene: Scene, program: Program) -> dict[str, Any]:
    courses = [scene.world.course(i) for i in program.courses]
    return {
        "uuid": program.uuid,
        "node_uuid": program.node_uuid,
        "title": program.name,
        "subtitle": program.subtitle,
        "status": program.status,
        # Without one the reference passes the program over.
        "marketing_slug": program.slug,
        "organization": program.org,
        "courses": [course.key for course in courses],
        "runs": [run.key for course in courses for run in listed_runs(course)],
        "overview": program.overview,
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "uuid": person.uuid,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "title": person.title,
        "organization": person.org,
    }


def _named(fact: Any) -> dict[str, Any]:
    return {"uuid": fact.uuid, "name": fact.title, "slug": fact.slug}
