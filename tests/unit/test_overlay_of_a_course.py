"""What a course looks like when Studio, Otto and the registry have spoken."""

from __future__ import annotations

from chalicelib.domain.keys import ref
from tests.builders import COURSE, RUN, campus, course, course_body, organization, overlaid, run_body, things


def test_a_course_shows_what_studio_and_otto_say_of_its_run():
    body = run_body(campus())
    assert body["title"] == "Rivers and Society"
    assert [s["type"] for s in body["seats"]] == ["audit", "verified"]
    assert (body["start"], body["pacing_type"], body["status"]) == ("2026-01-05T00:00:00Z", "self_paced", "published")


def test_a_course_is_owned_by_the_organization_of_its_key():
    assert [o["name"] for o in course_body(campus())["owners"]] == ["Pyrite University"]


def test_no_sources_is_no_course():
    assert overlaid(ref("course", COURSE), things(course(), organization())) is None
    assert overlaid(ref("course", COURSE), {}) is None


def test_a_run_is_found_in_its_course_under_its_own_key():
    body = course_body(campus())
    assert [r["key"] for r in body["course_runs"]] == [RUN]
