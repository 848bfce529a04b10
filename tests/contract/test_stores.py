"""The contract of the Records, Views and DueList ports: memory, moto and the local cloud answer alike."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from chalicelib.domain.change import EDIT, TOUCH, Change
from chalicelib.domain.keys import Ref
from chalicelib.domain.record import Head, Mark, Record, digest_of
from chalicelib.domain.store import (
    Claim,
    DueAnnouncement,
    DueClock,
    DueRead,
    HeadWrite,
    Replaced,
    StoredView,
    Unit,
)

RUN = Ref("run", "course-v1:a+b+c")
COURSE = Ref("course", "a+b")


def course(number: int) -> Ref:
    return Ref("course", f"a+{number:04}")


def write(ref: Ref, seen: Head | None = None, *, revision: int = 1, cause: str = "", payload=None) -> HeadWrite:
    """A head's next write, with a record when there is a payload."""
    seen = seen or Head()
    records, marks = (), dict(seen.marks)
    if payload is not None:
        digest = digest_of(payload)
        records = (Record("studio", "course", 1, payload, revision, 5, digest),)
        marks["studio#course"] = Mark(revision, 5, digest)
    head = replace(seen, lock=seen.lock + 1, revision=revision, marks=marks)
    return HeadWrite(ref, seen, head, records, cause=cause)


def commit(rig, tenant, *writes, claims=()):
    return rig.records.commit(tenant, [Unit((w,), tuple(claims)) for w in writes])


# Heads, records, transactions


def test_what_was_written_is_read_back(rig, tenant):
    payload = {"id": RUN.key, "big": 2**70, "text": "é\ud800", "list": [1.5, None, True]}
    one = write(RUN, revision=7, payload=payload)
    one = replace(one, head=replace(one.head, course="a+b", runs=frozenset({"x"}), programs=frozenset({"p"})))
    assert commit(rig, tenant, one) == []
    assert rig.records.heads(tenant, [RUN, COURSE]) == {RUN: one.head}
    found = rig.records.aggregates(tenant, [RUN, COURSE])
    assert found[RUN].records[0].payload == payload
    assert found[RUN].records == one.records
    assert found[COURSE].head == Head() and found[COURSE].records == ()


def test_a_head_that_somebody_wrote_meanwhile_is_a_conflict_and_nothing_of_its_unit_is_written(rig, tenant):
    first = write(RUN, payload={"n": 1})
    commit(rig, tenant, first)
    commit(rig, tenant, write(RUN, first.head, revision=2, payload={"n": 2}))
    stale = Unit((write(RUN, first.head, revision=3, payload={"n": 3}), write(COURSE, payload={"n": 3})))
    assert rig.records.commit(tenant, [stale]) == [stale]
    found = rig.records.aggregates(tenant, [RUN, COURSE])
    assert found[RUN].records[0].payload == {"n": 2}
    assert COURSE not in rig.records.heads(tenant, [COURSE])


def test_a_thing_can_be_first_seen_only_once(rig, tenant):
    assert commit(rig, tenant, write(RUN, payload={"n": 1})) == []
    again = Unit((write(RUN, payload={"n": 2}),))
    assert rig.records.commit(tenant, [again]) == [again]


def test_units_in_conflict_do_not_hold_up_the_others(rig, tenant):
    commit(rig, tenant, write(course(3)), write(course(110)))
    units = [Unit((write(course(n), payload={"n": n}),)) for n in range(120)]
    assert rig.records.commit(tenant, units) == [units[3], units[110]]
    assert len(rig.records.heads(tenant, [course(n) for n in range(120)])) == 120


def test_more_than_a_hundred_are_written_and_read(rig, tenant):
    units = [Unit((write(course(n), payload={"n": n}),)) for n in range(120)]
    assert rig.records.commit(tenant, units) == []
    found = rig.records.aggregates(tenant, [course(n) for n in range(120)])
    assert [found[course(n)].records[0].payload["n"] for n in range(120)] == list(range(120))


