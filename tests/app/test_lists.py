"""Lists: every style of paging walks completely, filters reach the index, links can be followed."""

import uuid

import pytest

from tests.fakes.browser import Browser, emulated, event
from tests.fakes.house import uuid_for
from tests.fakes.tokens import claims, token

KEYS = [f"edX+C{n:03}" for n in range(45)]


@pytest.fixture
def courses(house):
    for key in KEYS:
        house.things.add("edx", "course", key, {"type_retired": False, "course_type": "verified-audit"}, title=key)
    return house


def walk(browser: Browser, url: str) -> list[dict]:
    pages = []
    while url:
        pages.append(browser.get(url).json)
        url = pages[-1]["next"]
        assert len(pages) < 50
    return pages


@pytest.mark.parametrize(
    "query",
    ["", "?limit=7", "?limit=7&offset=0", "?page=1", "?page_size=10", "?page=1&page_size=10", "?page_size=1000",
     "?limit=99999", "?page_size=x", "?limit=-1", "?limit=0", "?page_size=0&fields=key"],
)  # fmt: skip
def test_every_style_of_paging_shows_each_thing_once(courses, ada, query):
    pages = walk(ada, f"/api/v1/courses/{query}")
    assert [item["key"] for page in pages for item in page["results"]] == KEYS
    assert {page["count"] for page in pages} == {45}
    assert all(set(page) == {"count", "next", "previous", "results"} for page in pages)


@pytest.mark.parametrize("query", ["?limit=7", "?page_size=10", "?page=1"])
def test_previous_leads_back_the_same_way(courses, ada, query):
    there = walk(ada, f"/api/v1/courses/{query}")
    url, back = there[-1]["previous"], [there[-1]["results"]]
    while url:
        page = ada.get(url).json
        back.insert(0, page["results"])
        url = page["previous"]
    assert back == [page["results"] for page in there]


def test_page_size_alone_means_pages_as_the_lms_walks_them(courses, ada):
    """The LMS asks with page_size first and with page=2 after: upstream it loses 80 runs of every sync that way."""
    first = ada.get("/api/v1/courses/?page_size=30&exclude_utm=1").json
    second = ada.get("/api/v1/courses/?page_size=30&exclude_utm=1&page=2").json
    assert [c["key"] for c in first["results"] + second["results"]] == KEYS
    assert second["next"] is None


@pytest.mark.parametrize("page", ["0", "-1", "4", "x", "1.5", "", "9" * 30, "٣"])
def test_a_page_that_is_none_is_404(courses, ada, page):
    answer = ada.get(f"/api/v1/courses/?page={page}&page_size=15")
    assert (answer.status, answer.json) == (404, {"detail": "Invalid page."})


def test_the_last_page_may_be_asked_for_by_name(courses, ada):
    assert [c["key"] for c in ada.get("/api/v1/courses/?page=last").json["results"]] == KEYS[40:]


def test_an_empty_first_page_is_no_error(ada):
    assert ada.get("/api/v1/courses/?page=1").json == {"count": 0, "next": None, "previous": None, "results": []}


def test_an_offset_behind_the_end_is_an_empty_page(courses, ada):
    page = ada.get("/api/v1/courses/?offset=1000").json
    assert (page["count"], page["results"], page["next"]) == (45, [], None)
    assert ada.get("/api/v1/courses/?offset=" + "9" * 40).json["results"] == []


def test_links_carry_the_host_the_caller_used(courses, ada):
    page = ada.get("/api/v1/courses?limit=5&offset=5&fields=key&ordering=-key").json
    assert page["next"] == ("https://catalog.edx.test/api/v1/courses/?fields=key&limit=5&offset=10&ordering=-key")
    assert page["previous"] == "https://catalog.edx.test/api/v1/courses/?fields=key&limit=5&ordering=-key"


