"""Flags: what is accepted, and what is refused with words a caller understands."""

from __future__ import annotations

import pytest

from chalicelib.domain.reads.flags import Flags, InvalidFlag, parse_flags


def test_no_parameters_are_no_flags() -> None:
    assert parse_flags({"page": ["2"], "q": "x"}) == Flags()


@pytest.mark.parametrize(("text", "value"), [("1", True), ("TRUE", True), ("0", False), ("false", False), ("", False)])
def test_switches_take_numbers_and_words(text: str, value: bool) -> None:
    assert parse_flags({"exclude_utm": text}).exclude_utm is value


def test_of_a_repeated_switch_the_last_counts() -> None:
    assert parse_flags({"editable": ["0", "1"]}).editable
    assert not parse_flags({"editable": []}).editable


@pytest.mark.parametrize("text", ["2", "yes", "on", "1,0"])
def test_anything_else_is_refused_naming_the_parameter(text: str) -> None:
    with pytest.raises(InvalidFlag, match="published_course_runs_only must be 1 or 0"):
        parse_flags({"published_course_runs_only": [text]})


def test_extended_takes_any_text_as_yes() -> None:
    assert parse_flags({"extended": "please"}).extended
    assert not parse_flags({"extended": ""}).extended


def test_searched_is_not_a_parameter() -> None:
    assert not parse_flags({"searched": "1"}).searched
    assert Flags().for_search().searched


def test_restriction_types_are_a_comma_list() -> None:
    flags = parse_flags({"include_restricted": ["custom-b2b-enterprise, custom-b2c", "custom-b2c"]})
    assert flags.include_restricted == {"custom-b2b-enterprise", "custom-b2c"}


def test_field_names_may_be_repeated_bracketed_and_dotted() -> None:
    flags = parse_flags({"fields": ["key,title", "title"], "fields[]": ["course_runs.key"], "omit": "owners"})
    assert flags.fields == ("key", "title", "course_runs.key")
    assert flags.omit == ("owners",)


def test_asking_for_everything_is_asking_for_no_selection() -> None:
    assert parse_flags({"fields": "key,*"}).fields == ()


@pytest.mark.parametrize(
    "params",
    [
        {"fields": "a" * 200},
        {"omit": "a.b.c.d.e.f.g"},
        {"fields": "a..b"},
        {"fields": "a b"},
        {"fields": ",".join(f"f{i}" for i in range(300))},
        {"include_restricted": ",".join(f"f{i}" for i in range(30))},
    ],
)
def test_names_have_limits(params: dict[str, str]) -> None:
    with pytest.raises(InvalidFlag, match=r"^(fields|omit|include_restricted)"):
        parse_flags(params)
