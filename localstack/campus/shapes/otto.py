"""How Otto puts it: courses with their products, entitlements and bulk codes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from campus import dice
from campus.facts import Course, Run, Seat
from campus.quirks import Quirks
from campus.shapes.wire import happens, iso

_TYPES = (
    ("credit", "credit"),
    ("professional", "professional"),
    ("no-id-professional", "professional"),
    ("verified", "verified"),
    ("honor", "honor"),
)


def course(
    otto: str, tenant: str, run: Run, quirks: Quirks, *, with_products: bool, edited: datetime | None
) -> dict[str, Any]:
    """An element of the courses list: what Otto calls a course is a run."""
    url = f"{otto}/api/v2/courses/{quote(run.key, safe=':+')}/"
    deadlines = [seat.upgrade_deadline for seat in run.seats if seat.upgrade_deadline]
    body = {
        "id": run.key,
        "url": url,
        "name": run.name,
        "verification_deadline": iso(run.end) if deadlines else None,
        "type": course_type(run),
        "products_url": f"{url}products/",
        "last_edited": iso(edited or run.enrollment_start or run.start) or "2024-01-01T00:00:00Z",
        "has_active_bulk_enrollment_code": any(seat.bulk_sku for seat in run.seats),
    }
    return body | {"products": products(otto, tenant, run, quirks)} if with_products else body


def course_type(run: Run) -> str | None:
    """The most valuable kind of seat names the course."""
    kinds = {seat.type for seat in run.seats}
    return next((name for kind, name in _TYPES if kind in kinds), "audit" if kinds else None)


def products(otto: str, tenant: str, run: Run, quirks: Quirks) -> list[dict[str, Any]]:
    """The parent, then a child for each seat."""
    seats = [seat for seat in run.seats if quirks.mobile_skus or not seat.mobile]
    return [_parent(otto, tenant, run), *(_seat(otto, tenant, run, seat, quirks) for seat in seats)]


def entitlement(otto: str, tenant: str, course: Course, uuid: str, quirks: Quirks) -> dict[str, Any]:
    """The product that opens any run of a course."""
    right, number = course.entitlement, _id(tenant, course.key, "entitlement")
    assert right
    values = [
        _attribute("certificate_type", right.mode),
        _attribute("UUID", uuid),
        _attribute("id_verification_required", right.mode != "professional"),
    ]
    stock = [_stock(number, right.sku, right.price, right.currency, quirks)]
    title = f"Course {course.title}"
    return _product(otto, number, "Course Entitlement", title, price=right.price, values=values, stock=stock)


def enrollment_code(otto: str, tenant: str, run: Run, seat: Seat, quirks: Quirks) -> dict[str, Any]:
    """The product that companies buy in bulk."""
    number = _id(tenant, run.key, "bulk", seat.type)
    values = [
        _attribute("course_key", run.key),
        _attribute("seat_type", seat.type),
        _attribute("id_verification_required", seat.type == "verified"),
    ]
    stock = [_stock(number, str(seat.bulk_sku), seat.price, seat.currency, quirks)]
    title = f"Enrollment code for {seat.type} seat in {run.name}"
    code = _product(otto, number, "Enrollment Code", title, price=seat.price, values=values, stock=stock)
    return code | {"structure": "standalone"}


def currency(run: Run, seat: Seat, quirks: Quirks) -> str | None:
    """The currency of a seat; None for stock that has lost it."""
    return None if happens(quirks.missing_currency, "currency", run.key, seat.type) else seat.currency


def _seat(otto: str, tenant: str, run: Run, seat: Seat, quirks: Quirks) -> dict[str, Any]:
    number = _id(tenant, run.key, seat.sku)
    stock = [_stock(number, seat.sku, seat.price, currency(run, seat, quirks), quirks)]
    title, values = f"Seat in {run.name} with {seat.type} certificate", _values(run, seat, quirks)
    product = _product(otto, number, "Seat", title, price=seat.price, values=values, stock=stock)
    return product | {"expires": iso(seat.upgrade_deadline)}


def _values(run: Run, seat: Seat, quirks: Quirks) -> list[dict[str, Any]]:
    values = [
        _attribute("course_key", run.key),
        _attribute("id_verification_required", seat.type in {"verified", "credit", "professional"}),
    ]
    named = seat.type != "audit" or quirks.audit_certificate_type
    if named and not quirks.drop_certificate_type:
        values.insert(0, _attribute("certificate_type", seat.type))
    if seat.credit_provider:
        values += [_attribute("credit_provider", seat.credit_provider), _attribute("credit_hours", seat.credit_hours)]
    return values


def _attribute(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "code": name, "value": value}


def _stock(product: int, sku: str, price: Decimal, currency: str | None, quirks: Quirks) -> dict[str, Any]:
    name = "price_excl_tax" if quirks.price_excl_tax else "price"
    return {
        "id": product,
        "product": product,
        "partner": 1,
        "partner_sku": sku,
        "price_currency": currency,
        name: str(price),
    }


def _product(
    otto: str, number: int, kind: str, title: str, *, price: Decimal, values: list[Any], stock: list[Any]
) -> dict[str, Any]:
    return {
        "id": number,
        "url": f"{otto}/api/v2/products/{number}/",
        "structure": "child",
        "product_class": kind,
        "title": title,
        "price": str(price),
        "expires": None,
        "attribute_values": values,
        "is_available_to_buy": True,
        "stockrecords": stock,
    }


def _parent(otto: str, tenant: str, run: Run) -> dict[str, Any]:
    """What holds the seats together; nobody can buy it."""
    parent = _product(otto, _id(tenant, run.key), "Seat", f"Seat in {run.name}", price=Decimal(0), values=[], stock=[])
    return parent | {"structure": "parent", "price": None, "is_available_to_buy": False}


def _id(*parts: object) -> int:
    return dice.number("product", *parts) % 2**31
