"""What operators may set: a value of the kind its field has."""

from __future__ import annotations

import pytest

from chalicelib.domain.merging.field_types import FIELDS, wrong
from chalicelib.domain.merging.owners import TABLES
from chalicelib.domain.shapes.plain import COURSE_PLAIN, PROGRAM_PLAIN, RUN_PLAIN
from tests.builders import RUN, campus, edited, record, run, run_body, studio_course

UNTYPED = {"id", "faq"}


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("run", {"title": 7}, {"title": "title must be a text"}),
        (
            "run",
            {"hidden": "yes", "start": "soon"},
            {"hidden": "hidden must be true or false", "start": "start must be a date"},
        ),
        ("run", {"staff": ["a", 1]}, {"staff": "staff must be a list of texts"}),
        ("run", {"min_effort": "5", "max_effort": 6, "end": None, "image": "x", "unheard_of": [1]}, {}),
        ("run", {"min_effort": True}, {"min_effort": "min_effort must be a number"}),
        ("course", {"faq": "<p>How?</p>", "topics": ["Water"]}, {}),
        ("program", {"faq": "How?"}, {"faq": "faq must be a list of objects"}),
    ],
)
def test_a_wrong_value_is_named_with_what_it_should_be(kind, fields, told):
    assert wrong(kind, fields) == told


def test_a_wrong_value_is_not_shown_and_takes_nothing_from_others():
    given = campus(run(RUN, record("studio#course", studio_course()), edited(title=["x"], hidden=True)))
    assert run_body(given)["title"] == "Rivers and Society"


def test_every_field_of_the_tables_has_a_type():
    tables = {name for table in TABLES.values() for name in table}
    assert not {*tables, *RUN_PLAIN, *COURSE_PLAIN, *PROGRAM_PLAIN} - FIELDS.keys() - UNTYPED
