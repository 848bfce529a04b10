"""The Programs service: XSeries, page by page."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from campus.campus import Campus
from campus.facts import Program
from campus.servers import oven
from campus.servers.ask import Answer, Ask, not_found
from campus.servers.gate import gate
from campus.servers.paging import page
from campus.shapes import programs as shapes
from campus.shapes.wire import happens, iso


def routes(campus: Campus) -> list[Route]:
    """The routes of the Programs service."""
    programs = "/{tenant}/api/v1/programs"
    table = [
        (programs, "program_list", program_list),
        (programs + "/", "program_list", program_list),
        (programs + "/{id}", "program_detail", program_detail),
        (programs + "/{id}/", "program_detail", program_detail),
    ]
    return [Route(path, gate(campus, "programs", kind, view)) for path, kind, view in table]


def program_list(ask: Ask) -> Answer:
    """Programs of the statuses and the organization asked for."""
    wanted = [program for program in _all(ask) if _asked_for(ask, program)]

    def items(start: int, stop: int) -> list[bytes]:
        part = [program for program in wanted[start:stop] if not _left_out(ask, program)]
        return [_baked(ask, program) for program in part]

    return Answer(page(ask, len(wanted), items, 20).plain())


def program_detail(ask: Ask) -> Answer:
    """By number, as the service itself has it, or by uuid."""
    name = ask.path["id"]
    slot = int(name) - 1 if name.isdecimal() else ask.world.slot("program", name, ask.world.spec.programs)
    if slot is None or not 0 <= slot < ask.world.spec.programs or ask.missing(name):
        raise not_found()
    return Answer(_baked(ask, ask.world.program(slot, ask.as_of)))


def _all(ask: Ask) -> list[Program]:
    return [ask.world.program(n, ask.as_of) for n in range(ask.world.spec.programs)]


def _asked_for(ask: Ask, program: Program) -> bool:
    statuses, org = ask.query.getlist("status"), ask.query.get("organization")
    return (not statuses or program.status in statuses) and org in {None, "", program.org}


def _left_out(ask: Ask, program: Program) -> bool:
    return ask.missing(program.uuid) or happens(ask.faults.omit_share, "omit", program.uuid)


def _baked(ask: Ask, program: Program) -> bytes:
    return oven.program(ask, program.index, lambda: _shape(ask, program))


def _shape(ask: Ask, program: Program) -> dict[str, Any]:
    courses = [ask.world.course(i, ask.as_of) for i in program.courses]
    shorts = {program.org, *(course.org for course in courses)}
    body = shapes.program(ask.at.root("programs"), program, courses, {short: _name(ask, short) for short in shorts})
    edited = ask.world.edited_at(ask.as_of, ("program", program.uuid))
    return body | ({"modified": iso(edited)} if edited else {})


def _name(ask: Ask, short: str) -> str:
    organization = ask.world.organization(short, ask.as_of)
    return organization.name if organization else short