@pytest.mark.parametrize(
    ("said", "link"),
    [
        (event("GET", "/api/v1/courses", {"Host": "x1.execute-api.test"}, path="/prod/api/v1/courses"),
         "https://x1.execute-api.test/prod/api/v1/courses/"),
        (event("GET", "/api/v1/courses/", {"Host": "api.test"}, path="/catalog/api/v1/courses/"),
         "https://api.test/catalog/api/v1/courses/"),
        ({**event("GET", "/v2/api/v1/courses", {"Host": "api.test"}, path="/v2/api/v1/courses"),
          "pathParameters": {"proxy": "api/v1/courses"}}, "https://api.test/v2/api/v1/courses/"),
        ({**emulated("GET", "/api/v1/courses", {"Host": "127.0.0.1:4566"}), "stageVariables": {
            "base_path": "/restapis/{api_id}/{stage}/_user_request_", "scheme": "http"}},
         "http://127.0.0.1:4566/restapis/abc123/local/_user_request_/api/v1/courses/"),
        (emulated("GET", "/api/v1/courses/", {"Host": "abc.execute-api.localhost:4566"}),
         "http://abc.execute-api.localhost:4566/local/api/v1/courses/"),
        ({**emulated("GET", "/api/v1/courses", {"Host": "abc.execute-api.localhost:4566"}), "stageVariables": {
            "base_path": "/_aws/execute-api/{api_id}/{stage}"}},
         "http://abc.execute-api.localhost:4566/local/api/v1/courses/"),
        (event("GET", "/api/v1/courses", {"HOST": "api.test:443"}), "https://api.test:443/api/v1/courses/"),
        (event("GET", "/api/v1/courses", {"Host": "[::1]:8000"}, scheme="http"), "http://[::1]:8000/api/v1/courses/"),
        (event("GET", "/api/v1/courses", {"Host": "inner", "X-Forwarded-Host": "evil.test",
                                          "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/evil"}),
         "https://inner/api/v1/courses/"),
    ],
)  # fmt: skip
def test_links_are_right_wherever_the_service_stands(courses, router, said, link):
    import json

    said["headers"]["Authorization"] = f"JWT {token()}"
    body = json.loads(router(said, None)["body"])
    assert body["next"] == f"{link}?limit=20&offset=20"


def test_a_proxy_we_trust_says_what_the_caller_used(courses, router):
    import json

    from chalicelib.domain.front import Front

    courses.front = Front(trusted_proxies=("10.0.0.0/8",))
    headers = {"Host": "inner", "X-Forwarded-Host": "catalog.edx.test, inner", "X-Forwarded-Proto": "https",
               "X-Forwarded-Prefix": "/catalog", "Authorization": f"JWT {token()}"}  # fmt: skip
    trusted = event("GET", "/api/v1/courses", headers, scheme="http", identity={"sourceIp": "10.1.2.3"})
    stranger = event("GET", "/api/v1/courses", headers, scheme="http", identity={"sourceIp": "8.8.8.8"})
    links = [json.loads(router(said, None)["body"])["next"].partition("?")[0] for said in (trusted, stranger)]
    assert links == ["https://catalog.edx.test/catalog/api/v1/courses/", "http://inner/api/v1/courses/"]


@pytest.mark.parametrize("host", ["a b", "evil.test/path", "x" * 300, "a@b", "a\r\nb"])
def test_a_host_that_is_none_is_400(router, host):
    assert Browser(router, host, token()).get("/api/v1/courses").status == 400


def test_250_keys_in_one_request_work(house, ada):
    keys = [f"edX+K{n}" for n in range(250)]
    for key in keys:
        house.things.add("edx", "course", key, {"type_retired": False})
    listed = ada.get(f"/api/v1/courses/?limit=300&keys={'%2C'.join(k.replace('+', '%2B') for k in keys)},nonsense").json
    assert (listed["count"], {c["key"] for c in listed["results"]}) == (250, set(keys))


def test_250_uuids_in_one_request_work(house, ada):
    uuids = [str(uuid.uuid4()) for _ in range(250)]
    for uid in uuids:
        house.things.add("edx", "program", uid, title=uid)
    text = ",".join(u.upper().replace("-", "") for u in uuids)
    listed = ada.get(f"/api/v1/programs/?page_size=300&uuids={text}").json
    assert {p["uuid"] for p in listed["results"]} == set(uuids)


