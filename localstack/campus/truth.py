"""What a right catalog must answer from the sources' present content, stated from facts and not from payloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from campus import config
from campus.config import Addresses
from campus.facts import Course, Program, Run
from campus.faults import Faults
from campus.quirks import Quirks
from campus.shapes import drupal, otto, studio
from campus.shapes.programs import listed_runs
from campus.shapes.wire import happens, iso
from campus.words.languages import LANGUAGES
from campus.world import NOW, World

PACING = {"self": "self_paced", "instructor": "instructor_paced"}


@dataclass(frozen=True, slots=True)
class Scene:
    """A world and the quirks its sources have at the moment."""

    world: World
    at: Addresses
    settings: Mapping[str, tuple[Faults, Quirks]]

    def quirks(self, source: str) -> Quirks:
        return self.settings[source][1]

    def faults(self, source: str) -> Faults:
        return self.settings[source][0]


def page(scene: Scene, offset: int, limit: int) -> dict[str, Any]:
    """Some courses of the campus, from `offset` on."""
    size = scene.world.spec.size
    courses = [course(scene, scene.world.course(i)) for i in range(offset, min(size, offset + limit))]
    return {"count": size, "offset": offset, "results": courses}


def keys(scene: Scene) -> dict[str, Any]:
    """Every run key, and those that the service user sees in the LMS."""
    every = [run.key for i in range(scene.world.spec.size) for run in scene.world.course(i).runs]
    seen = [run.key for i in range(scene.world.spec.size) for run in scene.world.course(i).runs if _seen(scene, run)]
    return {"runs": every, "visible_runs": seen}


def course(scene: Scene, course: Course) -> dict[str, Any]:
    """One course, with what each source says of it alongside."""
    shown = [run for run in course.runs if _seen(scene, run)]
    pages = [run for run in course.runs if run.node]
    return {
        "key": course.key,
        "uuid_in_otto": scene.world.course_uuid(course.key),
        "listed_in_lms": bool(shown),
        "organization": organization(scene, course.org),
        "runs": {run.key: _run(scene, run) for run in course.runs},
        "entitlements": _entitlements(course),
        "programs": _programs(scene, course),
        "texts": _texts(shown, pages),
        "sources": _sources(scene, course),
    }


def _seen(scene: Scene, run: Run) -> bool:
    faults = scene.faults("studio")
    return not run.retired and (run.visible or faults.see_everything) and run.key.lower() not in faults.missing_keys


def _run(scene: Scene, run: Run) -> dict[str, Any]:
    """A run; `visible` false means that the LMS answers 404 to the service user."""
    return {
        "visible": _seen(scene, run),
        "title": run.name,
        "start": iso(run.start),
        "end": iso(run.end),
        "enrollment_start": iso(run.enrollment_start),
        "enrollment_end": iso(run.enrollment_end),
        "pacing_type": _pacing(scene, run),
        "hidden": run.hidden,
        "invitation_only": run.invitation_only,
        "mobile_available": bool(run.mobile),
        "short_description": run.short_description or None,
        "in_otto": not run.retired,
        "seats": {} if run.retired else _seats(scene, run),
        "page": _page(scene, run),
        # Null: the marketing site has no page and says nothing about it.
        "status_published": run.node.published if run.node else None,
    }


def _pacing(scene: Scene, run: Run) -> str | None:
    """Only the two clean words count, in any case."""
    quirks = scene.quirks("studio")
    if happens(quirks.missing_pacing, "no-pacing", run.key):
        return None
    return PACING.get((studio.pacing(run, quirks) or "").lower())


def _seats(scene: Scene, run: Run) -> dict[str, Any]:
    """By type; without the phone's own SKUs and what has lost its currency."""
    quirks = scene.quirks("otto")
    return {
        _seat_type(seat.type, quirks): {
            "price": str(seat.price),
            "currency": "USD",
            "sku": seat.sku,
            "bulk_sku": seat.bulk_sku,
            "upgrade_deadline": iso(seat.upgrade_deadline),
            "credit_provider": seat.credit_provider,
            "credit_hours": seat.credit_hours,
        }
        for seat in run.seats
        if not seat.mobile and otto.currency(run, seat, quirks)
    }


