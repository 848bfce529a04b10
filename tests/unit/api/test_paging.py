"""Windows and envelopes: for any size and count a walk by links is complete, in order and without repeats."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.errors import ApiError
from chalicelib.api.paging import envelope, window

URL = "https://catalog.test/api/v1/courses/"


def pages(query: dict, things: list[int]):
    """Follow ``next`` from a first query, as a client does."""
    while True:
        w = window(query)
        page = envelope(URL, query, w, len(things), things[w.offset : w.offset + w.limit])
        yield page
        if page["next"] is None:
            return
        assert page["next"].startswith(URL + "?")
        query = parse_qs(urlsplit(page["next"]).query)


sizes = st.integers(1, 60).map(str)
queries = st.one_of(
    st.fixed_dictionaries({}, optional={"limit": st.lists(sizes, min_size=1, max_size=1)}),
    st.fixed_dictionaries({"page_size": st.lists(sizes, min_size=1, max_size=1)}),
    st.fixed_dictionaries({"page": st.just(["1"])}, optional={"page_size": st.lists(sizes, min_size=1, max_size=1)}),
)


@given(queries, st.integers(0, 130))
def test_any_walk_sees_everything_once(query, count):
    seen = list(pages({**query, "fields": ["key,title", "a+b c&d"]}, list(range(count))))
    assert [n for page in seen for n in page["results"]] == list(range(count))
    assert len(seen) <= count + 1


@given(queries, st.integers(1, 130))
def test_the_first_page_has_no_previous_and_the_last_no_next(query, count):
    seen = list(pages(query, list(range(count))))
    assert [page["previous"] is None for page in seen] == [True, *[False] * (len(seen) - 1)]
    assert [page["next"] is None for page in seen] == [*[False] * (len(seen) - 1), True]


@given(st.dictionaries(st.sampled_from(["page", "page_size", "limit", "offset"]), st.lists(st.text(), min_size=1)))
def test_no_value_of_a_paging_parameter_breaks_anything(query):
    try:
        w = window(query)
    except ApiError as error:
        assert (error.status, error.body) == (404, {"detail": "Invalid page."})
    else:
        assert 1 <= w.limit <= 1_000
        assert w.offset >= 0


def test_page_style_wins_when_both_are_given():
    w = window({"page": ["1"], "page_size": ["500"], "limit": ["50"]})
    assert (w.page, w.limit) == (1, 500)


@pytest.mark.parametrize(("asked", "given_"), [("5000", 1_000), ("1000", 1_000), ("", 20), ("0", 20), ("ten", 20)])
def test_sizes_are_bounded(asked, given_):
    assert window({"limit": [asked]}).limit == window({"page_size": [asked]}).limit == given_
