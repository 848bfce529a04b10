"""A sick source must not cost a good update; one that stays unreadable is parked with its reason."""

from __future__ import annotations

from chalicelib.domain.keys import ref
from chalicelib.domain.sources.base import UnreadablePayload
from chalicelib.services.updates import UNREADABLE_TRIES
from tests import builders as b
from tests.fakes.world import World

KEY = "course-v1:A+One+1T"


def sick(times: int) -> list[Exception]:
    return [UnreadablePayload("not JSON")] * times


def world(times: int) -> World:
    made = World()
    made.sources.put("studio", "course", KEY, b.studio_course(KEY, name="Rivers"))
    made.sources.faults += sick(times)
    return made


def test_an_update_survives_a_source_that_is_sick_for_a_while() -> None:
    made = world(times=2)
    made.update("studio", "run", KEY)
    made.settle(minutes=10)

    assert made.store.records.heads("edx", [ref("run", KEY)])
    assert not made.store.operations.parked


def test_what_stays_unreadable_is_parked_and_can_be_redriven() -> None:
    made = world(times=UNREADABLE_TRIES + 1)
    made.update("studio", "run", KEY)
    made.settle(minutes=120)

    [parked] = made.store.operations.parked
    assert parked.reason == "unreadable"
    assert "not JSON" in parked.text
    made.take("studio", made.message("studio", "run", KEY))
    assert made.store.records.heads("edx", [ref("run", KEY)])
