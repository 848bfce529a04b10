"""Matching paths: literal beats parameter, parameters hold exactly as many slashes as their keys may have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.errors import ApiError
from chalicelib.api.paths import Match, Table, decoded

TABLE = Table(
    [
        "/",
        "/health",
        "/api/v1/courses",
        "/api/v1/courses/{course_key}",
        "/api/v1/courses/{course_key}/explain",
        "/api/v1/course_runs/{run_key}",
        "/api/v1/course_runs/{run_key}/explain",
        "/api/v1/course_runs/contains",
        "/api/v1/programs/{uuid}",
    ]
)


@pytest.mark.parametrize(
    ("path", "pattern", "values"),
    [
        ("/", "/", {}),
        ("/api/v1/course_runs/contains", "/api/v1/course_runs/contains", {}),
        ("/api/v1/courses/a", "/api/v1/courses/{course_key}", {"course_key": "a"}),
        ("/api/v1/courses/a/b", "/api/v1/courses/{course_key}", {"course_key": "a/b"}),
        ("/api/v1/courses/a+b/explain", "/api/v1/courses/{course_key}/explain", {"course_key": "a+b"}),
        ("/api/v1/courses/a/b/explain", "/api/v1/courses/{course_key}/explain", {"course_key": "a/b"}),
        ("/api/v1/course_runs/a/b/c", "/api/v1/course_runs/{run_key}", {"run_key": "a/b/c"}),
        ("/api/v1/course_runs/a/b/c/explain", "/api/v1/course_runs/{run_key}/explain", {"run_key": "a/b/c"}),
        ("/api/v1/programs/x", "/api/v1/programs/{uuid}", {"uuid": "x"}),
    ],
)
def test_a_path_finds_its_route(path, pattern, values):
    assert TABLE.match(path) == Match(pattern, values)


@pytest.mark.parametrize(
    "path", ["", "/api", "/api/v1/courses/", "/api/v1/courses/a/b/c", "/api/v1/course_runs/a/b", "/api/v1/programs/a/b"]
)
def test_what_has_no_route_has_none(path):
    assert TABLE.match(path) is None


@given(st.text(max_size=300))
def test_any_path_is_decoded_or_refused(path):
    try:
        plain = decoded("/" + path)
    except ApiError as error:
        assert error.status in {400, 404}
    else:
        assert "\x00" not in plain


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="%/"), min_size=1, max_size=50))
def test_decoding_what_was_decoded_already_changes_nothing(text):
    from urllib.parse import quote

    once = decoded("/x/" + quote(text, safe=""))
    assert once == "/x/" + text
    assert decoded(once) == once
