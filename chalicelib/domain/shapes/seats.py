"""Seats and entitlements: what of a run or a course can be had, at which price, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.domain.merging.merge import Merged
from chalicelib.domain.values import instant, money, objects_in, text_in

Seat = dict[str, Any]
SEAT = (
    "type",
    "price",
    "currency",
    "upgrade_deadline",
    "upgrade_deadline_override",
    "credit_provider",
    "credit_hours",
    "sku",
    "bulk_sku",
)
ENTITLEMENT = ("mode", "price", "currency", "sku")
DEADLINES = ("upgrade_deadline", "upgrade_deadline_override")
LEGACY = (
    ("credit", "credit"),
    ("professional", "professional"),
    ("no-id-professional", "professional"),
    ("verified", "verified"),
    ("honor", "honor"),
    ("audit", "audit"),
)
"""The first seat type a run has gives its legacy type (course-discovery 5.4)."""
LATER_THAN_ANY = "9999"


def seats(run: Merged) -> list[Seat]:
    """The run's seats in creation order, with bulk SKUs and overridden deadlines in place."""
    said = (s for s in run.get("seats", ()) if isinstance(s, Mapping) and text_in(s.get("type")))
    return [_seat(s, run) for s in said]


def _seat(said: Mapping[str, Any], run: Merged) -> Seat:
    seat: Seat = {name: said.get(name) for name in SEAT} | {name: instant(said.get(name)) for name in DEADLINES}
    override = seat["upgrade_deadline_override"] or _override(seat["type"], run.get("upgrade_deadline_override"))
    bulk = run.get("bulk_skus", {})
    return seat | {
        "price": money(seat["price"]) or "0.00",
        "currency": text_in(seat["currency"]) or "USD",
        "upgrade_deadline": override or seat["upgrade_deadline"],
        "upgrade_deadline_override": override,
        "bulk_sku": seat["bulk_sku"] or bulk.get(seat["type"]),
    }


def _override(seat_type: str, said: Any) -> str | None:
    """Operators give one deadline, for the verified seat, or one per seat type."""
    if isinstance(said, Mapping):
        return instant(said.get(seat_type))
    return instant(said) if seat_type == "verified" else None


def types_of(given: Sequence[Seat]) -> frozenset[str]:
    """The types of these seats."""
    return frozenset(seat["type"] for seat in given)


def legacy_type(given: Sequence[Seat]) -> str | None:
    """The run's ``type``, kept for old readers."""
    had = types_of(given)
    return next((name for seat_type, name in LEGACY if seat_type in had), None)


def paid(given: Sequence[Seat]) -> list[Seat]:
    """Seats that cost something and are no credit, by deadline, those without one last (5.6)."""
    costly = (s for s in given if Decimal(s["price"]) > 0 and s["type"] != "credit")
    return sorted(costly, key=lambda s: s["upgrade_deadline"] or LATER_THAN_ANY)


def first_paid_price(given: Sequence[Seat]) -> int | None:
    """The integer part of the first paid seat's price."""
    return int(Decimal(found[0]["price"])) if (found := paid(given)) else None


def paid_until(given: Sequence[Seat], end: str | None, enrollment_end: str | None) -> str | None:
    """Until when a paid seat can be had: the latest deadline (none is endless), never past the run's own (5.6)."""
    found = paid(given)
    if not found:
        return None
    limit = min((d for d in (end, enrollment_end) if d), default=None)
    latest = found[-1]["upgrade_deadline"]
    return latest if latest and (limit is None or latest < limit) else limit


def entitlements(said: Any) -> list[dict[str, Any]]:
    """The course's entitlements; ``expires`` is always null."""
    rights = objects_in(said if isinstance(said, list) else [said])
    return [_entitlement(right) for right in rights if text_in(right.get("mode"))]


def _entitlement(right: dict[str, Any]) -> dict[str, Any]:
    given = {name: text_in(right.get(name)) for name in ENTITLEMENT}
    return given | {
        "price": money(right.get("price")) or "0.00",
        "currency": given["currency"] or "USD",
        "expires": None,
    }
