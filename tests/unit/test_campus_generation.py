from datetime import UTC, datetime
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campus import dice
from campus.campus import Options, _specs
from campus.generate import courses, identity, nodes, organizations
from campus.generate.sketch import sketch
from campus.spec import Spec
from campus.words.languages import LANGUAGES
from campus.world import World

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LARGE = Spec("edx", 7, 1500, NOW)
HUGE = Spec("edx", 7, 100_000, NOW)
PAIR = _specs(Options(courses=60), NOW)


@pytest.fixture(scope="module")
def large():
    return [courses.build(LARGE, i) for i in range(LARGE.size)]


def test_the_same_seed_gives_the_same_campus():
    again = Spec("edx", 7, 1500, NOW)
    assert [courses.build(again, i) for i in (0, 9, 999)] == [courses.build(LARGE, i) for i in (0, 9, 999)]


def test_another_seed_gives_another_campus():
    other = Spec("edx", 8, 1500, NOW)
    assert all(courses.build(other, i).key != courses.build(LARGE, i).key for i in range(5))


def test_a_course_needs_no_course_before_it():
    assert courses.build(HUGE, 99_999).runs[0].key


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99_999))
def test_a_key_in_any_case_leads_back_to_its_course(i):
    org, number = identity.identity(HUGE, i)
    assert identity.index_of(HUGE, org.upper(), number.lower()) == i


@pytest.mark.parametrize("number", ["RIV", "", "RIV99999999", "nothing", "RIV100"])
def test_an_unknown_number_leads_nowhere(number):
    assert identity.index_of(LARGE, "NobodyX", number) is None


def test_keys_are_unique(large):
    assert len({course.key.lower() for course in large}) == len(large)
    keys = [run.key.lower() for course in large for run in course.runs]
    assert len(set(keys)) == len(keys)


def test_organizations_keep_their_own_short_names_at_any_size():
    shorts = [organizations.short_name(HUGE, n).lower() for n in range(HUGE.organizations)]
    assert len(set(shorts)) == len(shorts) == 1000


def test_it_is_shaped_like_the_public_course_lists(large):
    assert 3.8 < mean(len(course.runs) for course in large) < 4.4
    texts = [text for i in range(LARGE.size) if (text := nodes.description(LARGE, i))]
    assert 0.90 < len(texts) / len(large) < 0.94
    assert 430 < mean(map(len, texts)) < 540
    assert max(map(len, texts)) > 1100
    assert 0.44 < mean(sketch(LARGE, i).paid for i in range(LARGE.size)) < 0.52
    assert {nodes.language(LARGE, i) for i in range(LARGE.size)} == set(range(len(LANGUAGES)))


def test_runs_are_over_under_way_soon_later_and_undated(large):
    assert {sketch(LARGE, i).state for i in range(200)} == {"ended", "current", "soon", "upcoming", "open", "undated"}
    starts = [course.runs[-1].start for course in large]
    assert None in starts and max(filter(None, starts)) > NOW > min(filter(None, starts))


def test_some_keys_have_the_old_form_and_some_titles_are_not_ascii(large):
    runs = [run for course in large for run in course.runs]
    assert any(run.key.count("/") == 2 for run in runs)
    assert any(not course.title.isascii() for course in large)
    assert any(not run.visible for run in runs) and any(run.hidden for run in runs)
    assert any(run.invitation_only for run in runs)


def test_the_second_tenant_shares_keys_and_nothing_else():
    first, second = PAIR["edx"], PAIR["pyrite"]
    theirs = {courses.build(first, i).key: courses.build(first, i) for i in range(first.size)}
    shared = [course for i in range(second.size) if (course := courses.build(second, i)).key in theirs]
    assert len(shared) == second.shared == 5
    for course in shared:
        twin = theirs[course.key]
        assert [run.key for run in course.runs] == [run.key for run in twin.runs]
        assert course.title != twin.title


@pytest.mark.parametrize("what", ["visible_runs", "all_runs", "pages", "entitlements", "bulk_codes"])
def test_a_listing_holds_as_many_as_it_counts(what):
    listing = getattr(World(LARGE), what)()
    everything = list(listing.slice(0, len(listing)))
    assert len(everything) == len(listing) > 0
    assert list(listing.slice(137, 141)) == everything[137:141]


@given(st.integers(0, 2**31))
def test_a_uuid_knows_its_own_number(n):
    assert dice.slot_of("space", dice.slot_uuid("space", n)) == n
    assert dice.slot_of("elsewhere", dice.slot_uuid("space", n)) is None


def test_what_is_no_uuid_has_no_number():
    assert dice.slot_of("space", "rivers") is None
