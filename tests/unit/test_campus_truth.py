"""The truth is stated from the facts; here it is compared with what a plain reader of the payloads finds."""

from decimal import Decimal

import pytest

from tests.campus_kit import Visit


@pytest.fixture(scope="module")
def visit():
    ready = Visit()
    ready.clients["identity"].post("/admin/edx/edits/bulk", json={"count": 60, "seed": 9})
    for what in ("retire", "vanish", "unpublish", "new_run", "pacing"):
        ready.edit(what)
    return ready


@pytest.fixture(scope="module")
def truth(visit):
    return visit.admin("/admin/edx/truth?limit=1000")["results"]


def read(visit, system, path, results="results"):
    found, page = [], 1
    while True:
        body = visit.json(system, f"{path}&page_size=100&page={page}")
        found += body[results]
        if not (body.get("next") or body.get("pagination", {}).get("next")):
            return found
        page += 1


def pages(visit):
    found, page, more = [], 0, True
    while more:
        body = visit.json("drupal", f"/node.json?type=course&page={page}")
        found, page, more = found + body["list"], page + 1, "next" in body
    return found


def test_it_speaks_of_every_course(visit, truth):
    assert [course["key"] for course in truth] == [visit.world().course(i).key for i in range(60)]


def test_runs_are_as_the_lms_has_them(visit, truth):
    listed = {run["id"]: run for run in read(visit, "studio", "/api/courses/v1/courses/?username=catalog_worker")}
    stated = {key: run for course in truth for key, run in course["runs"].items() if run["visible"]}
    assert stated.keys() == listed.keys()
    for key, run in stated.items():
        source = listed[key]
        for name in ("start", "end", "enrollment_start", "enrollment_end", "hidden", "invitation_only"):
            assert run[name] == source[name], (key, name)
        assert run["title"] == source["name"].strip()
        assert run["short_description"] == (source["short_description"] or None)
        assert run["mobile_available"] == bool(source["mobile_available"])
        words = {"self": "self_paced", "instructor": "instructor_paced"}
        assert run["pacing_type"] == words.get((source.get("pacing") or "").lower())


def seats_of(course):
    seats = {}
    for product in course["products"]:
        if product["structure"] != "child":
            continue
        record = product["stockrecords"][0]
        if not record["price_currency"] or record["partner_sku"].startswith("mobile."):
            continue
        attributes = {value["name"]: value["value"] for value in product["attribute_values"]}
        kind = attributes.get("certificate_type", "audit")
        seats[kind] = (Decimal(record["price"]), record["price_currency"], record["partner_sku"], product["expires"])
    return seats


def test_seats_are_as_otto_sells_them(visit, truth):
    sold = {run["id"]: seats_of(run) for run in read(visit, "otto", "/api/v2/courses/?include_products=True")}
    stated = {key: run["seats"] for course in truth for key, run in course["runs"].items() if run["in_otto"]}
    assert stated.keys() == sold.keys()
    for key, seats in stated.items():
        plain = {
            kind: (Decimal(seat["price"]), seat["currency"], seat["sku"], seat["upgrade_deadline"])
            for kind, seat in seats.items()
        }
        assert plain == sold[key], key


def test_bulk_codes_stand_at_their_seats(visit, truth):
    stated = {
        (key, kind): seat["bulk_sku"]
        for course in truth
        for key, run in course["runs"].items()
        for kind, seat in run["seats"].items()
        if seat["bulk_sku"]
    }
    found = {}
    for code in read(visit, "otto", "/api/v2/products/?product_class=Enrollment%20Code"):
        attributes = {value["code"]: value["value"] for value in code["attribute_values"]}
        found[attributes["course_key"], attributes["seat_type"]] = code["stockrecords"][0]["partner_sku"]
    assert stated.items() <= found.items()


def test_entitlements_are_as_otto_sells_them(visit, truth):
    stated = {e["sku"]: (e["mode"], e["price"]) for course in truth for e in course["entitlements"]}
    found = {}
    for product in read(visit, "otto", "/api/v2/products/?product_class=Course%20Entitlement"):
        attributes = {value["name"]: value["value"] for value in product["attribute_values"]}
        found[product["stockrecords"][0]["partner_sku"]] = (attributes["certificate_type"], product["price"])
    assert stated == found


def test_pages_are_as_the_marketing_site_shows_them(visit, truth):
    nodes = {node["field_course_id"]: node for node in pages(visit)}
    stated = {key: run for course in truth for key, run in course["runs"].items() if run["page"]}
    assert stated.keys() == nodes.keys()
    for key, run in stated.items():
        node = nodes[key]
        assert run["status_published"] is (node["status"] == "1")
        assert run["page"]["uuid"] == node["uuid"] and run["page"]["level"] == node["field_course_level"]
        assert run["page"]["staff"] == [reference["uuid"] for reference in node["field_course_staff"]]


def test_the_texts_name_their_source(visit, truth):
    nodes = {node["field_course_id"]: node for node in pages(visit)}
    for course in truth:
        texts = course["texts"]
        if texts["source"] == "drupal":
            node = nodes[texts["drupal_run"]]
            assert texts["title"]["drupal"] == node["field_course_course_title"]["value"]
            assert texts["short_description"]["drupal"] == node["field_course_sub_title_short"]


def test_programs_hold_the_courses_that_they_say(visit, truth):
    stated = {(program["uuid"], key) for course in truth for program in course["programs"] for key in program["runs"]}
    listed = {
        (program["uuid"], mode["course_key"])
        for program in read(visit, "programs", "/api/v1/programs/?a=b")
        for code in program["course_codes"]
        for mode in code["run_modes"]
    }
    assert stated == listed


def test_the_raw_objects_are_those_of_the_sources(visit, truth):
    listed = {run["id"]: run for run in read(visit, "studio", "/api/courses/v1/courses/?username=catalog_worker")}
    sold = {run["id"]: run for run in read(visit, "otto", "/api/v2/courses/?include_products=True")}
    shown = {node["field_course_id"]: node for node in pages(visit)}
    for course in truth:
        for source, everything in (("studio", listed), ("otto", sold), ("drupal", shown)):
            for key, body in course["sources"][source].items():
                assert body == everything[key]


def test_all_run_keys_can_be_had(visit):
    keys = visit.admin("/admin/edx/truth/keys")
    assert set(keys["visible_runs"]) < set(keys["runs"])


def test_one_course_can_be_asked_for_by_its_key(visit, truth):
    assert visit.admin(f"/admin/edx/truth/{truth[3]['key']}") == truth[3]
    assert visit.clients["identity"].get("/admin/edx/truth/No+Such").status_code == 404


def test_what_belongs_to_no_course_is_stated_too(visit):
    others = visit.admin("/admin/edx/truth/others")
    assert {"organizations", "programs", "people", "subjects", "sponsors"} == others.keys()
    found = {person["uuid"]: person for person in others["people"]}
    node = visit.json("drupal", "/node.json?type=person")["list"][0]
    assert found[node["uuid"]]["given_name"] == node["field_person_first_middle_name"]


def test_it_follows_the_quirks(visit):
    visit.faults(source="studio", missing_pacing=1.0)
    try:
        results = visit.admin("/admin/edx/truth?limit=2")["results"]
        assert {run["pacing_type"] for course in results for run in course["runs"].values()} == {None}
    finally:
        visit.faults(clear=True)
