"""Which types fit what is sold (course-discovery 5.3, 6.3)."""

from __future__ import annotations

import pytest

from chalicelib.domain.merging.seeds import COURSE_TYPES, RUN_TYPES, SEAT_TYPES, course_types, seeds
from chalicelib.domain.shapes.course_types import Sold, course_type, run_type

SEEDS = course_types()


def sold(*seats, given=None):
    return Sold(given, frozenset(seats))


def matched(modes, *runs, given=None):
    return course_type(SEEDS, given, modes, runs)["slug"]


@pytest.mark.parametrize(
    ("modes", "runs", "slug"),
    [
        ([], [sold("audit")], "audit"),
        (["verified"], [sold("audit")], "verified-audit"),
        (["verified"], [sold("audit"), sold("verified", "audit")], "verified-audit"),
        ([], [sold("verified", "audit")], "verified-audit"),
        (["verified"], [sold("credit", "verified", "audit")], "credit-verified-audit"),
        ([], [sold("honor")], "honor"),
        (["verified"], [sold("verified", "honor")], "verified-honor"),
        (["professional"], [sold("professional")], "professional"),
        (["verified"], [sold("verified")], "verified"),
        (["paid-executive-education"], [sold("paid-executive-education")], "executive-education-2u"),
        (["verified"], [sold("professional")], "empty"),
        (["verified"], [sold("verified", "audit"), sold("honor")], "empty"),
        ([], [sold()], "empty"),
        ([], [], "empty"),
    ],
)
def test_a_course_has_the_earliest_type_in_which_everything_fits(modes, runs, slug):
    assert matched(modes, *runs) == slug


def test_a_run_that_has_a_type_rules_out_course_types_that_do_not_allow_it():
    assert matched([], sold("audit", given="verified-audit")) == "verified-audit"
    assert matched(["verified"], sold("audit", given="honor")) == "verified-honor"
    assert matched([], sold("audit", given="professional"), sold("audit")) == "empty"


@pytest.mark.parametrize("name", ["slug", "uuid", "name"])
def test_a_type_that_was_given_stays_by_slug_uuid_or_name(name):
    wanted = next(i for i in SEEDS["items"] if i["slug"] == "honor")
    assert matched(["verified"], sold("audit"), given=wanted[name]) == "honor"


@pytest.mark.parametrize(
    ("seats", "slug"),
    [
        (["audit"], "audit"),
        (["verified", "audit"], "verified-audit"),
        (["credit", "verified", "honor"], "credit-verified-honor"),
        (["masters"], "empty"),
        ([], "empty"),
    ],
)
def test_a_run_has_the_type_whose_tracks_are_exactly_its_seats(seats, slug):
    assert run_type(SEEDS, {}, sold(*seats))["slug"] == slug


def test_of_two_run_types_with_the_same_tracks_the_courses_own_wins():
    twin = {**next(t for t in SEEDS["run_types"] if t["slug"] == "audit"), "slug": "free"}
    both = {**SEEDS, "run_types": [*SEEDS["run_types"], twin]}
    assert run_type(both, {"course_run_types": ["free"]}, sold("audit"))["slug"] == "free"
    assert run_type(both, {"course_run_types": ["audit"]}, sold("audit"))["slug"] == "audit"


def test_the_seeds_hang_together():
    run_types = {slug for slug, _, _ in RUN_TYPES}
    assert all(set(allowed) <= run_types for _, _, allowed in COURSE_TYPES)
    assert all(set(tracks) <= set(SEAT_TYPES) for _, _, tracks in RUN_TYPES)
    assert [slug for slug, marketable, _ in RUN_TYPES if not marketable] == ["empty"]


def test_seeded_uuids_never_change():
    """They are in databases of readers: a change here would orphan them."""
    kinds = {i["slug"]: i["uuid"] for i in seeds_of("course_types")["items"]}
    assert kinds["verified-audit"] == "14cf771b-b3cc-513f-825b-804ccf234e35"
    assert len({*kinds.values(), *(t["uuid"] for t in seeds_of("course_types")["run_types"])}) == 22


def test_four_vocabularies_are_seeded():
    assert {str(r) for r in seeds()} == {
        "vocabulary#course_types",
        "vocabulary#level_types",
        "vocabulary#program_types",
        "vocabulary#product_sources",
    }
    assert seeds_of("product_sources")["items"][0]["slug"] == "edx"
    assert len(seeds_of("program_types")["items"]) == 10


def seeds_of(name):
    return next(payload for where, payload in seeds().items() if where.key == name)
