"""A source's queue: what is invalid is parked at once, what cannot be read now becomes due, nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.sources.base import UnreadablePayload
from chalicelib.domain.store import DueRead, SourceBusy
from chalicelib.services.updates import Message
from tests import builders as b
from tests.fakes.world import World

RUN = "course-v1:A+One+1T"


def selling() -> World:
    world = World()
    world.sources.put("otto", "course", RUN, b.otto_course(RUN))
    world.sources.put("otto", "enrollment_code", RUN, b.otto_code(RUN))
    return world


def reads(world: World) -> dict[str, DueRead]:
    return {d.key: d for d in world.store.due.items.values() if isinstance(d, DueRead)}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{", "malformed"),
        (json.dumps({"id": "x"}), "malformed"),
        ({"subject": "not a key"}, "invalid_key"),
        ({"source": "salesforce"}, "unknown_source"),
        ({"type": "org.openedx.catalog.person.updated.v1"}, "unknown_kind"),
        ({"tenant": "nobody"}, "unknown_tenant"),
        ({"source": "registry"}, "source_not_configured"),
        ("x" * 9000, "oversized"),
    ],
)
def test_what_is_invalid_is_parked_with_its_reason_and_holds_up_nothing(body, reason):
    world = selling()
    message = (
        Message("m1", body) if isinstance(body, str) else replace(world.message("otto", "run", RUN, **body), id="m1")
    )
    world.take("otto", message, world.message("otto", "run", RUN))
    [parked] = world.store.operations.parked
    assert (parked.queue, parked.id, parked.reason, parked.body) == ("updates-otto", "m1", reason, message.body)
    assert ("edx", ref("run", RUN)) in world.store.records.heads_kept


def test_one_key_many_times_in_a_batch_is_read_once():
    world = selling()
    world.update("otto", "run", RUN, RUN.lower(), RUN)
    assert len(world.sources.asked) == 1


def test_what_cannot_be_read_now_is_due_when_the_source_said_and_leaves_the_queue():
    world = selling()
    world.sources.faults = [SourceBusy("asked for quiet", world.clock() + 90_000)]
    world.update("otto", "run", RUN)
    assert reads(world)[RUN].at == world.clock() + 90_000
    world.settle()
    assert ("edx", ref("run", RUN)) in world.store.records.heads_kept


def test_what_one_key_answers_badly_does_not_hold_up_the_others_of_its_batch():
    world = World()
    keys = [f"course-v1:A+C{n}+1T" for n in range(4)]
    for key in keys:
        world.sources.put("studio", "course", key, b.studio_course(key))
    world.sources.put("studio", "course", keys[2], {**b.studio_course(keys[2]), "start": "some day"})
    world.update("studio", "run", *keys)
    known = [each for _, each in world.store.records.heads_kept if each.kind == "run"]
    assert sorted(known) == [ref("run", key) for key in keys if key != keys[2]]
    assert "start" in reads(world)[keys[2]].why


def test_a_paused_source_is_not_asked_and_its_updates_wait():
    world = selling()
    world.store.operations.set_paused("edx", "otto", True)
    world.update("otto", "run", RUN)
    assert (world.sources.asked, list(reads(world))) == ([], [RUN])
    world.store.operations.set_paused("edx", "otto", False)
    world.settle()
    assert ("edx", ref("run", RUN)) in world.store.records.heads_kept


def test_a_read_that_an_event_asked_for_is_confirmed_once_after_the_sources_lag():
    world = World()
    world.sources.put("studio", "course", RUN, b.studio_course(RUN, name="Before"))
    world.update("studio", "run", RUN)
    assert reads(world)[RUN].why == "confirm"
    world.sources.put("studio", "course", RUN, b.studio_course(RUN, name="After"))
    world.settle()
    assert "After" in str(world.store.records.records_kept["edx", ref("run", RUN), "studio#course"].payload)
    assert reads(world) == {}


def test_a_stream_of_updates_does_not_put_the_listing_off_for_ever():
    world = selling()
    for _ in range(10):
        world.update("otto", "run", RUN)
        world.clock.now += 20_000
        world.due(seconds=1)
    assert ("edx", ref("run", RUN), "otto#enrollment_code") in world.store.records.records_kept
    walks = [r for _, r in world.sources.asked if dict(r.params).get("product_class") == "Enrollment Code"]
    assert 1 <= len(walks) <= 4


def test_an_update_during_a_walk_asks_for_another_one():
    world = selling()
    world.update("otto", "run", RUN)
    late = b.otto_code(RUN, sku="LATE")

    def meanwhile(answer):
        world.sources.put("otto", "enrollment_code", RUN, late)
        world.update("otto", "run", RUN)
        return answer

    world.clock.now += 61_000
    world.sources.faults = [meanwhile]
    world.settle()
    record = world.store.records.records_kept["edx", ref("run", RUN), "otto#enrollment_code"]
    assert record.payload == [late]


def test_a_listing_that_fails_is_tried_again_ever_later_and_succeeds_in_the_end():
    world = World()
    program = b.uuid_for("program")
    world.sources.put("programs", "program", program, b.program_payload(program, ()))
    world.sources.faults = [
        UnreadablePayload("down"),
        SourceBusy("down", world.clock() + 150_000),
        UnreadablePayload("down"),
    ]
    world.update("programs", "program", program)
    waits = []
    while ("edx", Ref("program", program)) not in world.store.records.heads_kept:
        at = reads(world)["*"].at
        waits.append((at - world.clock()) // 60_000)
        world.clock.now = at
        world.due(seconds=1)
    assert waits == [1, 2, 4]
    assert world.store.operations.parked == []


def test_a_host_that_ignores_the_question_is_read_singly_from_then_on():
    world = World()
    keys = [f"course-v1:A+C{n}+1T" for n in range(4)]
    for key in keys:
        world.sources.put("studio", "course", key, b.studio_course(key))
    world.sources.faults = [
        lambda answer: {**answer, "results": [*answer["results"], b.studio_course("course-v1:X+Y+Z")]}
    ]
    world.update("studio", "run", *keys[:2])
    asked = len(world.sources.asked)
    world.update("studio", "run", *keys[2:])
    assert len(world.sources.asked) - asked == 2
    assert ("edx", ref("run", "course-v1:X+Y+Z")) not in world.store.records.heads_kept


def test_a_key_that_a_batch_left_out_is_asked_for_by_itself():
    world = World()
    keys = [f"course-v1:A+C{n}+1T" for n in range(3)]
    for key in keys:
        world.sources.put("studio", "course", key, b.studio_course(key))
    world.sources.faults = [lambda answer: {**answer, "results": answer["results"][1:]}]
    world.update("studio", "run", *keys)
    assert all(("edx", ref("run", key)) in world.store.records.heads_kept for key in keys)


def test_a_spent_budget_spreads_what_waits_at_its_pace():
    world = World()
    site = world.tenant.sources["otto"].model_copy(update={"calls_per_minute": 2})
    world.tenant = world.tenant.model_copy(update={"sources": {"otto": site}})
    keys = [f"course-v1:A+C{n}+1T" for n in range(8)]
    for key in keys:
        world.sources.put("otto", "course", key, b.otto_course(key))
    world.update("otto", "run", *keys)
    waits = sorted((d.at - world.clock()) // 1000 for d in reads(world).values() if d.key != "*")
    assert waits == [60, 90, 120, 150, 180, 210]
    world.settle(minutes=9)
    assert all(("edx", ref("run", key)) in world.store.records.heads_kept for key in keys)


# Calls


def test_a_batch_of_ten_updates_takes_few_calls_of_the_store():
    world = World()
    keys = [f"course-v1:A+C{n}+1T" for n in range(10)]
    for turn in range(2):
        for key in keys:
            world.sources.put("studio", "course", key, b.studio_course(key, name=f"Name {turn}"))
        world.steps.reset()
        world.update("studio", "run", *keys)
    print(calls := together(world.steps.calls))
    assert [call for call in calls if call == "fetch"] == ["fetch"]
    assert len(calls) <= 12


def test_a_batch_of_ten_views_takes_few_calls_of_the_store():
    world = World()
    keys = [f"course-v1:A+C{n}+1T" for n in range(10)]
    for turn in range(2):
        for key in keys:
            world.sources.put("studio", "course", key, b.studio_course(key, name=f"Name {turn}"))
        world.update("studio", "run", *keys)
        world.take_touches(99)
        world.steps.reset()
        world.take_views(10)
    print(calls := together(world.steps.calls))
    assert len(calls) <= 6


def together(calls: list[str]) -> list[str]:
    """Steps as calls: what an adapter sends as one batch or transaction is one."""
    return [call for i, call in enumerate(calls) if i == 0 or calls[i - 1] != call]
