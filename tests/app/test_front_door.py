"""The router: every spelling of a path finds its route, everything else is refused in the contract's shape."""

import json

import pytest
from chalice.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.browser import Browser, emulated, event
from tests.fakes.tokens import claims, token

RUN, LEGACY = "course-v1:edX+DemoX+1T2026", "edX/DemoX/2014"


@pytest.fixture(autouse=True)
def _things(house):
    house.things.add("edx", "course", "edX+DemoX", title="Demo")
    house.things.add("edx", "run", RUN, title="Demo run")
    house.things.add("edx", "run", LEGACY, title="Old run")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/courses/edX+DemoX/",
        "/api/v1/courses/edX+DemoX",
        "/api/v1/courses/edX%2BDemoX/",
        "/api/v1/courses/edX/DemoX/",
        "/api/v1/courses/edX%2FDemoX",
        "/api/v1/courses/EDX+demox/",
        "/api/v1/course_runs/course-v1:edX+DemoX+1T2026/",
        "/api/v1/course_runs/course-v1%3AedX%2BDemoX%2B1T2026",
        "/api/v1/course_runs/edX/DemoX/2014",
        "/api/v1/course_runs/edX/DemoX/2014/",
        "/api/v1/course_runs/edX%2FDemoX%2F2014/",
    ],
)
@pytest.mark.parametrize("gateway", [event, emulated])
def test_every_spelling_of_a_key_reaches_its_thing(router, path, gateway):
    answer = router(gateway("GET", path, {"Host": "x", "Authorization": f"JWT {token()}"}), None)
    assert answer["statusCode"] == 200
    assert "emo" in json.loads(answer["body"])["title"] or "Old" in json.loads(answer["body"])["title"]


def test_an_old_run_called_explain_is_still_a_run(house, staff):
    house.things.add("edx", "run", "edX/DemoX/explain", title="Odd")
    assert staff.get("/api/v1/course_runs/edX/DemoX/explain").json["title"] == "Odd"
    assert staff.get("/api/v1/course_runs/edX/DemoX/2014/explain").json["key"] == LEGACY.lower()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/api/v1/nothing", 404),
        ("/api/v1/courses//", 404),
        ("//api/v1/courses", 404),
        ("/api/v1/courses/a/b/c", 404),
        ("/api/v1/course_runs/a/b", 404),
        ("/api/v1/courses/%zz", 400),
        ("/api/v1/courses/%", 400),
        ("/api/v1/courses/%ff%fe", 400),
        ("/api/v1/courses/edX+De%00moX", 400),
        ("/api/v1/courses/edX+De%0amoX", 400),
        ("/api/v1/courses/" + "x" * 10_000, 404),
        ("/api/v1/courses/" + "%2B" * 600, 404),
        ("/api/v1/courses/édX+Démo", 404),
        ("/api/v1/courses/%C3%A9dX+D%C3%A9mo", 404),
        ("/api/v1/courses/edX", 404),
        ("/api/v1/courses/" + "x" * 200 + "+" + "y" * 200, 404),
        ("/api/v1/courses/../admin", 404),
    ],
)
def test_a_bad_path_is_the_callers_mistake(ada, path, status):
    answer = ada.get(path)
    assert (answer.status, list(answer.json)) == (status, ["detail"])


def test_an_unknown_path_has_the_contracts_body(ada):
    assert ada.get("/nowhere").json == {"detail": "Not found."}


@pytest.mark.parametrize("path", ["/api/v1/courses", "/api/v1/courses/edX+DemoX/", "/api/v1/course_runs/x/"])
@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE", "BREW"])
def test_a_wrong_method_is_refused_by_name(ada, path, method):
    answer = ada.send(method, path)
    assert answer.status == 405
    assert answer.json == {"detail": f'Method "{method}" not allowed.'}
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_options_tells_what_is_allowed_without_credentials(router):
    answer = Browser(router).send("OPTIONS", "/exchange/v1/updates/")
    assert (answer.status, answer.headers["Allow"], answer.raw) == (204, "POST, OPTIONS", b"")


def test_head_is_a_get_without_its_body(ada):
    head, get = (ada.send(m, "/api/v1/courses/edX+DemoX/") for m in ("HEAD", "GET"))
    assert (head.status, head.raw, head.headers["ETag"]) == (200, b"", get.headers["ETag"])


def test_a_body_too_large_is_refused_before_anyone_reads_it(ada):
    assert ada.send("POST", "/exchange/v1/updates", "x" * 1_048_577).status == 413
    assert ada.send("POST", "/exchange/v1/updates", "é" * 600_000).status == 413


def test_whatever_breaks_inside_is_a_500_without_its_insides(house, ada, caplog):
    house.things.bodies = lambda *_: 1 / 0
    answer = ada.get("/api/v1/courses/edX+DemoX/")
    assert answer.status == 500
    assert set(answer.json) == {"detail", "request_id"}
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    assert "Zero" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_middleware_that_breaks_is_a_500_in_the_same_shape(app, ada):
    @app.middleware("http")
    def broken(event, get_response):
        raise RuntimeError("secret")

    answer = ada.get("/api/v1/courses/edX+DemoX/")
    assert (answer.status, set(answer.json)) == (500, {"detail", "request_id"})


def test_an_event_that_is_no_request_is_answered_all_the_same(router):
    assert router({}, None)["statusCode"] == 404
    assert router({"path": "/health", "httpMethod": "GET"}, None)["statusCode"] == 500


def test_the_routes_answer_chalices_own_client_too(app):
    with Client(app) as client:
        said = {"Authorization": f"JWT {token()}", "Host": "catalog.edx.test"}
        assert client.http.get("/api/v1/courses/edX%2BDemoX", headers=said).json_body["title"] == "Demo"
        assert client.http.get("/health").json_body["overall_status"] == "OK"
        assert client.http.get("/api/v1/courses").status_code == 401


def test_a_form_typed_get_is_still_a_get(ada):
    assert ada.get("/api/v1/courses/edX+DemoX", content_type="application/x-www-form-urlencoded").status == 200


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]))
def test_no_path_whatever_ends_in_a_server_error(router, tail, method):
    for path in (f"/api/v1/courses/{tail}", f"/api/v1/programs/{tail}", f"/{tail}", f"/admin/v1/registry/{tail}"):
        said = {"Authorization": f"JWT {token(claims(administrator=True))}"}
        assert router(event(method, path, said), None)["statusCode"] < 500
