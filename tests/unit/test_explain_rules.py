"""Why a course or a run is shown or not, as explain tells it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.domain.keys import ref
from chalicelib.domain.merging.explain import fields_of, rules
from tests.builders import (
    COURSE,
    RUN,
    campus,
    course_body,
    edited,
    otto_course,
    record,
    run,
    run_body,
    studio_course,
    view_of,
)

NOW = datetime(2026, 1, 10, tzinfo=UTC)
OLD_KEY = "PyXU/RIV100/1T2012"


def failed(body):
    return {r["rule"]: r["detail"] for r in rules(body, NOW) if not r["passed"]}


def told(*more, key=RUN, gone=(), seats=None, **changes):
    records = (record("studio#course", studio_course(key, **changes)), record("otto#course", otto_course(key, seats)))
    return campus(run(key, *records, *more, gone=gone))


def test_a_good_run_passes_every_rule():
    assert failed(run_body(told())) == {}
    assert failed(course_body(told())) == {}


@pytest.mark.parametrize(
    ("given", "rule", "detail"),
    [
        (told(edited(status="reviewed")), "published", "status is reviewed"),
        (told(gone=["studio#course"]), "published", "status is unpublished (its source no longer has it)"),
        (told(seats=[]), "has seats", "it has no seat"),
        (told(seats=[]), "marketable type", "run type empty is not marketed"),
        (told(hidden=True), "not hidden", "hidden in the LMS"),
        (told(edited(restriction_type="custom-b2c")), "not restricted", "only for readers who ask for custom-b2c"),
        (told(end="2026-01-09T00:00:00Z"), "not ended", "it ended 2026-01-09T00:00:00Z"),
        (told(enrollment_start="2026-02-01T00:00:00Z"), "enrollment open", "enrollment opens 2026-02-01T00:00:00Z"),
        (told(enrollment_end="2026-01-09T00:00:00Z"), "enrollment open", "enrollment closed 2026-01-09T00:00:00Z"),
    ],
)
def test_a_rule_that_fails_says_why(given, rule, detail):
    assert failed(run_body(given))[rule] == detail


def test_old_keys_are_never_marketed():
    assert "modern key" in failed(run_body(told(key=OLD_KEY), OLD_KEY))


def test_a_course_says_what_its_runs_lack():
    found = failed(course_body(told(edited(status="unpublished"))))
    assert found["some run is marketable"] == f"no run is marketable ({RUN}: status is unpublished)"
    assert "some run is available" in found


def test_a_course_whose_sales_fit_no_type_says_so():
    found = failed(course_body(told(seats=[])))
    assert found["has a course type"] == "no course type fits its entitlements and seats"


def test_fields_are_listed_with_their_winners():
    fields = fields_of(view_of(ref("course", COURSE), told()))
    assert list(fields) == sorted(fields)
    assert fields["title"] == "studio#course"