def test_heavy_payloads_share_transactions_no_more_than_fit(rig, tenant):
    noise = random.Random(1)
    payloads = [noise.randbytes(120_000).hex() for _ in range(12)]
    units = [Unit((write(course(n), payload={"t": payloads[n]}),)) for n in range(12)]
    whole = Ref("course", "whole+unit")
    big = [write(Ref("run", f"course-v1:w+{n}+r"), payload={"t": payloads[n] * 2}) for n in range(12)]
    assert rig.records.commit(tenant, [*units, Unit((write(whole), *big))]) == []
    found = rig.records.aggregates(tenant, [*(course(n) for n in range(12)), *(w.ref for w in big)])
    assert all(found[course(n)].records[0].payload == {"t": payloads[n]} for n in range(12))
    assert all(found[w.ref].records == w.records for w in big)


def test_a_payload_too_large_for_an_item_goes_to_the_bucket(rig, tenant):
    payload = {"text": random.Random(tenant).randbytes(700_000).hex()}
    commit(rig, tenant, write(RUN, payload=payload))
    assert rig.records.aggregates(tenant, [RUN])[RUN].records[0].payload == payload
    if rig.s3 is not None:
        assert rig.s3.list_objects_v2(Bucket=rig.bucket, Prefix="payloads/")["KeyCount"] >= 1


def test_tenants_do_not_see_each_other(rig, tenant):
    commit(rig, tenant, write(RUN, payload={"n": 1}))
    assert rig.records.heads(f"{tenant}2", [RUN]) == {}


# History


def test_history_tells_newest_first_what_was_replaced_by_whom_and_why(rig, tenant):
    head = Head()
    for revision in range(1, 13):
        old = Record("studio", "course", 1, {"n": revision - 1}, revision, 5, str(revision))
        one = replace(write(RUN, head, revision=revision), replaced=(Replaced(old, f"who{revision}", EDIT),))
        assert commit(rig, tenant, one) == []
        head = one.head
    entries = rig.records.history(tenant, RUN, 5)
    assert [e.revision for e in entries] == [12, 11, 10, 9, 8]
    assert entries[0].replaced.record.payload == {"n": 11}
    assert (entries[0].replaced.who, entries[0].replaced.cause, entries[0].at) == ("who12", EDIT, rig.clock())


def test_history_of_heavy_records_is_told_whole(rig, tenant):
    head, noise = Head(), random.Random(2)
    for revision in range(1, 9):
        old = Record("drupal", "course", 1, {"t": noise.randbytes(250_000).hex()}, revision, 5, str(revision))
        one = replace(write(RUN, head, revision=revision), replaced=(Replaced(old, "who", EDIT),))
        assert commit(rig, tenant, one) == []
        head = one.head
    assert [e.revision for e in rig.records.history(tenant, RUN, 99)] == [*range(8, 0, -1)]
    assert [e.revision for e in rig.records.history(tenant, RUN, 6)] == [*range(8, 2, -1)]


# Look-ups


def test_a_look_up_belongs_to_the_first_that_claims_it(rig, tenant):
    claim = Claim(COURSE, "slug", "rivers")
    assert commit(rig, tenant, write(COURSE), claims=[claim]) == []
    other = Ref("course", "x+y")
    assert len(commit(rig, tenant, write(other), claims=[replace(claim, ref=other)])) == 1
    assert rig.records.look_up(tenant, "course", "slug", "rivers") == COURSE
    assert rig.records.heads(tenant, [other]) == {}
    assert rig.records.holders(tenant, "course", "slug", ["rivers", "lakes"]) == {"rivers": COURSE}
    assert rig.records.look_up(tenant, "program", "slug", "rivers") is None


def test_its_holder_may_claim_it_again(rig, tenant):
    claim = Claim(COURSE, "uuid", "u1")
    first = write(COURSE)
    commit(rig, tenant, first, claims=[claim])
    assert commit(rig, tenant, write(COURSE, first.head, revision=2), claims=[claim]) == []


def test_no_number_is_given_twice(rig, tenant):
    given = [rig.records.number(tenant, "person"), rig.records.number(tenant, "person", 10)]
    assert given == [1, 11]
    assert rig.records.number(tenant, "topic") == 1


# Edges


