"""What Otto sells for a run: seats, their prices, their oddities."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from campus import dice
from campus.facts import Entitlement, Seat
from campus.generate.sketch import sketch
from campus.spec import Spec

PRICES = (49, 49, 49, 99, 99, 149, 149, 169, 199, 249, 299, 450)
PAID = (
    ("verified", 0.82),
    ("credit", 0.88),
    ("professional", 0.94),
    ("verified-honor", 0.97),
    ("no-id-professional", 1.0),
)
FREE = (("audit", 0.86), ("honor", 0.97), ("none", 1.0))
FREE_OF_CHARGE = Decimal("0.00")


def sku(*parts: object) -> str:
    """Seven hexadecimal digits, as Otto numbers its stock."""
    return dice.digest("sku", *parts, size=4).hex().upper()[:7]


def price(spec: Spec, i: int) -> Decimal:
    """What a certificate of this course costs."""
    return Decimal(dice.pick(PRICES, spec.space("price", i))).quantize(FREE_OF_CHARGE)


def mode(spec: Spec, i: int) -> str:
    """Which seats the runs of a course have."""
    options = PAID if sketch(spec, i).paid else FREE
    chance = dice.unit(spec.space("mode", i))
    return next(name for name, limit in options if chance < limit)


def deadline(end: datetime | None) -> datetime | None:
    """Ten days before the end, at the last second of the day."""
    if end is None:
        return None
    return (end - timedelta(days=10)).replace(hour=23, minute=59, second=59)


def seats(spec: Spec, i: int, run_key: str, end: datetime | None, latest: bool) -> tuple[Seat, ...]:
    """The seats of one run, the phone's own ones included."""
    kind, amount = mode(spec, i), price(spec, i)
    made = [_seat(spec, run_key, name, amount, end) for name in _types(kind)]
    if latest and sketch(spec, i).bulk:
        made = [_with_bulk(spec, run_key, seat) for seat in made]
    if latest and kind in {"verified", "credit"}:
        made += [_mobile(spec, run_key, seat) for seat in made if seat.type == "verified"]
    return tuple(made)


def entitlement(spec: Spec, i: int) -> Entitlement | None:
    """The right to any run; free courses and those without an identity check have none."""
    kind = mode(spec, i)
    if not sketch(spec, i).paid or kind == "no-id-professional":
        return None
    name = "professional" if kind == "professional" else "verified"
    return Entitlement(name, price(spec, i), sku(spec.space("entitlement", i)))


def _types(kind: str) -> tuple[str, ...]:
    return {
        "verified": ("audit", "verified"),
        "credit": ("audit", "verified", "credit"),
        "verified-honor": ("honor", "verified"),
        "none": (),
    }.get(kind, (kind,))


def _seat(spec: Spec, run_key: str, name: str, amount: Decimal, end: datetime | None) -> Seat:
    paid = name not in {"audit", "honor"}
    credit = name == "credit"
    return Seat(
        type=name,
        price=(amount * 3 if credit else amount) if paid else FREE_OF_CHARGE,
        sku=sku(spec.space("seat", run_key, name)),
        # One honor seat in five lost its currency long ago; nobody pays for those.
        currency=None if name == "honor" and dice.number(spec.space("currency", run_key)) % 5 == 0 else "USD",
        upgrade_deadline=deadline(end) if name in {"verified", "credit"} else None,
        credit_provider="asu" if credit else None,
        credit_hours=3 if credit else None,
    )


def _with_bulk(spec: Spec, run_key: str, seat: Seat) -> Seat:
    if seat.type not in {"verified", "professional", "no-id-professional"}:
        return seat
    return Seat(seat.type, seat.price, seat.sku, seat.currency, seat.upgrade_deadline, sku(spec.space("bulk", run_key)))


def _mobile(spec: Spec, run_key: str, seat: Seat) -> Seat:
    name = f"mobile.{'ios' if dice.number(run_key) % 2 else 'android'}.{sku(spec.space('mobile', run_key)).lower()}"
    return Seat(seat.type, seat.price + 10, name, seat.currency, seat.upgrade_deadline, mobile=True)
