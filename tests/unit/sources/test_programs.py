"""What the Programs service is asked, and what is made of its programs."""

from __future__ import annotations

from chalicelib.domain.sources import SOURCES
from chalicelib.domain.tenant import SourceSite
from tests.builders import PROGRAMS, RUN, RUN_2, program_payload, uuid_for

PROGRAM = SOURCES["programs"].noun("program", "program")
UUID = uuid_for("program")


def test_programs_can_only_be_listed():
    assert PROGRAM.only_listed
    request = PROGRAM.listing(SourceSite(url=PROGRAMS), 1)
    assert (request.path, request.params) == ("/api/v1/programs/", (("page", "1"), ("page_size", "100")))


def test_a_sites_url_may_be_that_of_the_api_itself():
    assert PROGRAM.listing(SourceSite(url=f"{PROGRAMS}/api/v1"), 1).path == "/programs/"


def test_a_page_is_keyed_by_uuid():
    page = PROGRAM.page({"count": 1, "next": None, "previous": None, "results": [program_payload(UUID), []]}, 1)
    assert ([f.key for f in page.found], page.next, page.count) == ([UUID], None, 1)


def test_its_courses_are_those_of_the_runs_it_lists():
    says = PROGRAM.says(program_payload(UUID, [RUN, RUN_2, "PyXU/SEA200/2012"]))
    assert says["courses"] == ["PyXU+RIV100", "PyXU+SEA200"]
    assert says["listed_runs"] == [RUN, RUN_2, "PyXU/SEA200/2012"]


def test_what_is_no_run_key_lists_no_run():
    broken = program_payload(UUID)
    broken["course_codes"][0]["run_modes"] += [{"course_key": None}, {"course_key": "x"}, []]
    assert PROGRAM.says(broken)["listed_runs"] == [RUN]


def test_a_program_without_a_slug_is_shown_to_nobody_yet():
    says = PROGRAM.says(program_payload(UUID, marketing_slug=None))
    assert says["status"] == "unpublished" and "marketing_slug" not in says


def test_banners_have_our_names_and_sizes():
    banner = PROGRAM.says(program_payload(UUID))["banner_image"]
    assert banner["large"] == {"url": "https://p.example.org/a.jpg", "width": 1440, "height": 480}
    assert list(banner) == ["large", "x-small"]
    assert "banner_image" not in PROGRAM.says(program_payload(UUID, banner_image_urls={}))
    assert "banner_image" not in PROGRAM.says(program_payload(UUID, banner_image_urls=[]))