def test_edges_are_paged_shallow_kinds_first(rig, tenant):
    shown = Ref("organization", "org")
    by = [Ref("program", f"p{n:03}") for n in range(40)] + [Ref("pathway", "w"), *(course(n) for n in range(70))]
    rig.records.put_edges(tenant, [(shown, b, 5) for b in by])
    found, after, pages = [], "", 0
    while pages == 0 or after:
        page, after = rig.records.embedded_by(tenant, shown, after, 25)
        found += page
        pages += 1
    assert found == [*(course(n) for n in range(70)), *(Ref("program", f"p{n:03}") for n in range(40)), by[40]]
    assert pages in {5, 6}
    assert rig.records.embedded_by(tenant, Ref("organization", "other"), "", 25) == ([], "")


def test_dropping_an_edge_leaves_one_that_was_noted_again_later(rig, tenant):
    a, b, by = Ref("person", "a"), Ref("person", "b"), COURSE
    rig.records.put_edges(tenant, [(a, by, 5), (b, by, 5)])
    rig.records.put_edges(tenant, [(b, by, 7)])
    rig.records.drop_edges(tenant, [(a, by, 6), (b, by, 6), (Ref("person", "never"), by, 6)])
    assert rig.records.embedded_by(tenant, a, "", 9) == ([], "")
    assert rig.records.embedded_by(tenant, b, "", 9) == ([by], "")


def test_an_edge_noted_twice_at_once_is_one(rig, tenant):
    rig.records.put_edges(tenant, [(COURSE, RUN, 5), (COURSE, RUN, 5)])
    assert rig.records.embedded_by(tenant, COURSE, "", 9) == ([RUN], "")


# Announcing


def announcements(rig, tenant, at):
    found = [d for d in rig.due.take(at, 500) if isinstance(d, DueAnnouncement) and d.tenant == tenant]
    return [(d.ref, d.revision, d.cause) for d in found]


def change(ref: Ref, revision: int, tenant: str, cause: str = EDIT) -> Change:
    return Change(tenant, ref.kind, ref.key, revision, cause)


def test_a_written_change_is_due_until_it_is_announced(rig, tenant):
    commit(rig, tenant, write(RUN, revision=5, cause=EDIT), write(COURSE, revision=6))
    assert announcements(rig, tenant, rig.clock()) == []
    later = rig.clock() + 31_000
    assert announcements(rig, tenant, later) == [(RUN, 5, EDIT)]
    rig.records.announced(tenant, [change(RUN, 5, tenant), change(COURSE, 6, tenant), change(course(9), 1, tenant)])
    assert announcements(rig, tenant, later) == []


def test_announcing_an_older_revision_leaves_the_newer_one_due(rig, tenant):
    first = write(RUN, revision=5, cause=EDIT)
    commit(rig, tenant, first)
    commit(rig, tenant, write(RUN, first.head, revision=8, cause=EDIT))
    rig.records.announced(tenant, [change(RUN, 5, tenant)])
    assert announcements(rig, tenant, rig.clock() + 31_000) == [(RUN, 8, EDIT)]


def test_a_write_that_only_raises_a_ticket_leaves_the_announcement_due(rig, tenant):
    first = write(RUN, revision=5, cause=EDIT)
    commit(rig, tenant, first)
    commit(rig, tenant, write(RUN, first.head, revision=5))
    assert announcements(rig, tenant, rig.clock() + 31_000) == [(RUN, 5, EDIT)]


def test_announcing_a_touch_leaves_an_edit_due_that_nobody_was_told_of(rig, tenant):
    first = write(RUN, revision=5, cause=EDIT)
    commit(rig, tenant, first)
    commit(rig, tenant, write(RUN, first.head, revision=8, cause=TOUCH))
    rig.records.announced(tenant, [change(RUN, 8, tenant, TOUCH)])
    later = rig.clock() + 31_000
    assert announcements(rig, tenant, later) == [(RUN, 8, EDIT)]
    rig.records.announced(tenant, [change(RUN, 8, tenant)])
    assert announcements(rig, tenant, later) == []


