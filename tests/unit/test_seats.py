"""Prices and deadlines of seats (course-discovery 5.4, 5.6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.merging.merge import Merged
from chalicelib.domain.shapes.seats import entitlements, first_paid_price, legacy_type, paid_until, seats

EARLY, LATE, END = "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"


def a_seat(kind="verified", price="49.00", deadline=None):
    return {"type": kind, "price": price, "currency": "USD", "upgrade_deadline": deadline}


@pytest.mark.parametrize(
    ("types", "legacy"),
    [
        (["audit", "credit", "verified"], "credit"),
        (["audit", "no-id-professional"], "professional"),
        (["professional", "verified"], "professional"),
        (["verified", "honor"], "verified"),
        (["honor", "audit"], "honor"),
        (["audit"], "audit"),
        (["masters"], None),
        ([], None),
    ],
)
def test_the_legacy_type_is_the_first_that_the_seats_have(types, legacy):
    assert legacy_type([a_seat(t) for t in types]) == legacy


@given(
    st.permutations(
        [a_seat("verified", "49.99", LATE), a_seat("professional", "10.00"), a_seat("credit", "1.00", EARLY)]
    )
)
def test_the_first_paid_seat_is_the_one_whose_deadline_comes_first(given_seats):
    assert first_paid_price(given_seats) == 49


def test_free_and_credit_seats_are_not_paid_ones():
    assert first_paid_price([a_seat("audit", "0.00"), a_seat("credit", "199.00")]) is None


@pytest.mark.parametrize(
    ("given_seats", "end", "enrollment_end", "until"),
    [
        ([], END, None, None),
        ([a_seat("audit", "0.00")], END, LATE, None),
        ([a_seat(deadline=EARLY)], END, None, EARLY),
        ([a_seat(deadline=EARLY), a_seat("professional", deadline=LATE)], END, None, LATE),
        ([a_seat(deadline=EARLY), a_seat("professional")], END, LATE, LATE),
        ([a_seat(deadline=END)], None, EARLY, EARLY),
        ([a_seat(deadline=END)], None, None, END),
        ([a_seat()], None, None, None),
    ],
)
def test_until_when_a_paid_seat_can_be_had(given_seats, end, enrollment_end, until):
    assert paid_until(given_seats, end, enrollment_end) == until


def test_an_operators_deadline_wins_and_shows_as_override():
    said = {"seats": [a_seat(deadline=EARLY), a_seat("audit", "0")], "upgrade_deadline_override": LATE}
    verified, audit = seats(Merged(said))
    assert (verified["upgrade_deadline"], verified["upgrade_deadline_override"]) == (LATE, LATE)
    assert (audit["upgrade_deadline"], audit["price"]) == (None, "0.00")
    per_type = {"seats": [a_seat("professional")], "upgrade_deadline_override": {"professional": EARLY}}
    assert seats(Merged(per_type))[0]["upgrade_deadline"] == EARLY


def test_entitlements_never_expire_on_the_wire():
    (right,) = entitlements({"mode": "verified", "price": 49, "currency": "USD", "sku": "S", "expires": EARLY})
    assert (right["price"], right["expires"]) == ("49.00", None)
    assert entitlements(None) == []
