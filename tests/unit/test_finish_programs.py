"""Finishing programs: shapes, courses inside them, prices, and what one click can buy."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from chalicelib.domain.reads import fields
from chalicelib.domain.reads.finish import finish_minimal_program, finish_pathway, finish_program
from chalicelib.domain.reads.flags import Flags, parse_flags
from chalicelib.domain.reads.reader import Reader
from tests.bodies import NOW, at, course, minimal_course, pathway, program, run, seat

PUBLIC = Reader()


def mini(name: str, **values: Any) -> dict[str, Any]:
    return run(f"course-v1:edX+{name}+R", minimal=True, **values)


def of(*runs: dict[str, Any], name: str = "A", **values: Any) -> dict[str, Any]:
    return minimal_course(f"edX+{name}", runs=list(runs), **values)


def order(body: dict[str, Any]) -> str:
    return "".join(each["key"][-1] for each in finish_program(body, NOW, PUBLIC)["courses"])


def test_a_program_has_exactly_the_wire_fields_in_their_order() -> None:
    detail = finish_program(program(), NOW, PUBLIC)
    assert tuple(detail) == fields.PROGRAM
    assert tuple(detail["courses"][0]) == fields.MINIMAL_COURSE
    assert tuple(detail["courses"][0]["course_runs"][0]) == fields.MINIMAL_RUN


def test_a_list_shows_less_and_extended_two_fields_more() -> None:
    assert tuple(finish_minimal_program(program(), NOW, PUBLIC)) == fields.MINIMAL_PROGRAM
    extended = finish_minimal_program(program(), NOW, PUBLIC, Flags(extended=True))
    assert set(extended) - set(fields.MINIMAL_PROGRAM) == {"expected_learning_items", "price_ranges"}


def test_courses_are_ordered_by_their_first_start_then_by_enrollment_start() -> None:
    courses = [
        of(mini("N", start=None), name="N"),
        of(name="E"),
        of(mini("B", start=at(2), enrollment_start=at(1)), name="B"),
        of(mini("A", start=at(2)), mini("A2", start=at(9)), name="A"),
        of(mini("C", start=at(1)), name="C"),
    ]
    body = program(courses=courses)
    assert order(body) == "CABNE"
    assert order(body | {"_order_by_start": False}) == "NEBAC"
    assert order(body | {"_excluded_runs": ["course-v1:edX+C+R"]}) == "ABNEC"


def test_excluded_and_restricted_runs_are_not_shown_and_hidden_ones_are() -> None:
    runs = [mini("A"), mini("B"), mini("C", _restricted=True, restriction_type="custom-b2c"), mini("D", _hidden=True)]
    body = program(courses=[of(*runs)], _excluded_runs=["course-v1:edX+B+R"])

    def shown(flags: Flags) -> str:
        (only,) = finish_program(body, NOW, PUBLIC, flags)["courses"]
        return "".join(each["key"][-3] for each in only["course_runs"])

    assert shown(Flags()) == "AD"
    assert shown(parse_flags({"include_restricted": "custom-b2c"})) == "ACD"


def test_a_course_that_is_over_vanishes_when_a_filter_empties_it_and_one_to_come_stays() -> None:
    over, later = of(mini("A", end=at(-1), status="unpublished"), name="A"), of(mini("B", status="reviewed"), name="B")
    body = program(courses=[over, later, of(name="E")])
    finished = finish_program(body, NOW, PUBLIC, Flags(published_course_runs_only=True))
    assert [(c["key"], c["course_runs"]) for c in finished["courses"]] == [("edX+B", []), ("edX+E", [])]
    assert len(finish_program(body, NOW, PUBLIC)["courses"]) == 3


def test_full_courses_take_the_place_of_minimal_ones_without_their_programs() -> None:
    whole = course("edX+A", runs=[run("course-v1:edX+A+R"), run("course-v1:edX+A+X")])
    body = program(courses=[of(mini("A"))], _excluded_runs=["course-v1:edX+A+X"])
    finished = finish_program(body, NOW, Reader("jane"), Flags(use_full_course_serializer=True), {"edx+a": whole})
    (only,) = finished["courses"]
    assert tuple(only) == fields.COURSE
    assert [r["key"] for r in only["course_runs"]] == ["course-v1:edX+A+R"]
    assert only["marketing_url"].endswith("?utm_source=jane&utm_medium=affiliate_partner")
    assert "utm" not in finished["marketing_url"]


def test_statuses_of_a_program_are_those_of_its_courses() -> None:
    body = program(courses=[of(mini("A")), of(mini("B", status="unpublished", end=at(-1)), mini("C", _hidden=True))])
    assert finish_program(body, NOW, PUBLIC)["course_run_statuses"] == ["archived", "published"]


VERIFIED = seat("verified", "10.00")
ENTITLEMENT = {"mode": "verified", "price": "70.00", "currency": "USD", "sku": "E", "expires": None}


def total(*courses: dict[str, Any], **values: Any) -> Any:
    (only,) = finish_program(program(courses=list(courses), **values), NOW, PUBLIC)["price_ranges"]
    assert list(only) == ["currency", "min", "max", "total"]
    return only["total"]


def test_the_total_is_one_seat_of_each_course() -> None:
    assert total(of(mini("A", seats=[VERIFIED])), of(mini("B", seats=[seat("verified", "5.50")]))) == "15.50"


def test_an_entitlement_stands_for_its_course_and_other_modes_do_not_count() -> None:
    assert total(of(mini("A", seats=[VERIFIED]), entitlements=[ENTITLEMENT])) == "70.00"
    assert total(of(mini("A", seats=[VERIFIED]), entitlements=[ENTITLEMENT | {"mode": "credit"}])) == "10.00"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"enrollment_start": at(-9)}, {"enrollment_start": at(-5)}, "20.00"),
        ({"enrollment_start": at(-9)}, {"enrollment_start": at(5)}, "10.00"),
        ({"enrollment_start": at(-9)}, {}, "20.00"),
        ({"enrollment_start": at(-9)}, {"end": at(-1)}, "10.00"),
        ({"end": at(-1)}, {}, "20.00"),
    ],
)
def test_of_several_runs_the_one_last_opened_for_enrollment_sets_the_price(
    first: dict[str, Any], second: dict[str, Any], expected: str
) -> None:
    runs = [mini("A", seats=[VERIFIED], **first), mini("B", seats=[seat("verified", "20.00")], **second)]
    assert total(of(*runs)) == expected
    assert total(of(*runs, _canonical_course_run_key="course-v1:edX+A+R")) == "10.00"


def one_click(*courses: dict[str, Any], **values: Any) -> bool:
    finished = finish_program(program(courses=list(courses), **values), NOW, PUBLIC)
    return bool(finished["is_program_eligible_for_one_click_purchase"])


def test_one_click_buys_a_program_when_each_course_has_one_thing_to_buy() -> None:
    buyable = mini("A", seats=[VERIFIED])
    assert one_click(of(buyable))
    assert one_click(of(buyable, mini("B", status="unpublished")))
    assert one_click(of(buyable, mini("B")), _excluded_runs=["course-v1:edX+B+R"])
    assert one_click(of(buyable), of(mini("B"), mini("C"), entitlements=[ENTITLEMENT]))


@pytest.mark.parametrize(
    "values",
    [
        {"seats": [seat("audit", "0.00")]},
        {"end": at(-1)},
        {"enrollment_start": at(1)},
        {"enrollment_end": at(-1)},
        {"seats": [VERIFIED | {"upgrade_deadline": at(-1)}]},
        {"status": "unpublished"},
    ],
)
def test_one_click_buys_nothing_that_cannot_be_bought_now(values: dict[str, Any]) -> None:
    assert not one_click(of(mini("A", **{"seats": [VERIFIED], **values})))


def test_one_click_needs_the_program_to_allow_it_and_no_choice_of_runs() -> None:
    buyable = of(mini("A", seats=[VERIFIED]))
    assert not one_click(buyable, _one_click=False)
    assert not one_click(buyable, of(mini("B", seats=[VERIFIED]), mini("C", seats=[VERIFIED])))


def test_curricula_show_courses_and_programs_of_their_own() -> None:
    curriculum = {"uuid": "u", "name": "Core", "is_active": True, "courses": [of(mini("A"))], "programs": [program()]}
    (shown,) = finish_program(program(curricula=[curriculum]), NOW, PUBLIC)["curricula"]
    assert tuple(shown["courses"][0]) == fields.MINIMAL_COURSE
    assert tuple(shown["programs"][0]) == fields.MINIMAL_PROGRAM


def test_a_pathway_shows_its_programs_as_lists_do() -> None:
    finished = finish_pathway(pathway(), NOW, PUBLIC)
    assert tuple(finished) == fields.PATHWAY
    assert tuple(finished["programs"][0]) == fields.MINIMAL_PROGRAM
    assert finished["course_run_statuses"] == ["published"]


def test_finishing_leaves_the_kept_program_as_it_was() -> None:
    body = program(curricula=[{"courses": [of(mini("A"))], "programs": [program()]}])
    kept = copy.deepcopy(body)
    for flags in (Flags(), Flags(fields=("courses", "uuid")), Flags(published_course_runs_only=True)):
        assert "'_" not in str(finish_program(body, NOW, Reader("x"), flags))
    assert body == kept