@pytest.mark.parametrize(
    "query",
    ["uuids=x", "uuids=" + uuid_for("a", "b") + ",x", "timestamp=yesterday", "timestamp=10000000-01-01", "q=x",
     "pubq=x", "exclude_utm=maybe", "editable=x", "keys=" + ",".join("edX+" + str(n) for n in range(1001)),
     "course_type=" + "x" * 300, "keys=" + "x" * 300, "course_type=%00", "fields=a;b", "editable=1&q=x"],
)  # fmt: skip
def test_a_bad_value_is_400_with_a_text(staff, query):
    answer = staff.get(f"/api/v1/courses/?{query}")
    assert (answer.status, list(answer.json)) == (400, ["detail"])


def test_editable_and_q_together_say_the_known_words(staff):
    said = staff.get("/api/v1/courses/?editable=1&q=x").json
    assert said == {"detail": "Specifying both editable=1 and a q parameter is not supported."}


def test_editable_is_not_for_everybody(courses, ada, staff):
    assert [b.get("/api/v1/courses/?editable=1").status for b in (ada, staff)] == [403, 200]
    assert ada.get("/api/v1/courses/edX+C001/?editable=1").status == 403


@pytest.mark.parametrize(
    ("query", "terms", "ranges"),
    [
        ("courses/", {"type_retired": [False]}, {}),
        ("courses/?include_retired_course_types=1", {}, {}),
        ("courses/?course_type=open-courses&include_retired_course_types=1", {"open_course": [True]}, {}),
        ("courses/?course_type=audit&include_retired_course_types=1", {"course_type": ["audit"]}, {}),
        ("courses/?course_run_statuses=in_review,archived&include_retired_course_types=1",
         {"course_run_statuses": ["in_review", "archived"]}, {}),
        ("courses/?timestamp=2026-01-02T03:04:05Z&include_retired_course_types=1", {},
         {"data_modified_timestamp": {"gte": "2026-01-02T03:04:05Z"}}),
        ("courses/?timestamp=2026-01-02T03:04:05+02:00&include_retired_course_types=1", {},
         {"data_modified_timestamp": {"gte": "2026-01-02T01:04:05Z"}}),
        ("course_runs/", {"restriction": ["none"], "type_retired": [False]}, {}),
        ("course_runs/?include_retired_run_types=1&include_restricted=custom-b2c,nonsense&hidden=false&license=CC-BY",
         {"restriction": ["none", "custom-b2c"], "hidden": [False], "license": ["CC-BY"]}, {}),
        ("course_runs/?include_retired_run_types=1&active=1&marketable=true",
         {"restriction": ["none"], "marketable": [True], "open_ended": [True]}, {}),
        ("course_runs/?include_retired_run_types=1&active=0&marketable=false", {"restriction": ["none"]}, {}),
        ("programs/?status=active&status=retired&types=xseries,masters&type=XSeries&hidden=0&marketing_slug=a/b",
         {"status": ["active", "retired"], "type_slug": ["xseries", "masters"], "type.lower": ["XSeries"],
          "hidden": [False], "marketing_slug": ["a/b"]}, {}),
        ("programs/?marketable=1", {"marketable": [True]}, {}),
        ("organizations/?tags=a,b", {"key_lower": [], "tags": ["a", "b"]}, {}),
    ],
)  # fmt: skip
def test_filters_reach_the_index(house, ada, query, terms, ranges):
    assert ada.get(f"/api/v1/{query}").status == 200
    (asked,) = house.things.asked
    assert (asked.terms, asked.ranges) == (terms, ranges)


