"""Otto: seats of runs, bulk codes, and entitlements of courses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.sources.base import Found, Noun, Payload, Request, Says, Source
from chalicelib.domain.sources.shapes import (
    Check,
    below,
    date_or_null,
    element,
    envelope,
    list_or_null,
    results,
    segment,
    text_or_null,
)
from chalicelib.domain.tenant import SourceSite
from chalicelib.domain.values import instant, money, objects_in, text_in, whole

API = "/api/v2"
COURSES, PRODUCTS = "/courses/", "/products/"
PAGE_SIZE = 50
AUDIT = "audit"
MOBILE = "mobile."
VERSION = 2
"""Shape 1 had ``price_excl_tax`` in stock records, shape 2 calls it ``price``."""

PRODUCT_SHAPE: dict[str, Check] = {
    "expires": date_or_null,
    "attribute_values": list_or_null,
    "stockrecords": list_or_null,
}
_course = element("otto course", "run", lambda p: p.get("id"), {"products": list_or_null, "name": text_or_null})
_code = element("otto enrollment code", "run", lambda p: attributes(p).get("course_key"), PRODUCT_SHAPE)
_entitlement = element("otto entitlement", "entitlement", lambda p: attributes(p).get("UUID"), PRODUCT_SHAPE)


def attributes(product: Payload) -> dict[str, Any]:
    """A product's attributes by code; older answers have names only."""
    values = objects_in(product.get("attribute_values"))
    return {str(a.get("code") or a.get("name")): a.get("value") for a in values}


def _stock_to_price(stock: Payload) -> Payload:
    if not isinstance(stock, dict) or "price" in stock or "price_excl_tax" not in stock:
        return stock
    return {("price" if k == "price_excl_tax" else k): v for k, v in stock.items()}


def _product_to_price(product: Payload) -> Payload:
    """Lifts a product from shape 1 to 2; one in shape 2 stays as it is."""
    if not isinstance(product, dict):
        return product
    return {**product, "stockrecords": [_stock_to_price(s) for s in product.get("stockrecords") or []]}


def _course_to_price(course: Payload) -> Payload:
    """The same for the products of a course."""
    return {**course, "products": [_product_to_price(p) for p in course.get("products") or []]} if course else course


def _read_courses(site: SourceSite, keys: Sequence[str]) -> tuple[Request, ...]:
    return tuple(
        Request(f"{below(site, API, COURSES)}{segment(key)}/", (("include_products", "True"),)) for key in keys
    )


def _found_courses(body: Payload) -> tuple[Found, ...]:
    items = results(body) if isinstance(body, dict) and "results" in body else [body]
    return tuple(_course(item) for item in items)


def _listing(path: str, *params: tuple[str, str]) -> Any:
    def listing(site: SourceSite, page: int) -> Request:
        size = site.options.get("page_size", PAGE_SIZE)
        return Request(below(site, API, path), (*params, ("page", str(page)), ("page_size", str(size))))

    return listing


def _sold(product: Payload) -> dict[str, Any] | None:
    """Price, currency and SKU of a product; None when it is not for sale here: no stock, no currency, or mobile."""
    stocks = objects_in(product.get("stockrecords"))
    stock = _stock_to_price(stocks[0]) if stocks else {}
    price, currency, sku = (
        money(stock.get("price")),
        text_in(stock.get("price_currency")),
        text_in(stock.get("partner_sku")),
    )
    if price is None or not currency or (sku or "").startswith(MOBILE):
        return None
    return {"price": price, "currency": currency, "sku": sku}


def _seat(product: Payload) -> dict[str, Any] | None:
    sold = _sold(product)
    if sold is None:
        return None
    named = attributes(product)
    return {
        "type": (text_in(named.get("certificate_type")) or AUDIT).lower(),
        "price": sold["price"],
        "currency": sold["currency"],
        "upgrade_deadline": instant(product.get("expires")),
        "upgrade_deadline_override": None,
        "credit_provider": text_in(named.get("credit_provider")),
        "credit_hours": whole(named.get("credit_hours")),
        "sku": sold["sku"],
        "bulk_sku": None,
    }


def _is_seat(product: dict[str, Any]) -> bool:
    return product.get("structure") == "child" and str(product.get("product_class") or "Seat") == "Seat"


def says_of_course(payload: Payload) -> Says:
    """The run's seats. Of two with the same type, currency and credit provider the later one counts."""
    if not isinstance(payload.get("products"), list):
        return {}
    seats = {}
    for product in filter(_is_seat, objects_in(payload["products"])):
        if seat := _seat(product):
            seats[seat["type"], seat["currency"], seat["credit_provider"]] = seat
    return {"key": payload.get("id"), "seats": list(seats.values())}


def _codes_to_price(products: Payload) -> Payload:
    """The same for all codes of a run."""
    return [_product_to_price(product) for product in products]


def says_of_codes(payload: Payload) -> Says:
    """The SKUs under which a run's seats are sold in bulk, by seat type; the record is the list of its codes."""
    sold = [(attributes(p).get("seat_type"), _sold(p)) for p in objects_in(payload)]
    skus = {str(seat_type).lower(): found["sku"] for seat_type, found in sold if seat_type and found}
    return {"bulk_skus": skus} if skus else {}


def says_of_entitlement(payload: Payload) -> Says:
    """The right to any run of a course; ``expires`` is always null on the wire."""
    sold = _sold(payload)
    if sold is None:
        return {}
    mode = (text_in(attributes(payload).get("certificate_type")) or "verified").lower()
    return {
        "entitlement": {
            "mode": mode,
            "price": sold["price"],
            "currency": sold["currency"],
            "sku": sold["sku"],
            "expires": None,
        }
    }


SOURCE = Source(
    "otto",
    (
        Noun(
            "course",
            "run",
            says_of_course,
            read=_read_courses,
            found=_found_courses,
            listing=_listing(COURSES, ("include_products", "True")),
            page=envelope(_course),
            version=VERSION,
            migrations={1: _course_to_price},
        ),
        Noun(
            "enrollment_code",
            "run",
            says_of_codes,
            several=True,
            listing=_listing(PRODUCTS, ("product_class", "Enrollment Code")),
            page=envelope(_code),
            version=VERSION,
            migrations={1: _codes_to_price},
        ),
        Noun(
            "entitlement",
            "entitlement",
            says_of_entitlement,
            listing=_listing(PRODUCTS, ("product_class", "Course Entitlement")),
            page=envelope(_entitlement),
            version=VERSION,
            migrations={1: _product_to_price},
        ),
    ),
)