def _seat_type(type_: str, quirks: Quirks) -> str:
    return "audit" if quirks.drop_certificate_type else type_


def _page(scene: Scene, run: Run) -> dict[str, Any] | None:
    """What the marketing site adds to a run."""
    node = run.node
    if node is None:
        return None
    world = scene.world
    return {
        "uuid": node.uuid,
        "slug": node.slug,
        "level": node.level,
        "language": LANGUAGES[node.language].tag,
        "transcript_languages": [] if node.transcript is None else [LANGUAGES[node.transcript].tag],
        "weeks_to_complete": node.weeks,
        "hidden": bool(node.hidden),
        "staff": [world.person(n).uuid for n in node.staff],
        "staff_names": [f"{p.given_name} {p.family_name}" for p in map(world.person, node.staff)],
        "subjects": [world.subject(n).title for n in node.subjects],
        "sponsors": [] if node.sponsor is None else [world.sponsor(node.sponsor).slug],
    }


def organization(scene: Scene, short: str) -> dict[str, Any]:
    """An organization in the LMS and on the marketing site."""
    found = scene.world.organization(short)
    assert found
    return {
        "key": found.short_name,
        "lms_name": found.name,
        "school_name": found.school_name,
        "school_uuid": found.uuid,
        "logo": found.has_logo,
    }


def _entitlements(course: Course) -> list[dict[str, Any]]:
    right = course.entitlement
    return (
        []
        if right is None
        else [{"mode": right.mode, "price": str(right.price), "currency": right.currency, "sku": right.sku}]
    )


def _programs(scene: Scene, course: Course) -> list[dict[str, Any]]:
    """Those that list a run of the course; one without a slug is passed over by the reference."""
    found = scene.world.programs_of(course.index)
    return [_program(program, course) for program in found if listed_runs(course)]


def _program(program: Program, course: Course) -> dict[str, Any]:
    listed = [run.key for run in listed_runs(course)]
    return {
        "uuid": program.uuid,
        "title": program.name,
        "status": program.status,
        "marketing_slug": program.slug,
        "runs": listed,
        "excluded_runs": [run.key for run in course.runs if run.key not in listed],
    }


def _texts(shown: list[Run], pages: list[Run]) -> dict[str, Any]:
    """The course's own texts by source: its youngest page's, or what the LMS says of its youngest run."""
    node = pages[-1].node if pages else None
    lms = shown[-1] if shown else None
    return {
        "title": {"drupal": node.title if node else None, "studio": lms.name if lms else None},
        "short_description": {
            "drupal": node.short_description if node else None,
            "studio": (lms.short_description or None) if lms else None,
        },
        "full_description": {"drupal": (node.body or node.description) if node else None, "studio": None},
        "source": "drupal" if node else "studio" if lms else None,
        "drupal_run": pages[-1].key if pages else None,
        "studio_run": lms.key if lms else None,
    }


def _sources(scene: Scene, course: Course) -> dict[str, Any]:
    """The raw objects as the sources send them now."""
    roots = {source: scene.at.root(source) for source in config.SOURCES}
    tenant = scene.world.spec.tenant
    q_studio, q_otto = scene.quirks("studio"), scene.quirks("otto")
    return {
        "studio": {
            run.key: studio.run(roots["studio"], course, run, q_studio) for run in course.runs if _seen(scene, run)
        },
        "otto": {
            run.key: otto.course(
                roots["otto"], tenant, run, q_otto, with_products=True, edited=scene.world.sold_at(run)
            )
            for run in course.runs
            if not run.retired
        },
        "drupal": {run.key: orjson.loads(_node(scene, course, run)) for run in course.runs if run.node},
    }


def _node(scene: Scene, course: Course, run: Run) -> bytes:
    node = run.node
    assert node
    refs = drupal.references(scene.world, node)
    body = drupal.course(scene.at.root("drupal"), course, run, node, refs)
    return orjson.dumps(drupal.stamped(body, scene.world.edited_at(NOW, ("node", run.key))))
