"""The campus's own desk: health, faults, calls, the exchange, edits and the truth."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campus import config, faults, press, truth, truth_others
from campus.campus import Campus
from campus.editing.kinds import EDITS

log = logging.getLogger("campus")

Body = dict[str, Any]
Work = Callable[[Campus, Request, Body], Any]


def routes(campus: Campus) -> list[Route]:
    """The routes of the desk."""
    table: list[tuple[str, str, Work]] = [
        ("GET", "/health", health),
        ("GET", "/admin/", index),
        ("GET", "/admin/faults", lambda campus, request, body: _faults(campus)),
        ("POST", "/admin/faults", set_faults),
        ("GET", "/admin/calls", lambda campus, request, body: campus.calls.summary()),
        ("GET", "/admin/calls/recent", lambda campus, request, body: list(campus.calls.recent)),
        ("POST", "/admin/calls/reset", reset_calls),
        ("POST", "/admin/exchange", set_exchange),
        ("POST", "/admin/{tenant}/edits", edit),
        ("POST", "/admin/{tenant}/edits/bulk", bulk),
        ("POST", "/admin/{tenant}/course-uuids", set_course_uuids),
        ("GET", "/admin/{tenant}/truth", truth_page),
        ("GET", "/admin/{tenant}/truth/keys", truth_keys),
        (
            "GET",
            "/admin/{tenant}/truth/others",
            lambda campus, request, body: truth_others.state(_scene(campus, request)),
        ),
        ("GET", "/admin/{tenant}/truth/{key:path}", truth_of),
    ]
    return [Route(path, _endpoint(campus, work), methods=[method]) for method, path, work in table]


def _endpoint(campus: Campus, work: Work) -> Callable[[Request], Awaitable[Response]]:
    """JSON in, JSON out; in a thread, as some of this publishes or counts for a while."""

    async def endpoint(request: Request) -> Response:
        tenant = request.path_params.get("tenant")
        if tenant and tenant not in campus.worlds:
            return _json({"detail": f"no tenant {tenant!r}"}, 404)
        try:
            body = orjson.loads(await request.body() or b"{}")
            return _json(await run_in_threadpool(work, campus, request, body))
        except (ValueError, TypeError, ArithmeticError) as error:
            return _json({"detail": str(error)}, 400)
        except press.NotPublished as error:
            return _json({"detail": str(error), "edit": error.edit}, 502)
        except LookupError as error:
            return _json({"detail": str(error)}, 404)

    return endpoint


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), status, media_type="application/json")


def health(campus: Campus, request: Request, body: Body) -> Body:
    """Whether the campus is up, and how large."""
    return {"status": "ok", "tenants": {code: world.spec.size for code, world in campus.worlds.items()}}


def index(campus: Campus, request: Request, body: Body) -> Body:
    """All there is to know on one page."""
    return {
        "tenants": {code: config.tenant(at) for code, at in campus.addresses.items()},
        "edits": list(EDITS),
        "faults": faults.describe(),
        "exchange": {"topic_arn": campus.exchange.topic_arn, "endpoint_url": campus.exchange.endpoint_url},
        "now": next(iter(campus.worlds.values())).spec.now.isoformat(),
    }


def _faults(campus: Campus) -> Body:
    return {"rules": [faults.shown(rule) for rule in campus.faults.rules], "known": faults.describe()}


def set_faults(campus: Campus, request: Request, body: Body) -> Body:
    """Adds a rule; `clear` forgets those there are, `preset: realistic` behaves as production does."""
    if body.pop("clear", False):
        campus.faults.clear()
    if body.pop("preset", None) == "realistic":
        for source, settings in faults.REALISTIC.items():
            campus.faults.add({"source": source, "tenant": body.get("tenant", "*"), **settings}, campus.clock())
    elif body.keys() - {"tenant", "source"}:
        campus.faults.add(body, campus.clock())
    log.info("faults", extra={"facts": {"rules": _faults(campus)["rules"]}})
    return _faults(campus)


def reset_calls(campus: Campus, request: Request, body: Body) -> Body:
    """Forget all calls, the rate limit's too."""
    campus.calls.reset()
    campus.throttle.reset()
    return {"reset": True}


def set_exchange(campus: Campus, request: Request, body: Body) -> Body:
    """Where updates are published from now on."""
    campus.exchange.configure(body.get("topic_arn"), body.get("endpoint_url"), body.get("region"))
    return {"topic_arn": campus.exchange.topic_arn, "endpoint_url": campus.exchange.endpoint_url}


def edit(campus: Campus, request: Request, body: Body) -> Body:
    """One edit, announced."""
    return press.edit(campus, request.path_params["tenant"], body)


def bulk(campus: Campus, request: Request, body: Body) -> Body:
    """Many random edits, announced."""
    return press.bulk(campus, request.path_params["tenant"], body)


def set_course_uuids(campus: Campus, request: Request, body: Body) -> Body:
    """Which uuids the catalog minted for courses."""
    campus.learn_course_uuids(request.path_params["tenant"], body)
    return {"known": len(campus.worlds[request.path_params["tenant"]].course_uuids)}


def truth_page(campus: Campus, request: Request, body: Body) -> Body:
    """The truth about some courses."""
    query = request.query_params
    return truth.page(_scene(campus, request), int(query.get("offset", 0)), int(query.get("limit", 20)))


def truth_keys(campus: Campus, request: Request, body: Body) -> Body:
    """Every run key."""
    return truth.keys(_scene(campus, request))


def truth_of(campus: Campus, request: Request, body: Body) -> Body:
    """The truth about one course."""
    scene = _scene(campus, request)
    course = scene.world.course_by_key(request.path_params["key"].rstrip("/"))
    if course is None:
        raise LookupError("no such course")
    return truth.course(scene, course)


def _scene(campus: Campus, request: Request) -> truth.Scene:
    tenant, now = request.path_params["tenant"], campus.clock()
    quirks = {source: campus.faults.of(tenant, source, "truth", now) for source in config.SOURCES}
    return truth.Scene(campus.worlds[tenant], campus.addresses[tenant], quirks)
