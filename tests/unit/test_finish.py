"""Finishing courses and runs: what time, reader and flags add to a kept body, which is never changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.reads import fields
from chalicelib.domain.reads.finish import finish_catalog_course, finish_course, finish_run
from chalicelib.domain.reads.flags import Flags, parse_flags
from chalicelib.domain.reads.reader import Reader
from tests.bodies import NOW, at, course, named, nested_program, run

ANYBODY = Reader("jane doe")
PUBLIC = Reader()


def keys(body: dict[str, Any] | None) -> list[str]:
    assert body is not None
    return [each["key"][-1] for each in body["course_runs"]]


def lettered(**letters: dict[str, Any]) -> list[dict[str, Any]]:
    return [run(f"course-v1:edX+DemoX+{letter}", **values) for letter, values in letters.items()]


def test_a_course_has_exactly_the_wire_fields_in_their_order() -> None:
    finished = finish_course(course(), NOW, ANYBODY)
    assert finished is not None
    assert tuple(finished) == fields.COURSE_WITH_PROGRAMS
    assert tuple(finished["course_runs"][0]) == fields.RUN
    assert tuple(finished["programs"][0]) == fields.NESTED_PROGRAM


def test_a_run_has_exactly_the_wire_fields_in_their_order() -> None:
    finished = finish_run(run(programs=[nested_program()]), NOW, ANYBODY)
    assert finished is not None
    assert tuple(finished) == fields.RUN_WITH_PROGRAMS


def test_time_is_an_argument() -> None:
    body = run(start=at(1), enrollment_start=at(1))
    before, after = finish_run(body, NOW, PUBLIC), finish_run(body, NOW.replace(day=25), PUBLIC)
    assert before and after
    assert (before["availability"], before["is_enrollable"]) == ("Starting Soon", False)
    assert (after["availability"], after["is_enrollable"]) == ("Current", True)


def test_hidden_and_restricted_runs_are_left_out_until_asked_for() -> None:
    restricted = {"_restricted": True, "restriction_type": "custom-b2c"}
    body = course(runs=lettered(A={}, B={"hidden": True}, C=restricted, D=restricted | {"hidden": True}))
    assert keys(finish_course(body, NOW, PUBLIC)) == ["A"]
    assert keys(finish_course(body, NOW, PUBLIC, Flags(include_hidden_course_runs=True))) == ["A", "B"]
    b2c = parse_flags({"include_restricted": "custom-b2c,unheard-of"})
    assert keys(finish_course(body, NOW, PUBLIC, b2c)) == ["A", "C"]
    b2b = parse_flags({"include_restricted": "custom-b2b-enterprise"})
    assert keys(finish_course(body, NOW, PUBLIC, b2b)) == ["A"]


@pytest.mark.parametrize(
    ("flag", "kept"),
    [
        ("marketable_course_runs_only", ["A", "E"]),
        ("marketable_enrollable_course_runs_with_archived", ["A", "C"]),
        ("published_course_runs_only", ["A", "C", "D", "E"]),
    ],
)
def test_run_filters_keep_what_they_name(flag: str, kept: list[str]) -> None:
    runs = lettered(
        A={},
        B={"status": "reviewed", "is_marketable": False},
        C={"end": at(-1)},
        D={"enrollment_end": at(-1)},
        E={"enrollment_start": at(1)},
    )
    assert keys(finish_course(course(runs=runs), NOW, PUBLIC, Flags(**{flag: True}))) == kept


def test_a_search_for_courses_filters_restricted_runs_only() -> None:
    runs = lettered(A={"hidden": True}, B={"end": at(-1)}, C={"_restricted": True, "restriction_type": "custom-b2c"})
    flags = Flags(marketable_course_runs_only=True).for_search()
    assert keys(finish_course(course(runs=runs), NOW, PUBLIC, flags)) == ["A", "B"]


def test_the_advertised_run_and_the_run_keys_are_of_the_runs_shown() -> None:
    runs = lettered(A={"hidden": True, "start": at(-1)}, B={"start": at(-9)})
    finished = finish_course(course(runs=runs), NOW, PUBLIC)
    assert finished is not None
    assert finished["course_run_keys"] == ["course-v1:edX+DemoX+B"]
    assert finished["advertised_course_run_uuid"] == named("run", "course-v1:edX+DemoX+B")


def test_statuses_count_runs_that_a_filter_leaves_out_but_none_that_are_hidden_or_restricted() -> None:
    runs = lettered(
        A={},
        B={"status": "unpublished", "end": at(-1)},
        C={"status": "reviewed", "hidden": True},
        D={"status": "review_by_legal", "_restricted": True},
    )
    finished = finish_course(course(runs=runs), NOW, PUBLIC, Flags(published_course_runs_only=True))
    assert finished is not None
    assert finished["course_run_statuses"] == ["archived", "published"]


def test_a_retired_course_type_is_not_found_unless_asked_for() -> None:
    body = course(_type_retired=True)
    assert finish_course(body, NOW, PUBLIC) is None
    assert finish_course(body, NOW, PUBLIC, Flags(include_retired_course_types=True)) is not None


def test_a_restricted_run_is_not_found_unless_asked_for() -> None:
    body = run(_restricted=True, restriction_type="custom-b2b-enterprise")
    assert finish_run(body, NOW, PUBLIC) is None
    assert finish_run(body, NOW, PUBLIC, parse_flags({"include_restricted": "custom-b2b-enterprise"})) is not None


def test_a_run_of_a_retired_type_is_not_found_unless_asked_for() -> None:
    body = run(_run_type_retired=True)
    assert finish_run(body, NOW, PUBLIC) is None
    assert finish_run(body, NOW, PUBLIC, Flags(include_retired_run_types=True)) is not None


def shown(body: dict[str, Any] | None) -> str:
    assert body is not None
    return "".join(program["title"] for program in body["programs"])


def test_programs_of_a_course_leave_out_deleted_ones_and_of_a_run_all_that_are_not_active() -> None:
    programs = [nested_program(s[0].upper(), _status=s) for s in ("active", "unpublished", "retired", "deleted")]
    of_course, of_run = course(programs=programs), run(programs=programs)
    assert shown(finish_course(of_course, NOW, PUBLIC)) == "AUR"
    assert shown(finish_course(of_course, NOW, PUBLIC, Flags(include_deleted_programs=True))) == "AURD"
    assert shown(finish_run(of_run, NOW, PUBLIC)) == "A"
    assert shown(finish_run(of_run, NOW, PUBLIC, Flags(include_unpublished_programs=True))) == "AU"
    assert shown(finish_run(of_run, NOW, PUBLIC, Flags(include_retired_programs=True))) == "AR"
    assert shown(finish_run(of_run, NOW, PUBLIC, Flags(include_deleted_programs=True))) == "AD"


def test_a_run_leaves_out_programs_that_exclude_it() -> None:
    programs = [nested_program("A"), nested_program("B")]
    body = run(programs=programs, _excluded_from_programs=[named("program", "A")])
    assert shown(finish_run(body, NOW, PUBLIC, Flags(include_deleted_programs=True))) == "B"


def test_links_to_courses_and_runs_tell_who_passed_them_on_and_no_others_do() -> None:
    reader = Reader("Jané Doe", company="Acme & Co.", referral_id="aff 1")
    finished = finish_course(course(), NOW, reader)
    assert finished is not None
    query = "?utm_source=jane-doe-acme-co&utm_medium=aff+1"
    assert finished["marketing_url"] == f"https://www.test/course/edx-demox{query}"
    assert finished["course_runs"][0]["marketing_url"].endswith(query)
    assert "utm" not in str(finished["programs"]) + str(finished["owners"])


def test_links_stay_plain_when_asked_to_and_missing_ones_stay_null() -> None:
    finished = finish_course(course(), NOW, ANYBODY, Flags(exclude_utm=True))
    assert "utm_" not in str(finished)
    without = finish_run(run(marketing_url=None), NOW, ANYBODY)
    assert without is not None and without["marketing_url"] is None


def test_staff_and_those_who_edit_for_an_owner_may_edit() -> None:
    def editable(reader: Reader) -> Any:
        finished = finish_course(course(), NOW, reader)
        return finished and finished["editable"]

    assert not editable(PUBLIC)
    assert editable(Reader(is_staff=True)) and editable(Reader(edits=frozenset({"edx"})))


def test_a_catalog_shows_a_course_with_its_sellable_runs_or_not_at_all() -> None:
    body = course(runs=lettered(A={}, B={"end": at(-1)}, C={"enrollment_start": at(1)}, D={"is_marketable": False}))
    finished = finish_catalog_course(body, NOW, PUBLIC)
    assert finished is not None and tuple(finished) == fields.COURSE
    assert keys(finished) == ["A"]
    assert finish_catalog_course(course(runs=lettered(B={"end": at(-1)})), NOW, PUBLIC) is None


def test_a_catalog_with_archived_courses_links_what_is_over_to_the_lms() -> None:
    body = course(runs=lettered(A={}, B={"end": at(-1)}))
    finished = finish_catalog_course(body, NOW, ANYBODY, archived_root="https://lms.test/")
    assert finished is not None
    assert [r["marketing_url"] for r in finished["course_runs"]] == [
        f"https://www.test/course/demox-emox+a?{ANYBODY.utm}",
        "https://lms.test/courses/course-v1:edX+DemoX+B/course/",
    ]


flag_sets = st.builds(
    Flags,
    **{n: st.booleans() for n, kind in Flags.__annotations__.items() if kind == "bool"},
    fields=st.sampled_from([(), ("key", "course_runs"), ("course_runs.seats.price", "programs")]),
    omit=st.sampled_from([(), ("title",), ("course_runs.key", "owners.name")]),
)


@settings(max_examples=50)
@given(flags=flag_sets, days=st.integers(-400, 400))
def test_no_request_ever_changes_a_kept_body(flags: Flags, days: int) -> None:
    body = course(runs=lettered(A={}, B={"hidden": True}, C={"_restricted": True, "restriction_type": "x"}))
    kept = copy.deepcopy(body)
    now = NOW.fromisoformat(at(days))
    finish_course(body, now, ANYBODY, flags)
    finish_run(body["course_runs"][0], now, ANYBODY, flags)
    finish_catalog_course(body, now, ANYBODY, flags, archived_root="https://lms.test")
    assert body == kept


@settings(max_examples=50)
@given(flags=flag_sets)
def test_no_private_value_ever_leaves(flags: Flags) -> None:
    assert "'_" not in str([finish_course(course(), NOW, ANYBODY, flags), finish_run(run(), NOW, ANYBODY, flags)])
