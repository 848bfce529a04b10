from urllib.parse import quote

import pytest

from tests.campus_kit import Visit


@pytest.fixture(scope="module")
def visit():
    return Visit()


def walk(visit, system, path):
    """All results of a paged list with the usual envelope."""
    found, page = [], 1
    while True:
        body = visit.json(system, f"{path}{'&' if '?' in path else '?'}page={page}&page_size=50")
        found += body["results"]
        if not body["next"]:
            return found, body["count"]
        page += 1


def hidden_run(visit):
    world = visit.world()
    return next(run for i in range(world.spec.size) for run in world.course(i).runs if not run.visible)


def test_without_a_token_nobody_gets_in(visit):
    paths = {"studio": "/api/courses/v1/courses/", "otto": "/api/v2/courses/", "programs": "/api/v1/programs/"}
    for system, path in {**paths, "drupal": "/node.json"}.items():
        answer = visit.clients[system].get(f"/edx{path}")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("JWT")


def test_a_token_of_one_tenant_opens_nothing_at_the_other(visit):
    assert visit.get("studio", "/api/courses/v1/courses/", tenant="pyrite").status_code == 401


def test_the_courses_api_pages_in_its_own_envelope(visit):
    body = visit.runs()
    assert body.keys() == {"results", "pagination"}
    assert body["pagination"].keys() == {"next", "previous", "count", "num_pages"}
    assert len(body["results"]) == 10
    assert body["pagination"]["next"].startswith("http://127.0.0.1:18110/edx/api/courses/v1/courses/?")
    assert "page=2" in body["pagination"]["next"]


def test_no_page_is_larger_than_a_hundred(visit):
    assert len(visit.runs("page_size=1000")["results"]) == 100


