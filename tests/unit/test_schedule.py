"""Time rules: every boundary to the millisecond, and nothing changes before next_change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.reads import schedule as rules
from chalicelib.domain.reads.instants import DAY, instant, parse, stamp
from tests.bodies import NOW, at, named, run, seat

MS = instant(NOW)


def times(**dates: Any) -> rules.Times:
    return rules.times_of({"_paid_seat_enrollment_end": dates.pop("paid_end", None), **dates})


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({}, "Upcoming"),
        ({"end": at(1)}, "Upcoming"),
        ({"start": at(-1)}, "Current"),
        ({"start": at(0)}, "Current"),
        ({"start": at(0, milliseconds=1)}, "Starting Soon"),
        ({"start": at(60, milliseconds=-1)}, "Starting Soon"),
        ({"start": at(60)}, "Upcoming"),
        ({"start": at(-9), "end": at(0)}, "Current"),
        ({"start": at(-9), "end": at(0, milliseconds=-1)}, "Archived"),
        ({"start": at(9), "end": at(-1)}, "Archived"),
    ],
)
def test_availability_follows_start_and_end(dates: dict[str, str], expected: str) -> None:
    assert rules.availability(times(**dates), MS) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({}, True),
        ({"enrollment_end": at(0)}, True),
        ({"enrollment_end": at(0, milliseconds=-1)}, False),
        ({"enrollment_start": at(0)}, True),
        ({"enrollment_start": at(0, milliseconds=1)}, False),
        ({"end": at(-1)}, True),
    ],
)
def test_enrollment_is_open_inside_its_window_whatever_the_end(dates: dict[str, str], expected: bool) -> None:
    assert rules.is_enrollable(times(**dates), MS) is expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [(None, True), ("2026-12-05T00:00:00Z", True), ("2026-12-04T23:59:59Z", False), (at(-1), False)],
)
def test_a_run_is_current_until_fourteen_dates_before_its_end(end: str | None, expected: bool) -> None:
    assert rules.is_current(times(start=at(-1), end=end), MS) is expected


def test_the_list_filter_active_is_over_at_the_very_end_but_the_run_has_not_ended() -> None:
    t = times(end=at(0))
    assert not rules.is_open_ended(t, MS)
    assert rules.is_open_ended(t, MS - 1)
    assert not rules.has_ended(t, MS)
    assert rules.has_ended(t, MS + 1)


def test_a_run_whose_enrollment_has_not_opened_is_active_for_the_list_but_not_for_the_index() -> None:
    body = run(enrollment_start=at(1))
    t = rules.times_of(body)
    assert rules.is_open_ended(t, MS)
    assert not rules.is_active(body, t, MS)


def test_executive_education_may_be_marketed_before_it_goes_live() -> None:
    body = run(is_marketable=False, status="reviewed", _course_type="executive-education-2u", start=at(9))
    assert rules.is_marketable_external(body | {"go_live_date": at(1)}, times(start=at(9), go_live_date=at(1)), MS)
    assert not rules.is_marketable_external(body, times(start=at(9), go_live_date=at(0)), MS)


def test_statuses_are_those_of_visible_runs_and_an_unpublished_one_that_ended_is_archived() -> None:
    runs = [run(), run(status="unpublished", end=at(-1)), run(status="reviewed", hidden=True), run()]
    assert rules.course_run_statuses([(r, rules.times_of(r)) for r in runs], MS) == ["archived", "published"]


CURRENT = {"start": at(-30), "end": at(90), "_paid_seat_enrollment_end": at(30)}
FUTURE = {"start": at(20), "end": at(90), "_paid_seat_enrollment_end": at(30)}
OTHER = {"start": at(-90), "end": at(-1), "_paid_seat_enrollment_end": None}


@pytest.mark.parametrize(
    ("dates", "chosen"),
    [
        ([], None),
        ([OTHER, FUTURE, CURRENT], 2),
        ([CURRENT, CURRENT | {"start": at(-3)}], 1),
        ([FUTURE | {"start": at(25)}, FUTURE, OTHER], 1),
        ([OTHER | {"start": None}, OTHER, OTHER | {"start": at(-99)}], 1),
        ([OTHER, FUTURE | {"_paid_seat_enrollment_end": at(0)}], 1),
    ],
)
def test_the_advertised_run_is_of_the_first_tier_that_has_one(dates: list[dict[str, Any]], chosen: int | None) -> None:
    runs = [run(uuid=named("run", str(i)), **d) for i, d in enumerate(dates)]
    found = rules.advertised([(r, rules.times_of(r)) for r in runs], MS)
    assert found is (None if chosen is None else runs[chosen])


def test_a_run_that_is_not_marketable_is_never_advertised() -> None:
    body = run(is_marketable=False)
    assert rules.advertised([(body, rules.times_of(body))], MS) is None


def test_seats_are_open_while_enrollment_is_and_their_deadline_has_not_come() -> None:
    body = run(seats=[seat("verified", upgrade_deadline=at(0)), seat("honor"), seat("audit")])
    assert [s["type"] for s in rules.open_seats(body, rules.times_of(body), MS, {"verified", "honor"})] == ["honor"]
    over = body | {"end": at(-1)}
    assert rules.open_seats(over, rules.times_of(over), MS) == []


def test_dates_without_an_offset_count_as_utc_and_dirty_ones_as_none() -> None:
    assert parse("2026-11-21T12:00:00") == parse("2026-11-21T12:00:00Z") == parse("2026-11-21T13:00:00+01:00") == MS
    assert parse("soon") is parse("") is parse(None) is None
    assert stamp(MS + 999) == "2026-11-21T12:00:00Z"


dates = st.one_of(
    st.none(),
    st.integers(-70 * DAY, 100 * DAY).map(lambda ms: at(0, milliseconds=ms)),
    st.integers(-70, 100).map(at),
    st.sampled_from([at(0), at(60), at(14), at(0, milliseconds=1), at(0, microseconds=500)]),
)
runs = st.fixed_dictionaries(
    {
        "start": dates,
        "end": dates,
        "enrollment_start": dates,
        "enrollment_end": dates,
        "go_live_date": dates,
        "_paid_seat_enrollment_end": dates,
        "is_marketable": st.booleans(),
        "status": st.sampled_from(["published", "unpublished", "reviewed"]),
        "_course_type": st.sampled_from(["verified-audit", "executive-education-2u"]),
        "seats": st.lists(dates.map(lambda d: seat(upgrade_deadline=d)), max_size=2),
    }
)


def everything(bodies: list[dict[str, Any]], now: int) -> tuple[Any, ...]:
    timed = [(body, rules.times_of(body)) for body in bodies]
    states = tuple(rules.state(body, t, now) for body, t in timed)
    chosen = rules.advertised(timed, now)
    return states, rules.course_run_statuses(timed, now), chosen and bodies.index(chosen)


@given(bodies=st.lists(runs, max_size=3), instants=st.lists(st.floats(0, 1), max_size=8))
def test_nothing_changes_before_next_change_and_something_does_at_it(
    bodies: list[dict[str, Any]], instants: list[float]
) -> None:
    change = rules.next_change(bodies, MS)
    until = MS + 400 * DAY if change is None else change - 1
    before = everything(bodies, MS)
    for share in [*instants, 0.0, 1.0]:
        assert everything(bodies, MS + round(share * (until - MS))) == before
    if change is not None:
        assert change > MS
        assert everything(bodies, change)[0] != before[0]


@given(body=runs)
def test_walking_from_change_to_change_meets_every_state_a_run_will_ever_be_in(body: dict[str, Any]) -> None:
    t = rules.times_of(body)
    walked, now = {rules.state(body, t, MS)}, MS
    while (change := rules.next_change([body], now)) is not None:
        now = change
        walked.add(rules.state(body, t, now))
    around = {turn + shift for turn in rules.turns(body, t) for shift in (-1, 0, 1)}
    assert {rules.state(body, t, ms) for ms in around if ms >= MS} <= walked
