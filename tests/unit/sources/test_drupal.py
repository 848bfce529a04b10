"""What the marketing site is asked, and what is made of its nodes."""

from __future__ import annotations

import pytest

from chalicelib.domain.sources import SOURCES
from chalicelib.domain.sources.base import UnreadablePayload
from chalicelib.domain.tenant import SourceSite
from tests.builders import (
    DRUPAL,
    RUN,
    drupal_course,
    drupal_person,
    drupal_school,
    drupal_sponsorer,
    drupal_subject,
    drupal_xseries,
    text,
    uuid_for,
)

SOURCE = SOURCES["drupal"]
COURSE, PERSON, SUBJECT = (
    SOURCE.noun("run", "course"),
    SOURCE.noun("person", "person"),
    SOURCE.noun("subject", "subject"),
)
SCHOOL, SPONSORER = SOURCE.noun("organization", "school"), SOURCE.noun("organization", "sponsorer")
SITE = SourceSite(url=DRUPAL)
ADA = uuid_for("ada")


def nodes(*items, **envelope):
    return {"self": "s", "first": "f", "last": "l", "list": list(items), **envelope}


def said(**changes):
    return COURSE.says(drupal_course(**changes))


def test_a_course_page_is_looked_up_by_its_run_key():
    (request,) = COURSE.read(SITE, [RUN])
    assert request.path == "/node.json"
    assert set(request.params) >= {("type", "course"), ("field_course_id", RUN), ("max-depth", "2")}


def test_pages_count_from_nought_and_end_where_next_is_absent():
    assert COURSE.first == 0
    assert dict(COURSE.listing(SITE, 0).params)["page"] == "0"
    here = COURSE.page(nodes(drupal_course(), next=f"{DRUPAL}/node.json?type=course&page=1"), 0)
    assert (here.next, [f.key for f in here.found]) == (1, [RUN])
    assert COURSE.page(nodes(drupal_course()), 7).next is None


def test_an_empty_list_may_be_an_item_of_a_page_and_of_a_look_up():
    assert [f.key for f in COURSE.page(nodes([], drupal_course(), {"title": "no key"}), 0).found] == [RUN]
    assert COURSE.found(nodes([])) == ()
    assert COURSE.found(nodes()) == ()


def test_sponsors_and_xseries_can_only_be_listed_and_are_known_by_their_pages():
    xseries = SOURCE.noun("xseries", "xseries")
    assert SPONSORER.only_listed and xseries.only_listed
    assert SPONSORER.page(nodes(drupal_sponsorer("river-trust")), 0).found[0].key == "river-trust"
    assert xseries.page(nodes(drupal_xseries("water")), 0).found[0].key == "water"


def test_a_schools_title_is_the_organizations_key():
    assert SCHOOL.found(nodes(drupal_school("PyXU")))[0].key == "PyXU"
    assert dict(SCHOOL.read(SITE, ["PyXU"])[0].params)["title"] == "PyXU"
    says = SCHOOL.says(drupal_school())
    assert (says["name"], says["tags"], says["slug"]) == (
        "Pyrite University of the West",
        ["charter", "partner"],
        "pyxu",
    )
    assert "banner_image_url" not in says


def test_the_same_node_is_also_kept_under_its_uuid_to_be_pointed_at():
    node = SOURCE.noun("node", "school_node")
    (found,) = node.found(nodes(drupal_school()))
    assert found.key == uuid_for("school PyXU")
    assert node.says(found.payload) == {"stands_for": "organization#PyXU"}
    sponsor = SOURCE.noun("node", "sponsorer_node")
    assert sponsor.says(drupal_sponsorer("river-trust")) == {"stands_for": "organization#river-trust"}
    assert dict(sponsor.listing(SITE, 0).params)["type"] == "sponsorer"


def test_unix_seconds_come_as_text():
    says = said(field_course_start_date="1767571200", field_course_end_date=None)
    assert (says["start"], says["end"]) == ("2026-01-05T00:00:00Z", None)


def test_misspelt_names_are_read():
    assert said(field_couse_is_hidden=True)["hidden"] is True
    says = PERSON.says(drupal_person(ADA))
    assert says["position"] == {"title": "Professor", "organization_name": "PyXU"}


def test_an_empty_list_stands_for_an_empty_object():
    says = said(
        field_course_body=[], field_course_description=[], field_product_video=[], field_course_image_promoted=[]
    )
    assert not {"full_description", "video", "course.card_image_url"} & says.keys()


def test_the_body_comes_before_the_description():
    assert said(field_course_body=text("<p>Body</p>"))["full_description"] == "<p>Body</p>"
    assert said()["full_description"] == "<p>Long text</p>"


def test_titles_are_plain_text():
    assert said()["title"] == "Rivers & Society"
    assert said(field_course_course_title=text("<em>Rivers</em>"))["course.title"] == "Rivers"


@pytest.mark.parametrize(("status", "shown"), [("0", "unpublished"), ("1", "published"), (1, "published")])
def test_an_unpublished_page_makes_an_unpublished_run(status, shown):
    assert said(status=status)["status"] == shown


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ([{"name": "Chinese - Mandarin", "field_language_tag": "zh-cmn"}], "zh-cmn"),
        ([{"name": "Chinese - Mandarin"}], "zh-cmn"),
        ([{"name": "中文", "field_language_tag": None}], "zh"),
        ([{"name": "English", "field_language_tag": "EN_us"}], "en-us"),
        ([{"name": "Klingon"}], None),
        ([], None),
    ],
)
def test_languages_have_codes(terms, code):
    assert said(field_course_languages=terms).get("content_language") == code


def test_it_points_at_people_subjects_and_nodes_in_order():
    says = said(
        field_course_staff=[{"uuid": "b"}, {"uuid": "a"}, []],
        field_course_subject=[{"uuid": "s"}],
        field_course_school_node=[{"uuid": "n"}],
    )
    assert says["staff"] == ["person#b", "person#a"]
    assert (says["course.subjects"], says["course.owners"]) == (["subject#s"], ["node#n"])


def test_the_slug_of_a_page_is_the_end_of_its_url():
    assert said()["slug"] == said()["course.slug"] == "rivers-and-society-pyxu-riv100"


def test_a_person_without_an_organization_or_position():
    alone = [{"field_person_position_tiltes": ["Writer"], "field_person_position_org_link": []}]
    assert PERSON.says(drupal_person(ADA, field_person_positions=alone))["position"]["organization_name"] is None
    assert "position" not in PERSON.says(drupal_person(ADA, field_person_positions=[]))
    untitled = [{"field_person_position_tiltes": [], "field_person_position_org_link": []}]
    assert "position" not in PERSON.says(drupal_person(ADA, field_person_positions=untitled))


def test_a_subject_has_its_own_slug():
    says = SUBJECT.says(drupal_subject(uuid_for("s"), "Geography"))
    assert (says["name"], says["slug"], says["description"]) == ("Geography", "geography", "<p>Land and water</p>")


@pytest.mark.parametrize(
    ("node", "what"),
    [
        (drupal_course(field_course_start_date="soon"), "field_course_start_date is not unix seconds"),
        (drupal_course(field_course_staff="ada"), "field_course_staff is not a list"),
        (drupal_course() | {"field_course_id": None}, "no key"),
    ],
)
def test_a_malformed_node_says_what_is_wrong_with_it(node, what):
    with pytest.raises(UnreadablePayload, match=what):
        COURSE.found(nodes(node))


def test_an_answer_without_a_list_is_unreadable():
    with pytest.raises(UnreadablePayload, match="without list"):
        COURSE.page([], 0)
