"""Search documents: every field is mapped, time-dependent ones hold until valid_until."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.keys import Ref
from chalicelib.domain.reads.instants import instant
from chalicelib.domain.search import mappings as index
from chalicelib.domain.search.document import INDEXED, documents, valid_until
from tests.bodies import NOW, at, course, organization, pathway, person, program, run, seat, subject, topic
from tests.unit.test_schedule import runs as any_runs

MS = instant(NOW)
COURSE = Ref("course", "edx+demox")


def of_course(*runs: dict[str, Any], **values: Any) -> dict[Ref, dict[str, Any]]:
    body = course(runs=list(runs), **values)
    return {COURSE: body} | {Ref("run", r["key"].lower()): r for r in runs}


def lettered(letter: str, **values: Any) -> dict[str, Any]:
    return run(f"course-v1:edX+DemoX+{letter}", **values)


def course_fields(*runs: dict[str, Any], **values: Any) -> Any:
    return documents(COURSE, of_course(*runs, **values), MS)[0].fields


def run_fields(**values: Any) -> Any:
    return documents(COURSE, of_course(lettered("R", **values)), MS)[1].fields


BODIES = {
    "program": program(),
    "organization": organization(),
    "person": person(),
    "subject": subject(),
    "topic": topic(),
    "pathway": pathway(),
}


@pytest.mark.parametrize("kind", BODIES)
def test_each_kind_has_one_document_and_all_of_its_fields_are_mapped(kind: str) -> None:
    ref = Ref(kind, "the key")
    (document,) = documents(ref, {ref: BODIES[kind]}, MS)
    assert (document.kind, document.id, document.refs) == (kind, "the key", (ref,))
    assert set(document.fields) <= set(index.fields_of(kind))
    assert document.fields["uuid"] == BODIES[kind]["uuid"]
    assert document.fields["text"]


def test_a_course_has_its_own_document_and_one_per_run_and_all_fields_are_mapped() -> None:
    made = documents(COURSE, of_course(lettered("A"), lettered("B")), MS)
    assert [(d.kind, d.id) for d in made] == [
        ("course", "edx+demox"),
        ("run", "course-v1:edx+demox+a"),
        ("run", "course-v1:edx+demox+b"),
    ]
    for document in made:
        assert set(document.fields) <= set(index.fields_of(document.kind))
        assert document.refs == (Ref(document.kind, document.id),)


def test_things_nobody_searches_and_views_without_a_body_have_no_document() -> None:
    assert documents(Ref("vocabulary", "level_types"), {Ref("vocabulary", "level_types"): {}}, MS) == ()
    assert documents(COURSE, {}, MS) == ()
    assert valid_until(COURSE, {}, MS) is None
    assert set(INDEXED) == set(index.KINDS)


def test_runs_of_a_course_share_its_aggregation_key_and_each_has_its_own_uuid() -> None:
    own, first, _ = documents(COURSE, of_course(lettered("A"), lettered("B")), MS)
    assert own.fields["aggregation_key"] == "course:edX+DemoX"
    assert first.fields["aggregation_key"] == "courserun:edX+DemoX"
    assert first.fields["aggregation_uuid"] == f"courserun:{first.fields['uuid']}"
    assert first.fields["content_type"] == "courserun"


def test_a_course_says_once_per_visible_run_what_its_runs_say() -> None:
    fields = course_fields(
        lettered("A", start=at(-1)),
        lettered("B", start=at(9), hidden=True),
        lettered("C", _restricted=True, restriction_type="custom-b2c"),
        lettered("D", _marketable_type=False),
    )
    assert fields["availability"] == ["Current", "Starting Soon"]
    assert fields["start"] == [at(-1), at(9)]
    assert fields["run_keys"] == ["course-v1:edx+demox+a", "course-v1:edx+demox+b"]


def test_who_can_buy_a_course_now_is_told_per_restriction() -> None:
    restricted = {"_restricted": True, "restriction_type": "custom-b2c"}
    assert course_fields(lettered("A"), lettered("B", **restricted))["sellable"] == ["custom-b2c", "none"]
    assert course_fields(lettered("B", **restricted))["sellable"] == ["custom-b2c"]
    assert "sellable" not in course_fields(lettered("A", end=at(-1)))


def test_the_status_filter_knows_its_pseudo_values() -> None:
    fields = course_fields(
        lettered("A", status="review_by_legal"),
        lettered("B", status="unpublished"),
        lettered("C", status="unpublished", end=at(-1)),
        lettered("D", status="reviewed", hidden=True),
    )
    assert fields["course_run_statuses"] == ["archived", "in_review", "review_by_legal", "unpublished", "unsubmitted"]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [([None], (None, "Future")), ([at(-9), at(-1)], ("2026-11-20T12:00:00Z", "Past")), ([at(0)], (at(0), "Past"))],
)
def test_a_course_ends_when_its_last_published_run_does(ends: list[str], expected: tuple[str | None, str]) -> None:
    runs = [lettered(f"R{i}", end=end) for i, end in enumerate(ends)]
    fields = course_fields(*runs, lettered("U", end=at(99), status="unpublished"))
    assert (fields.get("end_date"), fields["course_ends"]) == expected


def test_a_courses_price_is_that_of_its_first_active_run_by_key() -> None:
    runs = [
        lettered("C", first_enrollable_paid_seat_price=3),
        lettered("b", first_enrollable_paid_seat_price=2),
        lettered("A", first_enrollable_paid_seat_price=1, end=at(-1)),
    ]
    assert course_fields(*runs)["first_enrollable_paid_seat_price"] == 2


def test_a_run_says_what_can_be_had_now_and_who_may_see_it() -> None:
    early = seat("professional", "9.00", sku="S", upgrade_deadline=at(1))
    fields = run_fields(seats=[seat("verified", sku="LATE"), early])
    assert fields["has_enrollable_seats"] and fields["has_enrollable_paid_seats"] and fields["is_active"]
    assert fields["first_enrollable_paid_seat_sku"] == "S"
    assert fields["restriction"] == "none"
    assert not run_fields(seats=[seat("credit", "9.00")])["has_enrollable_paid_seats"]
    assert not run_fields(enrollment_end=at(-1))["has_enrollable_seats"]
    assert run_fields(_restricted=True, restriction_type="custom-b2c")["restriction"] == "custom-b2c"


def test_what_search_must_not_show_is_marked_and_lists_still_have_it() -> None:
    assert run_fields()["searchable"] and course_fields(lettered("A"))["searchable"]
    assert not run_fields(_marketable_type=False)["searchable"]
    assert not run_fields(_run_type_retired=True)["searchable"]
    assert not course_fields(lettered("A"), _type_retired=True)["searchable"]


def test_the_searched_text_holds_what_a_reader_would_look_for() -> None:
    said = course_fields(lettered("A"), title="Quantum things", prerequisites=[{"name": "Algebra"}])["text"]
    for words in ("Quantum things", "Algebra", "edX: The edX University", "Computer Science", "Ada Teacher", "DemoX+A"):
        assert words in said


def test_only_an_engine_with_synonyms_is_given_some() -> None:
    plain, with_some = (index.settings(replicas=0, refresh="1s", synonyms=s) for s in ((), ("ml, machine learning",)))
    assert "synonym" not in plain["analysis"]["filter"]
    assert plain["analysis"]["analyzer"]["synonym_text"]["filter"] == ["lowercase", "english_snowball"]
    assert with_some["analysis"]["analyzer"]["synonym_text"]["filter"] == ["lowercase", "synonym", "english_snowball"]


@settings(max_examples=60)
@given(dates=st.lists(any_runs, min_size=1, max_size=3), shares=st.lists(st.floats(0, 1), max_size=5))
def test_documents_hold_until_they_are_due(dates: list[dict[str, Any]], shares: list[float]) -> None:
    bodies = of_course(*(lettered(f"R{i}", **d) for i, d in enumerate(dates)))
    kept, due = documents(COURSE, bodies, MS), valid_until(COURSE, bodies, MS)
    until = MS + 10**11 if due is None else due - 1
    for share in (*shares, 1.0):
        assert documents(COURSE, bodies, MS + round(share * (until - MS))) == kept


@settings(max_examples=40)
@given(dates=st.lists(any_runs, min_size=1, max_size=3), share=st.floats(0, 1))
def test_a_programs_document_holds_until_it_is_due(dates: list[dict[str, Any]], share: float) -> None:
    ref = Ref("program", "p")
    bodies = {ref: program(courses=[course(runs=[lettered(f"R{i}", **d)]) for i, d in enumerate(dates)])}
    kept, due = documents(ref, bodies, MS), valid_until(ref, bodies, MS)
    until = MS + 10**11 if due is None else due - 1
    assert documents(ref, bodies, MS + round(share * (until - MS))) == kept
