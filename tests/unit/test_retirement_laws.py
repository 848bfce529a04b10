"""A thing that a source misses is looked at again, retired with care, and comes back with any later answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.record import GONE, PRESENT, SUSPECT
from chalicelib.domain.store import DueRead, NotThere
from chalicelib.services.retirement import suspended_until
from tests import builders as b
from tests.fakes.world import World

MINUTE = 60_000


def key(number: int) -> str:
    return f"course-v1:A+C{number}+1T"


def state(world: World, number: int, name: str = "otto#course") -> str:
    return world.store.records.heads_kept["edx", ref("run", key(number))].head.marks[name].state


def selling(count: int) -> World:
    """Otto sells seats of so many runs."""
    world = World()
    for number in range(count):
        world.sources.put("otto", "course", key(number), b.otto_course(key(number)))
    world.update("otto", "run", *(key(n) for n in range(count)))
    return world


def miss(world: World, numbers: range) -> None:
    """Otto has these no more, and says that they changed."""
    for number in numbers:
        world.sources.put("otto", "course", key(number), None)
    world.update("otto", "run", *(key(n) for n in numbers))


def pass_minutes(world: World, minutes: int) -> None:
    for _ in range(minutes):
        world.clock.now += MINUTE
        world.due()


def test_a_404_is_looked_at_again_after_fifteen_minutes_and_then_retires():
    world = selling(3)
    miss(world, range(1))
    assert state(world, 0) == SUSPECT
    [look] = [d for d in world.store.due.items.values() if isinstance(d, DueRead) and d.key == key(0)]
    assert look.at == world.clock() + 15 * MINUTE
    pass_minutes(world, 14)
    assert state(world, 0) == SUSPECT
    pass_minutes(world, 2)
    assert (state(world, 0), state(world, 1)) == (GONE, PRESENT)


def test_what_its_owner_said_is_gone_twice_stays_readable_and_comes_back_with_the_next_answer():
    world = World()
    world.sources.put("studio", "course", key(0), b.studio_course(key(0)))
    world.update("studio", "run", key(0))
    world.sources.put("studio", "course", key(0), None)
    world.update("studio", "run", key(0))
    pass_minutes(world, 17)
    world.consume()
    run = Ref("run", key(0).lower())
    assert state(world, 0, "studio#course") == GONE
    assert world.views()[run]["status"] == "unpublished"
    world.sources.put("studio", "course", key(0), b.studio_course(key(0)))
    world.refresh("studio")
    world.consume()
    assert state(world, 0, "studio#course") == PRESENT
    assert world.views()[run]["status"] == "published"


def test_a_thing_that_is_back_at_the_second_look_was_never_gone():
    world = selling(2)
    miss(world, range(1))
    world.sources.put("otto", "course", key(0), b.otto_course(key(0)))
    pass_minutes(world, 16)
    assert state(world, 0) == PRESENT


@pytest.mark.parametrize(
    ("known", "missing", "retired"), [(20, 5, True), (20, 6, False), (900, 9, True), (900, 10, False)]
)
def test_more_than_five_or_one_percent_at_once_are_not_retired(known, missing, retired):
    world = selling(known)
    miss(world, range(missing))
    pass_minutes(world, 20)
    assert {state(world, n) for n in range(missing)} == {GONE if retired else SUSPECT}
    assert (suspended_until("edx", "otto", operations=world.store.operations) > world.clock()) is not retired


def test_second_looks_do_not_count_as_misses_and_a_suspension_ends():
    world = selling(20)
    miss(world, range(6))
    world.clock.now += 24 * 60 * MINUTE
    pass_minutes(world, 1)
    assert suspended_until("edx", "otto", operations=world.store.operations) < world.clock()
    assert {state(world, n) for n in range(6)} == {GONE}


def test_a_few_misses_every_hour_suspend_nothing():
    world = selling(60)
    for hour in range(4):
        miss(world, range(5 * hour, 5 * hour + 5))
        pass_minutes(world, 71)
    assert {state(world, n) for n in range(20)} == {GONE}


def test_what_one_source_misses_does_not_suspend_another():
    world = selling(20)
    world.sources.put("studio", "course", key(0), b.studio_course(key(0)))
    world.update("studio", "run", key(0))
    miss(world, range(1, 9))
    world.sources.put("studio", "course", key(0), None)
    world.update("studio", "run", key(0))
    pass_minutes(world, 17)
    assert state(world, 0, "studio#course") == GONE


def test_what_refresh_saw_first_is_known_too():
    world = World()
    for number in range(700):
        world.sources.put("otto", "course", key(number), b.otto_course(key(number)))
    world.sources.page_size = 50
    world.refresh("otto")
    miss(world, range(7))
    pass_minutes(world, 17)
    assert {state(world, n) for n in range(7)} == {GONE}


def test_a_404_of_something_that_was_never_seen_is_no_miss():
    world = selling(1)
    world.update("otto", "run", *(key(n) for n in range(50, 60)))
    assert not any(world.store.records.heads_kept["edx", ref("run", key(n))].head.exists for n in range(50, 60))
    miss(world, range(1))
    pass_minutes(world, 17)
    assert state(world, 0) == GONE


def test_a_listing_that_does_not_show_a_thing_means_nothing_where_it_can_be_asked_for():
    world = selling(3)
    world.sources.put("otto", "course", key(0), None)
    world.refresh("otto")
    assert state(world, 0) == PRESENT


# Nouns that can only be listed


def codes(*numbers: int) -> World:
    """Otto sells bulk codes for these runs."""
    world = World()
    for number in numbers:
        world.sources.put("otto", "enrollment_code", key(number), b.otto_code(key(number), sku=f"S{number}"))
    world.refresh("otto")
    return world


def listed(world: World) -> dict[int, str]:
    heads = {ref: kept.head for (_, ref), kept in world.store.records.heads_kept.items() if ref.kind == "run"}
    found = {ref: head.marks["otto#enrollment_code"].state for ref, head in heads.items()}
    return {int(r.key.split("+")[1][1:]): s for r, s in found.items()}


def test_a_complete_walk_replaces_the_set():
    world = codes(1, 2, 3, 4, 5)
    world.sources.put("otto", "enrollment_code", key(2), None)
    world.sources.put("otto", "enrollment_code", key(6), b.otto_code(key(6)))
    world.refresh("otto")
    assert listed(world) == {n: GONE if n == 2 else PRESENT for n in range(1, 7)}
    world.sources.put("otto", "enrollment_code", key(2), b.otto_code(key(2)))
    world.refresh("otto")
    assert set(listed(world).values()) == {PRESENT}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_after_walks_side_by_side_of_a_changing_listing_the_next_walk_sets_it_right(data):
    world, truth = codes(1, 2), {1, 2}
    sets = st.sets(st.integers(1, 6))

    def walking(change: set[int]):
        def work() -> None:
            for number in range(1, 7):
                known = b.otto_code(key(number), sku=f"S{number}") if number in change else None
                world.sources.put("otto", "enrollment_code", key(number), known)
            world.refresh("otto")

        return work

    for _ in range(data.draw(st.integers(1, 2))):
        workers = [walking(truth := data.draw(sets)) for _ in range(3)]
        world.steps.interleave(workers, data.draw(st.lists(st.integers(0, 2), min_size=20, max_size=150)))
    walking(truth)()
    present = {number for number, state in listed(world).items() if state == PRESENT}
    assert present == truth


def shortened(answer):
    """A page that lost an element, though the source counted it."""
    return {**answer, "results": answer["results"][1:]}


def doubled(answer):
    """A page that shifted: an element that was there already, in place of another."""
    return {**answer, "results": [*answer["results"][:-1], answer["results"][0]]}


def spoiled(answer):
    """A page with an element that nobody can read."""
    return {**answer, "results": [{"no": "product"}, *answer["results"][1:]]}


@pytest.mark.parametrize("fault", [shortened, doubled, spoiled, NotThere("page")])
def test_an_incomplete_walk_retires_nothing(fault):
    world = codes(1, 2, 3, 4, 5)
    world.sources.put("otto", "enrollment_code", key(2), None)
    world.sources.faults = [None, fault]  # the first listing is that of courses, which is empty
    outcomes = {o.thing: o for o in world.refresh("otto")}
    assert set(listed(world).values()) == {PRESENT}
    assert outcomes["enrollment_code"].detail
    world.refresh("otto")
    assert listed(world)[2] == GONE


def test_an_unreadable_node_of_a_source_that_does_not_count_makes_a_walk_incomplete():
    world = World()
    for slug in ("one", "two"):
        world.sources.put("drupal", "sponsorer", slug, b.drupal_sponsorer(slug))
    world.refresh("drupal")
    world.sources.put("drupal", "sponsorer", "one", {"type": "sponsorer", "title": "No URL, so no key"})
    world.refresh("drupal")
    heads = world.store.records.heads_kept
    assert heads["edx", Ref("organization", "one")].head.marks["drupal#sponsorer"].state == PRESENT
    world.sources.put("drupal", "sponsorer", "one", None)
    world.refresh("drupal")
    assert heads["edx", Ref("organization", "one")].head.marks["drupal#sponsorer"].state == GONE


def test_several_elements_about_one_key_are_one_record():
    world = codes(1)
    world.sources.put("otto", "enrollment_code", "another", b.otto_code(key(1), "professional", sku="S9"))
    world.refresh("otto")
    record = world.store.records.records_kept["edx", ref("run", key(1)), "otto#enrollment_code"]
    assert sorted(p["stockrecords"][0]["partner_sku"] for p in record.payload) == ["S1", "S9"]


def test_a_dry_run_writes_nothing_and_tells_every_difference():
    world = codes(1, 2)
    world.sources.put("otto", "enrollment_code", key(1), b.otto_code(key(1), sku="NEW"))
    world.sources.put("otto", "enrollment_code", key(3), b.otto_code(key(3)))
    before, edges, found = dict(world.store.records.records_kept), dict(world.store.records.edges), []
    world.refresh("otto", difference=found.append)
    assert (world.store.records.records_kept, world.store.records.edges) == (before, edges)
    assert {d["key"] for d in found} == {key(1), key(3)}


def test_a_walk_waits_for_its_budget_instead_of_beginning_anew():
    world = codes(*range(40))
    site = world.tenant.sources["otto"].model_copy(update={"calls_per_minute": 4})
    world.tenant = world.tenant.model_copy(update={"sources": {"otto": site}})
    started, asked = world.clock(), len(world.sources.asked)
    [outcome] = [o for o in world.refresh("otto") if o.thing == "enrollment_code"]
    assert (outcome.status, outcome.seen, outcome.detail) == ("ok", 40, "")
    assert len(world.sources.asked) - asked <= 4 * ((world.clock() - started) / MINUTE + 1)