def test_the_walk_brings_every_visible_run_once(visit):
    count, found = visit.runs("page_size=50")["pagination"]["count"], []
    for page in range(1, -(-count // 50) + 1):
        found += [run["id"] for run in visit.runs(f"page_size=50&page={page}")["results"]]
    assert len(found) == len(set(found)) == count
    assert hidden_run(visit).key not in found


@pytest.mark.parametrize("page", ["0", "99999", "x", "-1"])
def test_a_page_that_does_not_exist_is_404(visit, page):
    query = f"username=catalog_worker&page={page}"
    assert visit.get("studio", f"/api/courses/v1/courses/?{query}").status_code == 404


def test_runs_can_be_asked_for_by_their_keys(visit):
    keys = [run["id"] for run in visit.runs("page_size=3")["results"]]
    query = "&".join(f"course_keys={quote(key)}" for key in [*keys, "course-v1:No+Such+Run"])
    assert [run["id"] for run in visit.runs(query)["results"]] == keys
    assert [run["id"] for run in visit.runs("course_keys=" + quote(",".join(keys)))["results"]] == keys


def test_what_the_service_user_may_not_see_is_404_like_what_does_not_exist(visit):
    run = hidden_run(visit)
    for key in (run.key, "course-v1:No+Such+Run", "nonsense"):
        answer = visit.get("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker")
        assert answer.status_code == 404


@pytest.mark.parametrize("spell", [str, quote, lambda key: key.replace("+", "%2B"), str.lower])
def test_a_run_is_found_in_any_spelling_of_its_key(visit, spell):
    key = visit.runs("page_size=1")["results"][0]["id"]
    body = visit.json("studio", f"/api/courses/v1/courses/{spell(key)}/?username=catalog_worker")
    assert body["id"] == key and "overview" in body


def test_old_keys_keep_their_slashes_in_a_path(visit):
    world = visit.world()
    runs = (run for i in range(world.spec.size) for run in world.course(i).runs if run.visible)
    key = next(run.key for run in runs if "/" in run.key)
    assert visit.json("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker")["id"] == key
    assert visit.json("otto", f"/api/v2/courses/{key}/")["id"] == key


def test_only_staff_may_look_through_another_users_eyes(visit):
    learner = visit.new_token(grant_type="password", username="learner", password="campus")
    assert visit.get("studio", "/api/courses/v1/courses/?username=staff", learner).status_code == 403
    assert visit.get("studio", "/api/courses/v1/courses/?username=learner", learner).status_code == 200
    assert visit.get("studio", "/api/courses/v1/courses/?username=stranger").status_code == 404


def test_ended_runs_can_be_left_out(visit):
    body = visit.runs("active_only=True&page_size=100")
    assert 0 < body["pagination"]["count"] < visit.runs()["pagination"]["count"]
    assert all(run["end"] is None or run["end"] > "2026-11-21" for run in body["results"])


def test_the_list_narrows_by_organization_whatever_its_case(visit):
    org = visit.json("studio", "/api/organizations/v0/organizations/")["results"][0]["short_name"]
    results = visit.runs(f"org={org.upper()}")["results"]
    assert results and all(f":{org}+" in run["id"] or run["id"].startswith(org) for run in results)


def test_organizations_are_for_staff(visit):
    learner = visit.new_token(grant_type="password", username="learner", password="campus")
    path = "/api/organizations/v0/organizations/"
    assert visit.get("studio", path, learner).status_code == 403
    first = visit.json("studio", path)["results"][0]
    assert visit.json("studio", f"{path}{first['short_name']}/") == first
    assert visit.get("studio", f"{path}NobodyX/").status_code == 404


def test_studio_has_runs_of_its_own_form(visit):
    run = visit.json("studio", "/api/v1/course_runs/")["results"][0]
    assert run["schedule"].keys() == {"start", "end", "enrollment_start", "enrollment_end"}
    assert visit.json("studio", f"/api/v1/course_runs/{run['id']}/") == run


def test_otto_lists_every_run_with_products_only_if_asked(visit):
    with_products, count = walk(visit, "otto", "/api/v2/courses/?include_products=True")
    assert len(with_products) == count == len(visit.world().all_runs())
    assert all(course["products"][0]["structure"] == "parent" for course in with_products)
    assert "products" not in visit.json("otto", "/api/v2/courses/")["results"][0]
    assert len(visit.json("otto", "/api/v2/courses/")["results"]) == 20


def test_an_audit_seat_does_not_say_so(visit):
    courses, _ = walk(visit, "otto", "/api/v2/courses/?include_products=True")
    audits = [
        product
        for course in courses
        for product in course["products"]
        if product["structure"] == "child" and "audit" in product["title"]
    ]
    assert audits
    for product in audits:
        assert all(value["name"] != "certificate_type" for value in product["attribute_values"])


def test_entitlements_name_the_uuid_that_the_catalog_minted(visit):
    entitlements, count = walk(visit, "otto", "/api/v2/products/?product_class=Course%20Entitlement")
    assert len(entitlements) == count > 0
    world = visit.world()
    course = next(world.course(i) for i in range(world.spec.size) if world.course(i).entitlement)
    visit.clients["identity"].post("/admin/edx/course-uuids", json={course.key: "minted"})
    entitlements, _ = walk(visit, "otto", "/api/v2/products/?product_class=Course%20Entitlement")
    values = {value["value"] for product in entitlements for value in product["attribute_values"]}
    assert "minted" in values


def test_bulk_codes_name_their_run_by_code(visit):
    codes, count = walk(visit, "otto", "/api/v2/products/?product_class=Enrollment%20Code")
    assert len(codes) == count > 0
    attributes = {value["code"]: value["value"] for value in codes[0]["attribute_values"]}
    assert visit.world().run(attributes["course_key"]) and attributes["seat_type"]
    assert codes[0]["structure"] == "standalone"


def test_the_marketing_site_opens_after_its_form(visit):
    site = visit.clients["drupal"]
    form = {"name": "catalog_worker", "pass": "campus", "form_id": "user_login", "op": "Log in"}
    answer = site.post("/edx/user", data=form)
    assert answer.status_code == 302
    assert answer.headers["location"] == "http://127.0.0.1:18130/edx/admin"
    cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    assert site.get("/edx/admin", headers=cookie).status_code == 200
    assert site.get("/edx/restws/session/token", headers=cookie).text
    assert site.get("/edx/node.json?type=course", headers=cookie).status_code == 200
    assert site.post("/edx/user", data=form | {"pass": "wrong"}).status_code == 200


def test_nodes_page_from_zero_until_there_is_no_next(visit):
    found, page = [], 0
    while True:
        body = visit.json("drupal", f"/node.json?type=course&max-depth=2&load-entity-refs=file&limit=40&page={page}")
        found += [node["uuid"] for node in body["list"]]
        if "next" not in body:
            break
        page += 1
    assert len(found) == len(set(found)) == len(visit.world().pages())
    assert visit.get("drupal", f"/node.json?type=course&limit=40&page={page + 1}").status_code == 404


def test_a_node_is_found_by_run_key_and_by_uuid(visit):
    node = visit.json("drupal", "/node.json?type=course&limit=1")["list"][0]
    by_key = visit.json("drupal", f"/node.json?type=course&field_course_id={quote(node['field_course_id'])}")
    assert by_key["list"] == visit.json("drupal", f"/node.json?uuid={node['uuid']}")["list"] == [node]
    assert visit.json("drupal", "/node.json?type=course&field_course_id=course-v1%3ANo%2BSuch%2BRun")["list"] == []


def test_the_marketing_site_keeps_its_habits(visit):
    nodes = visit.json("drupal", "/node.json?type=course")["list"]
    assert all("field_couse_is_hidden" in node for node in nodes)
    dates = [node["field_course_start_date"] for node in nodes]
    assert any(date is not None and date.isdecimal() for date in dates)
    assert any(node["field_course_body"] == [] for node in nodes)
    assert {node["status"] for node in nodes} <= {"0", "1"}
    people = visit.json("drupal", "/node.json?type=person")["list"]
    assert any("field_person_position_tiltes" in (person["field_person_positions"] or [{}])[0] for person in people)


@pytest.mark.parametrize("kind", ["school", "subject", "person", "sponsorer", "xseries"])
def test_every_kind_of_node_can_be_listed_and_looked_up(visit, kind):
    node = visit.json("drupal", f"/node.json?type={kind}&limit=5")["list"][0]
    assert node["type"] == kind
    assert visit.json("drupal", f"/node.json?type={kind}&uuid={node['uuid']}")["list"] == [node]
    assert node in visit.json("drupal", f"/node.json?type={kind}&title={quote(node['title'])}")["list"]


def test_what_a_page_points_at_exists(visit):
    kinds = {"field_course_staff": "person", "field_course_school_node": "school", "field_course_subject": "subject"}
    for node in visit.json("drupal", "/node.json?type=course&limit=10")["list"]:
        for name, kind in kinds.items():
            for reference in node[name]:
                assert visit.json("drupal", f"/node.json?type={kind}&uuid={reference['uuid']}")["list"]


def test_programs_are_listed_by_status_and_name_runs_that_exist(visit):
    programs, count = walk(visit, "programs", "/api/v1/programs/")
    assert len(programs) == count == visit.world().spec.programs
    for program in programs:
        assert visit.json("programs", f"/api/v1/programs/{program['uuid']}/") == program
        for code in program["course_codes"]:
            assert all(visit.world().run(mode["course_key"]) for mode in code["run_modes"])
    active = visit.json("programs", "/api/v1/programs/?status=active")["results"]
    assert active == [program for program in programs if program["status"] == "active"][:20]


def test_pictures_are_drawn_for_any_name(visit):
    url = visit.runs("page_size=1")["results"][0]["media"]["banner_image"]["uri_absolute"]
    picture = visit.clients["studio"].get(url)
    assert picture.headers["content-type"].startswith("image/svg")


def test_a_programs_banner_is_a_picture_that_can_be_opened(visit):
    programs = visit.json("programs", "/api/v1/programs/")["results"]
    url = next(program["banner_image_urls"]["w1440h480"] for program in programs if program["banner_image_urls"])
    picture = visit.clients["programs"].get(url)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(picture.content[at : at + 4], "big") for at in (16, 20)] == [1440, 480]
