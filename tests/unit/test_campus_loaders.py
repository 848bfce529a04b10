"""What the loaders of course-discovery take from each object without asking whether it is there."""

from decimal import Decimal
from uuid import UUID

import pytest

from tests.campus_kit import Visit


@pytest.fixture(scope="module")
def visit():
    return Visit()


def nodes(visit, kind):
    return visit.json("drupal", f"/node.json?type={kind}&max-depth=2&load-entity-refs=file&page=0")["list"]


def nested_url(field):
    """An empty object comes as an empty list."""
    return (field or {}).get("url")


def test_the_courses_api_loader_finds_its_fields(visit):
    for run in visit.runs("page=1&page_size=100")["results"]:
        assert all(name in run for name in ("start", "end", "enrollment_start", "enrollment_end", "name"))
        assert isinstance(run["short_description"], str)
        assert run["media"].get("image", {}).get("raw", "http").startswith("http")
        assert "uri" in run["media"]["course_video"]


def test_the_ecommerce_loader_finds_its_fields(visit):
    for run in visit.json("otto", "/api/v2/courses/?page=1&page_size=50&include_products=True")["results"]:
        for product in run["products"]:
            assert product["structure"] in {"parent", "child"}
            if product["structure"] == "child":
                assert Decimal(product["stockrecords"][0]["price"]) >= 0
                assert {"partner_sku", "price_currency"} <= product["stockrecords"][0].keys()
                assert all({"name", "code", "value"} == value.keys() for value in product["attribute_values"])


def test_the_entitlement_loader_finds_its_fields(visit):
    for product in visit.json("otto", "/api/v2/products/?product_class=Course%20Entitlement")["results"]:
        attributes = {value["name"]: value["value"] for value in product["attribute_values"]}
        assert UUID(attributes["UUID"]) and attributes["certificate_type"] and product["stockrecords"]


def test_the_programs_loader_finds_its_fields(visit):
    for program in visit.json("programs", "/api/v1/programs/?page=1&page_size=50")["results"]:
        assert UUID(program["uuid"]) and program["status"] in {"unpublished", "active", "retired", "deleted"}
        assert [org["key"] for org in program["organizations"]]
        assert all("course_key" in mode for code in program["course_codes"] for mode in code["run_modes"])


def test_the_school_loader_finds_its_fields(visit):
    for school in nodes(visit, "school"):
        assert school["title"] and school["field_school_name"] and UUID(school["uuid"])
        assert school["field_school_description"]["value"] and school["field_school_url_slug"]
        assert nested_url(school["field_school_image_banner"])


def test_the_subject_and_sponsor_loaders_find_their_fields(visit):
    for subject in nodes(visit, "subject"):
        assert subject["body"]["value"] and subject["field_subject_subtitle"]["value"]
        assert subject["field_subject_url_slug"] and nested_url(subject["field_subject_card_image"])
    for sponsor in nodes(visit, "sponsorer"):
        assert sponsor["url"].rsplit("/", 1)[1] and sponsor["field_sponsorer_image"]["url"]
        assert (sponsor["body"] or {}).get("value", "") is not None


def test_the_person_loader_finds_its_fields(visit):
    for person in nodes(visit, "person"):
        assert UUID(person["uuid"]) and person["field_person_resume"]["value"]
        assert person["field_person_first_middle_name"] and person["field_person_last_name"]
        for position in person["field_person_positions"]:
            assert position["field_person_position_tiltes"]
            assert (position["field_person_position_org_link"] or {}).get("title", "") is not None


def test_the_run_page_loader_finds_its_fields(visit):
    for node in nodes(visit, "course"):
        assert node["field_course_id"] and node["field_course_code"] and node["url"].rsplit("/", 1)[1]
        assert node["field_course_course_title"]["value"] and node["field_course_sub_title_short"]
        assert int(node["field_course_start_date"] or 0) >= 0 and int(node["status"]) in {0, 1}
        assert all(language["name"] for language in node["field_course_languages"])
        for name in ("field_course_school_node", "field_course_subject", "field_course_staff"):
            assert all(UUID(reference["uuid"]) for reference in node[name])


def test_the_xseries_loader_finds_its_program_by_the_end_of_the_url(visit):
    slugs = {program["marketing_slug"] for program in visit.json("programs", "/api/v1/programs/")["results"]}
    pages = {node["url"].rsplit("/", 1)[1] for node in nodes(visit, "xseries")}
    assert slugs - {None} <= pages
    assert all(node["body"]["value"].startswith("<h3>") for node in nodes(visit, "xseries"))
