"""Otto: courses with their products, and the products that belong to no run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from starlette.routing import Route

from campus.campus import Campus
from campus.servers import oven
from campus.servers.ask import Answer, Ask, found, not_found
from campus.servers.gate import gate
from campus.servers.paging import page
from campus.shapes import otto as shapes
from campus.shapes.wire import happens
from campus.world import Pair


def routes(campus: Campus) -> list[Route]:
    """The routes of Otto."""
    courses, products = "/{tenant}/api/v2/courses", "/{tenant}/api/v2/products"
    table = [
        (courses, "course_list", course_list),
        (courses + "/", "course_list", course_list),
        (courses + "/{key:path}/products/", "course_products", course_products),
        (courses + "/{key:path}", "course_detail", course_detail),
        (products, "product_list", product_list),
        (products + "/", "product_list", product_list),
    ]
    return [Route(path, gate(campus, "otto", kind, view)) for path, kind, view in table]


def course_list(ask: Ask) -> Answer:
    """What Otto calls courses, page by page."""
    listing = ask.world.all_runs(ask.as_of)

    def items(start: int, stop: int) -> Iterable[bytes]:
        return (_course(ask, pair) for pair in listing.slice(start, stop) if not _left_out(ask, pair[1].key))

    return Answer(page(ask, len(listing), items, 20).plain())


def course_detail(ask: Ask) -> Answer:
    """One of them."""
    return Answer(_course(ask, _pair(ask)))


def course_products(ask: Ask) -> Answer:
    """Its products alone."""
    pair = _pair(ask)
    every = shapes.products(ask.at.root("otto"), ask.world.spec.tenant, pair[1], ask.quirks)
    return found({"count": len(every), "next": None, "previous": None, "results": every})


def product_list(ask: Ask) -> Answer:
    """Entitlements or bulk codes; of other classes there are none here."""
    kind = ask.query.get("product_class", "")
    if kind == "Course Entitlement":
        listing, make = ask.world.entitlements(ask.as_of), _entitlement
    elif kind == "Enrollment Code":
        listing, make = ask.world.bulk_codes(ask.as_of), _code
    else:
        return found({"count": 0, "next": None, "previous": None, "results": []})

    def items(start: int, stop: int) -> Iterable[bytes]:
        return (orjson.dumps(make(ask, pair)) for pair in listing.slice(start, stop) if not _left_out(ask, pair[1].key))

    return Answer(page(ask, len(listing), items, 20).plain())


def _pair(ask: Ask) -> Pair:
    key = ask.path["key"].rstrip("/")
    pair = ask.world.run(key, ask.as_of)
    if pair is None or pair[1].retired or ask.missing(key):
        raise not_found()
    return pair


def _left_out(ask: Ask, key: str) -> bool:
    return ask.missing(key) or happens(ask.faults.omit_share, "omit", key)


def _course(ask: Ask, pair: Pair) -> bytes:
    course, run = pair
    with_products = ask.query.get("include_products", "").lower() in {"true", "1"}
    shape = "otto+products" if with_products else "otto"
    root, tenant = ask.at.root("otto"), ask.world.spec.tenant

    def make() -> dict[str, Any]:
        edited = ask.world.sold_at(run, ask.as_of)
        return shapes.course(root, tenant, run, ask.quirks, with_products=with_products, edited=edited)

    return oven.run(ask, shape, course, run, make)


def _entitlement(ask: Ask, pair: Pair) -> dict[str, Any]:
    course = pair[0]
    uuid = ask.world.course_uuid(course.key)
    return shapes.entitlement(ask.at.root("otto"), ask.world.spec.tenant, course, uuid, ask.quirks)


def _code(ask: Ask, pair: Pair) -> dict[str, Any]:
    run = pair[1]
    seat = next(seat for seat in run.seats if seat.bulk_sku)
    return shapes.enrollment_code(ask.at.root("otto"), ask.world.spec.tenant, run, seat, ask.quirks)
