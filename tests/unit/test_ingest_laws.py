"""Law 1, newest wins: in any order, with duplicates, side by side, the same is stored as of the newest alone."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.record import GONE
from chalicelib.domain.sighting import Sighting
from tests import builders as b
from tests.fakes.states import consistent, stored
from tests.fakes.world import World

RUNS = ("course-v1:A+One+1T", "course-v1:A+One+2T", "course-v1:a+ONE+2t", "course-v1:A+Two+1T")
PROGRAM = "6a0c8f31-0a0e-4d0c-9d07-a6a1f57a3c10"
COURSES = ("A+One", "A+Two", "B+Other")


def run(key: str, ticket: int, **says) -> Sighting:
    return Sighting("run", key, "studio", "course", 1, b.studio_course(key, **says), ticket, ticket * 10)


def drupal(key: str, ticket: int, title: str) -> Sighting:
    return Sighting(
        "run",
        key,
        "drupal",
        "course",
        1,
        b.drupal_course(key, field_course_course_title={"value": title}),
        ticket,
        ticket * 10,
    )


def organization(ticket: int, name: str) -> Sighting:
    payload = b.studio_organization("A", name=name)
    return Sighting("organization", "A", "studio", "organization", 1, payload, ticket, ticket * 10)


def program(ticket: int, runs: tuple[str, ...]) -> Sighting:
    payload = b.program_payload(PROGRAM, runs, marketing_slug="water")
    return Sighting("program", PROGRAM, "programs", "program", 1, payload, ticket, ticket * 10)


def moved(key: str, ticket: int, course: str) -> Sighting:
    """An operator says which course a run belongs to."""
    return Sighting("run", key, "registry", "edited", 1, {"course": course}, ticket, ticket * 10)


titles = st.sampled_from(["Rivers", "Lakes"])
keys = st.sampled_from(RUNS)


@st.composite
def histories(draw, most: int = 10) -> list[Sighting]:
    """Answers of all sources, each under a ticket of its own, as they were read one after the other."""
    made = []
    for ticket in range(1, draw(st.integers(1, most)) + 1):
        kind = draw(st.sampled_from(["studio", "studio", "drupal", "organization", "program", "moved"]))
        if kind == "studio":
            made.append(run(draw(keys), ticket, name=draw(titles)))
        elif kind == "drupal":
            made.append(drupal(draw(keys), ticket, draw(titles)))
        elif kind == "organization":
            made.append(organization(ticket, draw(titles)))
        elif kind == "program":
            made.append(program(ticket, tuple(draw(st.sets(keys)))))
        else:
            made.append(moved(draw(keys), ticket, draw(st.sampled_from(COURSES))))
    return made


def newest(history: list[Sighting]) -> list[Sighting]:
    """The last answer about each record."""
    return list({(s.ref, s.name): s for s in sorted(history, key=lambda s: s.ticket)}.values())


def final(history: list[Sighting]):
    """What is to be stored in the end."""
    world = World()
    world.ingest(newest(history))
    return _told(world)


def _told(world: World):
    """The stored state; a course that only was a station of a run, or of a link, may be left behind empty."""
    empty = {ref for (_, ref), k in world.store.records.heads_kept.items() if not (k.head.runs or k.head.programs)}
    found = {
        ref: (marks, runs, programs, course, {n: p for n, p in payloads.items() if n != "registry#minted"})
        for ref, (marks, runs, programs, course, payloads) in stored(world.store).items()
    }
    return {r: s for r, s in found.items() if not (r.kind == "course" and r in empty)}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_order_any_batches_and_any_repetition_end_in_the_same_state(data):
    history = data.draw(histories())
    shuffled = data.draw(st.permutations(history + data.draw(st.lists(st.sampled_from(history), max_size=4))))
    world = World()
    while shuffled:
        size = data.draw(st.integers(1, len(shuffled)))
        world.ingest(shuffled[:size])
        shuffled = shuffled[size:]
    consistent(world.store)
    assert _told(world) == final(history)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_workers_side_by_side_end_in_the_same_state(data):
    history = data.draw(histories())
    hands = [[], [], []]
    for sighting in history + data.draw(st.lists(st.sampled_from(history), max_size=3)):
        hands[data.draw(st.integers(0, 2))].append(sighting)
    world = World()
    world.steps.interleave(
        [lambda hand=hand: world.ingest(hand) for hand in hands if hand],
        data.draw(st.lists(st.integers(0, 2), min_size=10, max_size=60)),
    )
    consistent(world.store)
    assert _told(world) == final(history)


@pytest.mark.parametrize("steps", range(1, 9))
def test_a_run_leaves_its_course_in_the_transaction_in_which_it_joins_another(steps):
    world = World()
    world.ingest([run(RUNS[0], 1), run(RUNS[3], 2)])
    world.steps.interleave(
        [lambda: world.ingest([moved(RUNS[0], 1, "A+Two")]), lambda: world.ingest([run(RUNS[1], 3)])],
        [0] * steps + [1] * 50,
    )
    consistent(world.store)
    assert world.store.records.heads_kept["edx", ref("course", "A+One")].head.runs == {RUNS[1].lower()}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_change_is_announced_after_it_was_stored_and_nothing_stays_due(data):
    history, world = data.draw(histories()), World()
    for sighting in history:
        world.ingest([sighting])
    assert [d for d in world.store.due.take(2**60, 999)] == []
    last = {c.ref: c.revision for c in world.store.announce.published}
    heads = {ref: k.head.revision for (_, ref), k in world.store.records.heads_kept.items() if ref.kind != "run"}
    assert last == {r: revision for r, revision in heads.items() if revision}


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_a_late_update_does_not_undo_a_newer_one(order):
    world = World()
    for ticket in order:
        world.ingest([run(RUNS[0], ticket, name=f"Name {ticket}")])
    [record] = [r for r in world.store.records.records_kept.values() if r.name == "studio#course"]
    assert record.payload["name"] == "Name 3"


def test_an_answer_that_says_nothing_new_raises_the_ticket_and_no_revision():
    world = World()
    world.ingest([run(RUNS[0], 1)])
    before = dict(world.store.records.heads_kept.items())
    revisions = {r: k.head.revision for r, k in before.items()}
    world.clock.now += 5_000
    result = world.ingest([run(RUNS[0], 4)])
    assert (result.changed, result.changes) == (0, [])
    assert {r: k.head.revision for r, k in world.store.records.heads_kept.items()} == revisions
    world.ingest([run(RUNS[0], 3, name="Older, but late")])
    assert [r for r in world.store.records.records_kept.values() if "Older" in str(r.payload)] == []


# Batches that fill transactions


def test_a_course_with_more_new_runs_than_a_transaction_holds():
    world = World()
    result = world.ingest([run(f"course-v1:A+One+R{n}", n + 1) for n in range(60)])
    consistent(world.store)
    assert len(world.store.records.heads_kept["edx", ref("course", "A+One")].head.runs) == 60
    assert (result.changed, result.first_seen) == (60, 60)


def test_a_program_of_more_courses_than_a_transaction_holds_is_linked_step_by_step():
    world = World()
    listed = tuple(f"course-v1:A+C{n}+1T" for n in range(190))
    world.ingest([run(key, n + 1) for n, key in enumerate(listed[:50])])
    world.ingest([program(1, listed)])
    consistent(world.store)
    assert len(world.store.records.heads_kept["edx", Ref("program", PROGRAM)].head.programs) == 190
    world.ingest([program(2, listed[185:])])
    consistent(world.store)
    assert len(world.store.records.heads_kept["edx", Ref("program", PROGRAM)].head.programs) == 5


def test_programs_of_one_page_that_share_courses():
    world = World()
    listed = tuple(f"course-v1:A+C{n}+1T" for n in range(40))
    sightings = []
    for n in range(12):
        uuid = b.uuid_for(f"program {n}")
        payload = b.program_payload(uuid, listed[n : n + 25], marketing_slug=f"p{n}")
        sightings.append(Sighting("program", uuid, "programs", "program", 1, payload, 1, 10))
    world.ingest(sightings)
    consistent(world.store)
    assert len(world.store.records.heads_kept["edx", ref("course", "A+C20")].head.programs) == 12


# What is minted


def test_two_courses_of_one_title_seen_in_one_batch_get_slugs_of_their_own():
    world = World()
    world.ingest([run(f"course-v1:A+C{n}+1T", n + 1, name="Rivers") for n in range(30)])
    consistent(world.store)
    slugs = [k[3] for k, r in world.store.records.claims.items() if r.kind == "course" and k[2] == "slug"]
    assert len(set(slugs)) == 30
    assert {"rivers", "rivers-2"} <= set(slugs)


def test_what_was_minted_once_stays_whatever_sources_say_later():
    world = World()
    world.ingest([run("course-v1:MixedCase+One+1T", 1, name="Rivers")])
    first = dict(world.store.records.claims)
    world.ingest([run("course-v1:mixedcase+one+1t", 2, name="Lakes")])
    assert world.store.records.claims == first
    minted = world.store.records.records_kept["edx", ref("course", "MixedCase+One"), "registry#minted"].payload
    assert (minted["key"], minted["slug"]) == ("MixedCase+One", "rivers")


def test_a_course_that_an_operator_puts_a_run_into_is_spelled_as_the_operator_spells_it():
    world = World()
    world.ingest([run(RUNS[0], 1)])
    world.ingest([moved(RUNS[0], 1, "B+Other")])
    minted = world.store.records.records_kept["edx", ref("course", "B+Other"), "registry#minted"].payload
    assert minted["key"] == "B+Other"


def test_a_uuid_that_another_thing_has_is_not_given_twice():
    world = World()
    uuid = b.uuid_for("shared")
    people = [
        Sighting("person", key, "registry", "edited", 1, {"given_name": key, "uuid": uuid}, 1, 10)
        for key in (uuid, b.uuid_for("other"))
    ]
    world.ingest(people)
    consistent(world.store)
    assert world.store.records.claims["edx", "person", "uuid", uuid] == Ref("person", uuid)


# Retirement of one record


def absent(key: str, ticket: int, read_at: int, *, final: bool = False) -> Sighting:
    return Sighting("run", key, "studio", "course", 1, None, ticket, read_at, final=final)


def test_only_a_second_look_fifteen_minutes_later_retires_and_a_later_answer_brings_back():
    world, minutes = World(), 60_000
    world.ingest([run(RUNS[0], 1)])
    states = []
    for ticket, at in enumerate((0, 14, 15), 2):
        stored_now = world.ingest([absent(RUNS[0], ticket, world.clock() + at * minutes)])
        head = world.store.records.heads_kept["edx", ref("run", RUNS[0])].head
        states.append((head.marks["studio#course"].state, len(stored_now.look_again), stored_now.first_missed))
    assert states == [("suspect", 1, 1), ("suspect", 1, 0), ("gone", 0, 0)]
    assert ("edx", ref("run", RUNS[0]), "studio#course") in world.store.records.records_kept
    world.ingest([run(RUNS[0], 9)])
    head = world.store.records.heads_kept["edx", ref("run", RUNS[0])].head
    assert head.marks["studio#course"].state == "present"


def test_an_absence_older_than_an_answer_does_nothing():
    world = World()
    world.ingest([run(RUNS[0], 5)])
    world.ingest([absent(RUNS[0], 3, 0), absent(RUNS[0], 4, 99 * 60_000, final=True)])
    assert world.store.records.heads_kept["edx", ref("run", RUNS[0])].head.marks["studio#course"].state != GONE
