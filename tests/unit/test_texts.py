"""Cleaning texts (course-discovery 1.11), values and languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.shapes.languages import code_of, facet_name
from chalicelib.domain.shapes.texts import KEPT, html, plain
from chalicelib.domain.values import from_ms, from_seconds, instant, last_segment, money, whole

MARKUP = st.lists(
    st.sampled_from(
        (
            *("<p>", "</p>", "<h1>", "</h1>", "<script>", "</script>", "<a href='javascript:x' onclick=y>", "</a>"),
            *("<ul><li>", "</ul>", "&nbsp;", "&lt;b&gt;", "<br/>", "text ", "<", ">", "\xa0", "<img src=x onerror=y>"),
        )
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("<p>Long&nbsp;text</p>\n", "<p>Long text</p>"),
        ('<p class="x" style="color:red" lang="en">a</p>', '<p lang="en">a</p>'),
        ("<p>a</p><p> </p><p>&nbsp;</p>", "<p>a</p>"),
        ("<h1>Title</h1>", "<p><strong>Title</strong></p>"),
        ("a<script>alert(1)</script>b<br>", "ab<br>"),
        ('<a href="javascript:x" target="_blank">y</a>', '<a target="_blank">y</a>'),
        ('<a href="https://example.org/?a=1&amp;b=2">y</a>', '<a href="https://example.org/?a=1&amp;b=2">y</a>'),
        ("<ul><li>one<li>two</ul>", "<ul><li>one</li><li>two</li></ul>"),
        ("<section><em>kept</em></section>", "<em>kept</em>"),
        ("<b>AT&amp;T</b>", "<b>AT&amp;T</b>"),
        ("no markup, 1 < 2 & 3", "no markup, 1 < 2 & 3"),
        ("<p>open", "<p>open</p>"),
        ("   ", None),
        ("<p></p>", None),
        (None, None),
        (7, None),
    ],
)
def test_html_is_cleaned(given, cleaned):
    assert html(given) == cleaned


@given(MARKUP)
def test_cleaned_html_is_clean_and_stays_as_it_is(text):
    once = html(text)
    assert html(once) == once
    if once is not None:
        assert (
            not any(f"<{bad}" in once for bad in ("script", "h1"))
            and "onclick" not in once
            and "javascript:" not in once
        )


@given(st.text())
def test_any_text_can_be_cleaned(text):
    html(text), plain(text)


def test_headings_and_scripts_are_not_among_what_is_kept():
    assert not {"h1", "script", "style", "iframe"} & KEPT


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Rivers \n &amp; <b>Society</b>", "Rivers & Society"),
        ("AT&T", "AT&T"),
        ("&amp;lt;", "&lt;"),
        ("", None),
        (None, None),
    ],
)
def test_plain_text_has_no_markup_and_single_spaces(given, shown):
    assert plain(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z"),
        ("2026-01-05T02:00:00+02:00", "2026-01-05T00:00:00Z"),
        ("2026-01-05T00:00:00.250000Z", "2026-01-05T00:00:00.250000Z"),
        ("2026-01-05", "2026-01-05T00:00:00Z"),
        ("tomorrow", None),
        ("", None),
        (None, None),
        (1767571200, None),
    ],
)
def test_instants_are_written_in_utc(given, shown):
    assert instant(given) == shown


def test_seconds_and_milliseconds():
    assert from_seconds("1767571200") == from_seconds(1767571200) == "2026-01-05T00:00:00Z"
    assert from_seconds("soon") is from_seconds("9" * 30) is from_seconds(None) is None
    assert from_ms(1_767_571_200_500) == "2026-01-05T00:00:00.500000Z"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("49", "49.00"),
        (49.5, "49.50"),
        ("0", "0.00"),
        ("1e2", "100.00"),
        ("NaN", None),
        ("inf", None),
        ("", None),
        (True, None),
        ("9" * 40, None),
    ],
)
def test_money_has_two_places(given, shown):
    assert money(given) == shown


def test_whole_numbers_may_come_as_text():
    assert (whole("7"), whole(7), whole("7.5"), whole(None), whole(True), whole("x")) == (7, 7, None, None, None, None)


def test_the_last_segment_of_a_url_is_its_slug():
    assert last_segment("https://www.example.org/course/rivers/?x=1#y") == "rivers"
    assert last_segment(None) is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en-us", "English"),
        ("EN", "English"),
        ("zh-cmn", "Chinese - Mandarin"),
        ("es-xx", "Spanish"),
        ("tlh", None),
        (None, None),
    ],
)
def test_search_shows_languages_by_their_family_but_chinese_in_full(code, name):
    assert facet_name(code) == name


@pytest.mark.parametrize(
    ("tag", "name", "code"),
    [("pt_BR", None, "pt-br"), (None, "Portuguese - Brazil", "pt-br"), ("", "Français", "fr"), (None, "Klingon", None)],
)
def test_languages_have_codes_by_tag_or_by_name(tag, name, code):
    assert code_of(tag, name) == code
