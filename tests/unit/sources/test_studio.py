"""What Studio and the LMS are asked, and what is made of their answers."""

from __future__ import annotations

import pytest

from chalicelib.domain.sources import SOURCES
from chalicelib.domain.sources.base import UnreadablePayload
from chalicelib.domain.tenant import SourceSite
from tests.builders import LMS, RUN, RUN_2, studio_course, studio_organization

STUDIO = SOURCES["studio"]
COURSE, OVERVIEW = STUDIO.noun("run", "course"), STUDIO.noun("run", "overview")
ORGANIZATION = STUDIO.noun("organization", "organization")
SITE = SourceSite(url=LMS, options={"username": "catalog"})


def said(**changes):
    return COURSE.says(studio_course(**changes))


def page(*items, following=None, count=None):
    pagination = {"next": following, "previous": None, "count": count or len(items), "num_pages": 1}
    return {"results": list(items), "pagination": pagination}


def test_fifty_runs_are_asked_for_in_one_call_as_the_user_we_are_there():
    (request,) = COURSE.read(SITE, [RUN, RUN_2])
    assert request.path == "/api/courses/v1/courses/"
    assert set(request.params) >= {("username", "catalog"), ("course_keys", RUN), ("course_keys", RUN_2)}
    assert COURSE.batch == 50


def test_a_single_key_survives_as_one_path_segment():
    request = COURSE.read_one(SITE, RUN)
    assert request.path == "/api/courses/v1/courses/course-v1%3APyXU%2BRIV100%2B1T2026/"


def test_a_detail_and_a_list_element_become_the_same_record():
    detail = studio_course() | {"overview": "<p>About</p>"}
    assert COURSE.found(detail) == COURSE.found(page(studio_course()))
    (found,) = OVERVIEW.found(detail)
    assert OVERVIEW.says(found.payload) == {"full_description": "<p>About</p>"}


def test_overviews_are_read_only_where_the_option_asks_for_them():
    assert OVERVIEW.read(SITE, [RUN]) == ()
    asking = SITE.model_copy(update={"options": {"overview": True}})
    assert [r.path for r in OVERVIEW.read(asking, [RUN])] == [COURSE.read_one(asking, RUN).path]


def test_elements_are_kept_untouched():
    payload = studio_course(something_new={"deep": [1]})
    (found,) = COURSE.found(page(payload))
    assert (found.key, found.payload) == (RUN, payload)


@pytest.mark.parametrize("dirty", ["instructor,", "Self-Paced", "", "self ", None, 3])
def test_a_pacing_that_is_none_is_null(dirty):
    assert said(pacing=dirty)["pacing_type"] is None


def test_a_missing_pacing_is_not_said_at_all():
    payload = studio_course()
    del payload["pacing"]
    assert "pacing_type" not in COURSE.says(payload)


@pytest.mark.parametrize(("given", "shown"), [("self", "self_paced"), ("instructor", "instructor_paced")])
def test_pacing_has_our_words(given, shown):
    assert said(pacing=given)["pacing_type"] == shown


def test_stray_spaces_are_no_part_of_a_name():
    assert said(name="  Rivers  and Society ")["title"] == "Rivers and Society"


def test_an_empty_short_description_takes_nothing_from_another_source():
    assert "short_description" not in said(short_description="")


def test_display_values_of_org_and_number_do_not_make_keys():
    assert said(org="Pyrite (display)", number="RIV 100")["key"] == RUN


def test_nulls_of_dates_are_said_because_they_are_what_it_owns():
    assert said(end=None, mobile_available=None) | {"end": None, "mobile_available": False} == said(
        end=None, mobile_available=None
    )


def test_a_run_without_pictures_says_none():
    assert "course.card_image_url" not in said(media={"course_video": {"uri": None}})
    assert "course.card_image_url" not in COURSE.says({"id": RUN})


def test_a_legacy_key_is_a_key():
    assert COURSE.found(page(studio_course("PyXU/RIV100/1T2012")))[0].key == "PyXU/RIV100/1T2012"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ([], "a list answer without results"),
        ({"results": [[]]}, "not an object but list"),
        ({"results": [{"name": "x"}]}, "no key"),
        ({"results": [studio_course() | {"id": "nonsense", "course_id": None}]}, "not a course run key"),
        ({"results": [studio_course(start="tomorrow")]}, "start is not a date: 'tomorrow'"),
        ({"results": [studio_course(hidden="no")]}, "hidden is not true or false"),
        ({"results": [studio_course(media="none")]}, "media is not an object"),
    ],
)
def test_a_malformed_answer_says_what_is_wrong_with_it(body, what):
    with pytest.raises(UnreadablePayload, match=what):
        COURSE.found(body)


def test_a_page_leaves_out_what_cannot_be_read_and_keeps_the_rest():
    body = page([], {"name": "no key"}, studio_course(), studio_course(RUN_2, start="tomorrow"))
    assert [f.key for f in COURSE.page(body, 1).found] == [RUN]


def test_the_courses_api_has_an_envelope_of_its_own():
    here = COURSE.page(page(studio_course(), following=f"{LMS}/api/courses/v1/courses/?page=2", count=11_926), 1)
    assert (here.next, here.count) == (2, 11_926)
    assert COURSE.page(page(studio_course()), 2).next is None


def test_the_listing_leaves_ended_runs_in_unless_told_otherwise():
    params = dict(COURSE.listing(SITE, 3).params)
    assert (params["page"], params["page_size"], "active_only" in params) == ("3", "50", False)
    active = SITE.model_copy(update={"options": {"active_only": True, "page_size": 100}})
    assert dict(COURSE.listing(active, 1).params) == {"active_only": "True", "page": "1", "page_size": "100"}


def test_organizations_may_live_at_another_base():
    assert ORGANIZATION.read(SITE, ["Py XU"])[0].path == "/api/organizations/v0/organizations/Py%20XU/"
    elsewhere = SITE.model_copy(update={"options": {"organizations_url": "https://orgs.example.org/v0/"}})
    assert ORGANIZATION.read(elsewhere, ["PyXU"])[0].path == "https://orgs.example.org/v0/organizations/PyXU/"
    assert ORGANIZATION.listing(elsewhere, 1).path == "https://orgs.example.org/v0/organizations/"


def test_an_organization_is_read_alone_and_from_a_listing():
    payload = studio_organization()
    assert ORGANIZATION.found(payload)[0].key == "PyXU"
    listed = ORGANIZATION.page({"count": 1, "next": None, "previous": None, "results": [payload]}, 1)
    assert (listed.found[0].key, listed.next, listed.count) == ("PyXU", None, 1)
    assert ORGANIZATION.says(payload)["name"] == "Pyrite University"


def test_a_sites_url_may_be_that_of_the_api_itself():
    api = SourceSite(url=f"{LMS}/api/courses/v1/")
    assert COURSE.read_one(api, RUN).path == "/courses/course-v1%3APyXU%2BRIV100%2B1T2026/"
    assert COURSE.listing(api, 1).path == "/courses/"
    assert ORGANIZATION.listing(api, 1).path == f"{LMS}/api/organizations/v0/organizations/"