@pytest.mark.parametrize(
    "query",
    [
        "courses/?keys=nonsense",
        "courses/?editors=7",
        "courses/?partner=mitx",
        "programs/?status=unpublished&marketable=1",
    ],
)
def test_what_can_match_nothing_is_an_empty_list(house, ada, query):
    house.things.add("edx", "course", "edX+C1", {"type_retired": False, "editors": []})
    assert ada.get(f"/api/v1/{query}").json["results"] == []


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("courses/", ("key",)),
        ("courses/?ordering=title", ("title",)),
        ("courses/?ordering=-key,title", ("-key", "title")),
        ("courses/?ordering=nonsense,-modified", ("-modified",)),
        ("course_runs/?ordering=-start", ("-start",)),
        ("course_runs/?ordering=title", ("key",)),
        ("programs/", ("id",)),
        ("programs/?ordering=key", ("id",)),
    ],
)
def test_the_order_is_the_one_asked_for_where_it_can_be(house, ada, query, order):
    ada.get(f"/api/v1/{query}")
    assert house.things.asked[0].order == order


def test_uuids_only_is_a_bare_list_of_all(house, ada):
    uuids = sorted(uuid_for("program", str(n)) for n in range(30))
    for n, uid in enumerate(uuids):
        house.things.add("edx", "program", uid, {"status": "active" if n % 2 else "deleted", "id": n})
    answer = ada.get("/api/v1/programs/?exclude_utm=1&status=active&status=retired&uuids_only=1")
    assert answer.json == uuids[1::2]
    assert ada.get("/api/v1/programs/?uuids_only=1&partner=mitx").json == []


def test_a_thing_the_index_still_has_and_the_store_not_is_left_out(courses, ada):
    del courses.things.bodies_of["edx"][next(iter(courses.things.bodies_of["edx"]))]
    page = ada.get("/api/v1/courses/?limit=3").json
    assert (page["count"], [c["key"] for c in page["results"]]) == (45, KEYS[1:3])


def test_an_index_that_is_away_is_503_for_lists_and_nothing_to_details(courses, ada):
    courses.things.down = True
    assert ada.get("/api/v1/courses/").status == 503
    assert ada.get("/api/v1/courses/edX+C001/").status == 200


def test_organizations_are_shown_to_those_who_may_see_them(house, router, staff, ada):
    for key in ("edX", "MITx", "HarvardX"):
        house.things.add("edx", "organization", key, name=key)
    by_filter = Browser(router, token=token(claims("fred", is_restricted=True, filters=["content_org:MITx"])))
    by_role = Browser(router, token=token(claims("rosa", roles=["catalog_organization:edX", "other"])))
    seen = [
        [o["key"] for o in b.get("/api/v1/organizations/").json["results"]] for b in (staff, ada, by_filter, by_role)
    ]
    assert seen == [["edX", "HarvardX", "MITx"], [], ["MITx"], ["edX"]]
    one = f"/api/v1/organizations/{house.things.bodies_of['edx'][next(iter(house.things.bodies_of['edx']))]['uuid']}/"
    assert [b.get(one).status for b in (staff, ada, by_filter, by_role)] == [200, 404, 404, 200]
    many = f"/api/v1/organizations/?uuids={one.split('/')[-2]}"
    assert [b.get(many).json["count"] for b in (staff, ada, by_filter, by_role)] == [1, 0, 0, 1]


def test_a_wide_answer_is_compressed_and_a_too_wide_one_refused(house, ada):
    for key in KEYS:
        house.things.add("edx", "course", key, {"type_retired": False}, full_description="x" * 200_000, title=key)
    plain = ada.get("/api/v1/courses/?page_size=10")
    small = ada.get("/api/v1/courses/?page_size=10", accept_encoding="br, gzip;q=0.8")
    assert "Content-Encoding" not in plain.headers
    assert (small.headers["Content-Encoding"], small.json) == ("gzip", plain.json)
    assert len(small.raw) < len(plain.raw) / 10
    refused = ada.get("/api/v1/courses/?page_size=45")
    assert refused.status == 400
    usable = int(refused.json["detail"].split("at most ")[1].split(" ")[0])
    assert 20 < usable < 30
    assert ada.get(f"/api/v1/courses/?page_size={usable}").status == 200
    assert ada.get("/api/v1/courses/?page_size=45", accept_encoding="gzip").status == 200
    assert "Content-Encoding" not in ada.get("/api/v1/courses/?page_size=10", accept_encoding="gzip;q=0").headers