def test_an_edit_told_of_late_is_owed_no_more_though_a_touch_came_after_it(rig, tenant):
    first = write(RUN, revision=5, cause=EDIT)
    commit(rig, tenant, first)
    commit(rig, tenant, write(RUN, first.head, revision=8, cause=TOUCH))
    rig.records.announced(tenant, [change(RUN, 5, tenant)])
    assert announcements(rig, tenant, rig.clock() + 31_000) == [(RUN, 8, TOUCH)]
    rig.records.announced(tenant, [change(RUN, 8, tenant, TOUCH)])
    assert announcements(rig, tenant, rig.clock() + 31_000) == []


# What is due


def read(tenant: str, key: str, at: int, **more) -> DueRead:
    return DueRead(
        **{"tenant": tenant, "source": "otto", "kind": "run", "cause": EDIT, "why": "w"} | more, key=key, at=at
    )


def mine(rig, tenant, at):
    return [d for d in rig.due.take(at, 500) if d.tenant == tenant]


def test_due_items_come_oldest_first_and_stay_until_they_are_done(rig, tenant):
    items = [read(tenant, f"course-v1:a+{n}+c", 1000 - n, confirm=bool(n % 2), attempt=n) for n in range(45)]
    rig.due.add(items)
    rig.due.add([DueClock(tenant, COURSE, 5), DueClock(tenant, COURSE, 6, "index")])
    taken = mine(rig, tenant, 1000)
    assert taken == [DueClock(tenant, COURSE, 5), DueClock(tenant, COURSE, 6, "index"), *reversed(items)]
    assert mine(rig, tenant, 4) == []
    rig.due.done(taken)
    assert mine(rig, tenant, 1000) == []


def test_a_read_noted_again_replaces_the_instant_and_is_not_done_with_the_old_one(rig, tenant):
    old, new = read(tenant, "K+1", 10), read(tenant, "k+1", 20, why="again")
    rig.due.add([old])
    rig.due.add([new])
    rig.due.done([old])
    assert mine(rig, tenant, 30) == [new]


def test_reads_of_other_sources_and_kinds_are_things_of_their_own(rig, tenant):
    items = [read(tenant, "k", 1), read(tenant, "k", 2, source="studio"), read(tenant, "k", 3, kind="person")]
    rig.due.add(items)
    assert mine(rig, tenant, 9) == items


def test_at_latest_keeps_an_earlier_instant_still_to_come(rig, tenant):
    rig.due.at_latest([DueClock(tenant, COURSE, 100)], 50)
    rig.due.at_latest([DueClock(tenant, COURSE, 200)], 60)
    assert mine(rig, tenant, 999) == [DueClock(tenant, COURSE, 100)]
    rig.due.at_latest([DueClock(tenant, COURSE, 80)], 60)
    assert mine(rig, tenant, 999) == [DueClock(tenant, COURSE, 80)]


def test_at_latest_replaces_an_instant_that_has_come(rig, tenant):
    first, second = DueClock(tenant, COURSE, 100), DueClock(tenant, COURSE, 300)
    rig.due.at_latest([first, DueClock(tenant, RUN, 90)], 50)
    rig.due.at_latest([second], 100)
    rig.due.done([first])
    assert mine(rig, tenant, 999) == [DueClock(tenant, RUN, 90), second]


def test_the_oldest_that_is_overdue_has_an_age(rig, tenant):
    first = read(tenant, "k", -1_000_000)
    rig.due.add([first])
    assert rig.due.oldest(-999_000) == 1000
    assert rig.due.oldest(-1_000_001) == 0
    rig.due.done([first])
    assert rig.due.oldest(-999_000) == 0


# Views


def view(ref: Ref, revision: int, overlay: int = 1, **more) -> StoredView:
    return StoredView(ref, revision, overlay, {"n": revision, "text": "é"}, **more)


def version(revision: int, overlay: int = 1) -> int:
    return revision * 256 + overlay


def test_a_view_is_read_back_whole(rig, tenant):
    one = view(COURSE, 5, embeds=frozenset({RUN, Ref("person", "p#x")}), valid_until=99)
    run = view(RUN, 5, owner=COURSE)
    assert list(rig.views.put(tenant, [[one, run]], [0])) == [True]
    assert rig.views.get(tenant, [COURSE, RUN, course(1)]) == {COURSE: one, RUN: run}
    commit(rig, tenant, head := write(COURSE, revision=7))
    bare = replace(one, embeds=frozenset())
    assert rig.views.with_heads(tenant, [COURSE, RUN], [COURSE, RUN]) == ({COURSE: bare, RUN: run}, {COURSE: head.head})
    rig.views.remove(tenant, [COURSE])
    assert list(rig.views.get(tenant, [COURSE, RUN])) == [RUN]


