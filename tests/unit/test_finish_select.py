"""Field selection inside nested objects."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.reads.select import selection

BODY: dict[str, Any] = {
    "key": "A+B",
    "title": "T",
    "owners": [{"key": "A", "name": "N"}],
    "course_runs": [{"key": "r", "title": "t", "seats": [{"type": "audit", "price": "0.00"}]}],
    "curricula": [{"name": "c", "courses": [{"key": "A+C", "title": "x"}]}],
}


@pytest.mark.parametrize(
    ("fields", "omit", "expected"),
    [
        ("key", "", {"key": "A+B"}),
        ("nothing", "", {}),
        ("key,course_runs", "", {"key": "A+B", "course_runs": [{"key": "r"}]}),
        ("course_runs.key", "", {"course_runs": [{"key": "r"}]}),
        ("title,course_runs.key", "", {"title": "T", "course_runs": [{"key": "r", "title": "t"}]}),
        ("course_runs.seats.type", "", {"course_runs": [{"seats": [{"type": "audit"}]}]}),
        ("owners", "", {"owners": BODY["owners"]}),
        ("owners.key", "", {"owners": [{"key": "A"}]}),
        ("curricula,key", "", {"key": "A+B", "curricula": [{"name": "c", "courses": [{"key": "A+C"}]}]}),
        ("key.deeper", "", {"key": "A+B"}),
        ("key,title", "title", {"key": "A+B"}),
    ],
)
def test_fields_reach_into_what_reads_them_too(fields: str, omit: str, expected: dict[str, Any]) -> None:
    asked = selection(tuple(fields.split(",")), tuple(filter(None, omit.split(","))))
    assert asked.of(BODY) == expected


def test_omitting_a_name_omits_it_at_any_depth_and_a_dotted_one_only_there() -> None:
    everywhere = selection((), ("title",)).of(BODY)
    assert "title" not in everywhere and "title" not in everywhere["course_runs"][0]
    there = selection((), ("course_runs.title", "owners.name")).of(BODY)
    assert there["title"] == "T" and "title" not in there["course_runs"][0]
    assert there["owners"] == [{"key": "A"}]


def test_the_order_of_fields_is_the_wires_not_the_requests() -> None:
    assert list(selection(("title", "key"), ()).of(BODY)) == ["key", "title"]
