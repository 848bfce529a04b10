"""The marketing site: nodes behind a login form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from campus import config, dice
from campus.campus import Campus
from campus.faults import Faults
from campus.generate.nodes import SLOTS
from campus.servers import oven
from campus.servers.ask import Answer, Ask, Refused, found
from campus.servers.gate import by_token, gate
from campus.shapes import drupal as shapes
from campus.shapes.wire import happens
from campus.world import Pair

LIMIT = 100
Make = Callable[[int], dict[str, Any]]


def routes(campus: Campus) -> list[Route]:
    """The routes of the marketing site."""
    inside = gate(campus, "drupal", "admin", lambda ask: found({"user": ask.username}), by_session)
    return [
        Route("/{tenant}/user", _login(campus), methods=["POST"]),
        Route("/{tenant}/admin", inside),
        Route("/{tenant}/users/{name}", inside),
        Route("/{tenant}/restws/session/token", gate(campus, "drupal", "session_token", _csrf, by_session)),
        Route("/{tenant}/node.json", gate(campus, "drupal", "node_list", node_list, by_session)),
        Route("/{tenant}/node/{nid}.json", gate(campus, "drupal", "node_detail", node_detail, by_session)),
    ]


def by_session(campus: Campus, request: Request, faults: Faults) -> dict[str, Any]:
    """Whoever came through the login form; a token of the LMS does too, unless switched off."""
    if request.cookies.get(_COOKIE) == _session(request.path_params["tenant"]):
        return {"preferred_username": config.DRUPAL_USER, "administrator": True}
    if faults.session_only:
        raise Refused(403, {"detail": "Access denied"})
    return by_token(campus, request, faults)


_COOKIE = "SESScampus"


def _session(tenant: str) -> str:
    return dice.digest("session", tenant, size=16).hex()


def _login(campus: Campus) -> Callable[[Request], Any]:
    async def login(request: Request) -> Response:
        """The form: success is a redirect to a page that only those inside can open."""
        tenant = request.path_params["tenant"]
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        right = (form.get("name"), form.get("pass")) == (config.DRUPAL_USER, config.DRUPAL_PASSWORD)
        campus.calls.note(
            tenant=tenant,
            source="drupal",
            kind="login",
            path=request.url.path,
            status=302 if right else 200,
            at=campus.clock(),
        )
        if not right or form.get("form_id") != "user_login":
            return PlainTextResponse("Sorry, unrecognized username or password.")
        faults, _ = campus.faults.of(tenant, "drupal", "login", campus.clock())
        place = f"users/{form['name']}" if faults.login_to_profile else "admin"
        response = RedirectResponse(f"{campus.addresses[tenant].root('drupal')}/{place}", 302)
        response.set_cookie(_COOKIE, _session(tenant), path="/", httponly=True)
        return response

    return login


def _csrf(ask: Ask) -> Answer:
    return Answer(dice.digest("csrf", ask.world.spec.tenant, size=16).hex().encode(), media_type="text/plain")


def node_list(ask: Ask) -> Answer:
    """Nodes of one type, looked up or page by page from 0."""
    kind = ask.query.get("type", "course")
    if kind not in _KINDS and kind != "course":
        return Answer(_envelope(ask, [], 0, 0))
    asked = {name: text for name, text in ask.query.items() if name not in _NOT_FILTERS}
    if asked:
        return Answer(_envelope(ask, _looked_up(ask, kind, asked), 0, 0))
    number = _number(ask.query.get("page", "0"))
    limit = min(LIMIT, _number(ask.query.get("limit", "")) or LIMIT)
    total = _total(ask, kind)
    last = max(0, -(-(total + ask.faults.over_report) // limit) - 1)
    if number > max(0, -(-total // limit) - 1):
        raise Refused(404, {"detail": "Not Found"})
    return Answer(_envelope(ask, _part(ask, kind, number * limit, (number + 1) * limit), number, last))


def node_detail(ask: Ask) -> Answer:
    """The page of a run by its node number."""
    nid = _number(ask.path["nid"]) - 1000
    course = ask.world.course(nid // SLOTS, ask.as_of) if 0 <= nid < ask.world.spec.size * SLOTS else None
    run = next((run for run in course.runs if run.ordinal == nid % SLOTS and run.node), None) if course else None
    if course is None or run is None:
        raise Refused(404, {"detail": "Not Found"})
    return Answer(_course(ask, (course, run)))


def _number(text: str) -> int:
    if text and not text.isdecimal():
        raise Refused(400, {"detail": "Invalid query"})
    return int(text or 0)


_NOT_FILTERS = {"type", "page", "limit", "max-depth", "load-entity-refs", "sort", "direction"}


def _looked_up(ask: Ask, kind: str, asked: dict[str, str]) -> list[bytes]:
    """Nodes by any of their properties; by uuid or run key without looking at the others."""
    if any(ask.missing(text) for text in asked.values()):
        return []
    if kind == "course":
        return [_course(ask, pair) for pair in _pages(ask, asked) if pair and pair[1].node]
    space, count, make = _KINDS[kind]
    slot = ask.world.slot(space, asked["uuid"], count(ask)) if "uuid" in asked else None
    slots: Iterable[int] = range(count(ask)) if "uuid" not in asked else () if slot is None else (slot,)
    bodies = (make(ask, n) for n in slots)
    return [orjson.dumps(body) for body in bodies if all(str(body.get(name)) == text for name, text in asked.items())]


def _pages(ask: Ask, asked: dict[str, str]) -> list[Pair | None]:
    if "uuid" in asked:
        return [ask.world.node_by_uuid(asked["uuid"], ask.as_of)]
    # In a query string a raw plus is a space.
    return [ask.world.run(asked.get("field_course_id", "").replace(" ", "+"), ask.as_of)]


def _total(ask: Ask, kind: str) -> int:
    return len(ask.world.pages(ask.as_of)) if kind == "course" else _KINDS[kind][1](ask)


def _part(ask: Ask, kind: str, start: int, stop: int) -> list[bytes]:
    if kind == "course":
        return [
            _course(ask, pair)
            for pair in ask.world.pages(ask.as_of).slice(start, stop)
            if not _left_out(ask, pair[1].key)
        ]
    _, count, make = _KINDS[kind]
    made = (make(ask, n) for n in range(start, min(stop, count(ask))))
    return [orjson.dumps(body) for body in made if not _left_out(ask, body["uuid"])]


def _left_out(ask: Ask, key: str) -> bool:
    return ask.missing(key) or happens(ask.faults.omit_share, "omit", key)


def _course(ask: Ask, pair: Pair) -> bytes:
    course, run = pair
    node = run.node
    assert node
    world, site = ask.world, ask.at.root("drupal")

    def make() -> dict[str, Any]:
        body = shapes.course(site, course, run, node, shapes.references(world, node))
        return shapes.stamped(body, world.edited_at(ask.as_of, ("node", run.key)))

    return oven.run(ask, "node", course, run, make)


def _envelope(ask: Ask, items: list[bytes], number: int, last: int) -> bytes:
    """No `next` on the last page: that is how a reader knows."""
    head = {"self": _link(ask, number), "first": _link(ask, 0), "last": _link(ask, last)}
    if number < last:
        head["next"] = _link(ask, number + 1)
    return orjson.dumps(head)[:-1] + b',"list":[' + b",".join(items) + b"]}"


def _link(ask: Ask, number: int) -> str:
    kept = [(name, value) for name, value in ask.query.multi_items() if name != "page"]
    return f"{ask.url}?{urlencode([*kept, ('page', number)])}"


def _school(ask: Ask, n: int) -> dict[str, Any]:
    organization = ask.world.organization_at(n, ask.as_of)
    return _stamped(ask, shapes.school(ask.at.root("drupal"), organization), "organization", organization.short_name)


def _subject(ask: Ask, n: int) -> dict[str, Any]:
    subject = ask.world.subject(n, ask.as_of)
    return _stamped(ask, shapes.subject(ask.at.root("drupal"), subject), "subject", subject.uuid)


def _person(ask: Ask, n: int) -> dict[str, Any]:
    person = ask.world.person(n, ask.as_of)
    return _stamped(ask, shapes.person(ask.at.root("drupal"), person), "person", person.uuid)


def _sponsor(ask: Ask, n: int) -> dict[str, Any]:
    sponsor = ask.world.sponsor(n, ask.as_of)
    return _stamped(ask, shapes.sponsor(ask.at.root("drupal"), sponsor), "sponsor", sponsor.uuid)


def _xseries(ask: Ask, n: int) -> dict[str, Any]:
    program = ask.world.program(n, ask.as_of)
    return _stamped(ask, shapes.xseries(ask.at.root("drupal"), program), "program", program.uuid)


def _stamped(ask: Ask, body: dict[str, Any], entity: str, key: str) -> dict[str, Any]:
    return shapes.stamped(body, ask.world.edited_at(ask.as_of, (entity, key)))


# Type of node: the space its uuids are in, how many there are, how one is made.
_KINDS: dict[str, tuple[str, Callable[[Ask], int], Callable[[Ask, int], dict[str, Any]]]] = {
    "school": ("school", lambda ask: ask.world.organization_count, _school),
    "subject": ("subject", lambda ask: ask.world.spec.subjects, _subject),
    "person": ("person", lambda ask: ask.world.spec.people, _person),
    "sponsorer": ("sponsor", lambda ask: ask.world.spec.sponsors, _sponsor),
    "xseries": ("xseries", lambda ask: ask.world.spec.programs, _xseries),
}