def test_a_view_is_written_only_over_the_version_that_was_seen(rig, tenant):
    rig.views.put(tenant, [[view(COURSE, 5)]], [0])
    assert list(rig.views.put(tenant, [[view(COURSE, 9)]], [0])) == [False]
    assert list(rig.views.put(tenant, [[view(COURSE, 9)]], [version(4)])) == [False]
    assert list(rig.views.put(tenant, [[view(COURSE, 4)]], [version(5)])) == [False]
    assert list(rig.views.put(tenant, [[view(COURSE, 9)]], [version(5)])) == [True]
    assert rig.views.get(tenant, [COURSE])[COURSE].revision == 9


def test_a_view_can_be_made_again_in_the_same_version(rig, tenant):
    rig.views.put(tenant, [[view(COURSE, 5), view(RUN, 5, owner=COURSE)]], [0])
    again = [replace(view(COURSE, 5), body={"made": "again"}), replace(view(RUN, 5, owner=COURSE), body={"a": 1})]
    assert list(rig.views.put(tenant, [again], [version(5)])) == [True]
    assert rig.views.get(tenant, [COURSE, RUN]) == {COURSE: again[0], RUN: again[1]}


def test_a_later_overlay_of_the_same_revision_is_newer(rig, tenant):
    rig.views.put(tenant, [[view(COURSE, 5, 1)]], [0])
    assert list(rig.views.put(tenant, [[view(COURSE, 5, 2)]], [version(5, 1)])) == [True]


def test_one_group_in_conflict_does_not_hold_up_the_others(rig, tenant):
    rig.views.put(tenant, [[view(course(7), 9)]], [0])
    groups = [[view(course(n), 5), view(Ref("run", f"r{n}"), 5, owner=course(n))] for n in range(80)]
    put = list(rig.views.put(tenant, groups, [0] * 80))
    assert [n for n, written in enumerate(put) if not written] == [7]
    assert len(rig.views.get(tenant, [v.ref for group in groups for v in group])) == 159
    assert Ref("run", "r7") not in rig.views.get(tenant, [Ref("run", "r7")])


def test_a_run_that_moved_on_is_left_out_of_its_former_courses_group(rig, tenant):
    rig.views.put(tenant, [[view(COURSE, 9), view(RUN, 9, owner=COURSE)]], [0])
    assert list(rig.views.put(tenant, [[view(course(1), 8), view(RUN, 8, owner=course(1))]], [0])) == [True]
    found = rig.views.get(tenant, [RUN, course(1)])
    assert (found[RUN].revision, found[course(1)].revision) == (9, 8)


def test_a_run_in_two_groups_at_once_ends_in_its_newest(rig, tenant):
    groups = [[view(COURSE, 8), view(RUN, 8, owner=COURSE)], [view(course(1), 9), view(RUN, 9, owner=course(1))]]
    for order in (groups, groups[::-1]):
        rig.views.remove(tenant, [COURSE, RUN, course(1)])
        assert list(rig.views.put(tenant, order, [0, 0])) == [True, True]
        assert rig.views.get(tenant, [RUN])[RUN].owner == course(1)


def test_a_course_with_more_runs_than_a_transaction_holds(rig, tenant):
    group = [view(COURSE, 5), *(view(Ref("run", f"r{n}"), 5, owner=COURSE) for n in range(140))]
    assert list(rig.views.put(tenant, [group, [view(course(1), 5)]], [0, 0])) == [True, True]
    assert len(rig.views.get(tenant, [v.ref for v in group])) == 141


@pytest.mark.parametrize("size", [0, 1, 120])
def test_any_number_of_views_is_read(rig, tenant, size):
    rig.views.put(tenant, [[view(course(n), 5)] for n in range(size)], [0] * size)
    assert len(rig.views.get(tenant, [course(n) for n in range(size)])) == size
