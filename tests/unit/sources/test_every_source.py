"""What holds for every source, and what it takes to add one."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import sources
from chalicelib.domain.merging.merge import merged
from chalicelib.domain.sources import SOURCES, source_of
from chalicelib.domain.sources.base import UnreadablePayload
from tests.builders import (
    RUN,
    drupal_course,
    drupal_person,
    drupal_school,
    drupal_sponsorer,
    drupal_subject,
    drupal_xseries,
    otto_code,
    otto_course,
    otto_entitlement,
    program_payload,
    record,
    run,
    studio_course,
    studio_organization,
    uuid_for,
)

NOUNS = [(s.name, n) for s in SOURCES.values() for n in s.nouns]
FOREIGN = [(name, noun) for name, noun in NOUNS if name != "registry"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_every_module_is_found_under_its_own_name():
    assert list(SOURCES) == list(sources.MODULES)


@pytest.mark.parametrize(("source", "noun"), NOUNS, ids=lambda v: v if isinstance(v, str) else v.thing)
def test_every_older_shape_has_a_migration(source, noun):
    assert set(noun.migrations) == set(range(1, noun.version))


@pytest.mark.parametrize(("source", "noun"), FOREIGN, ids=lambda v: v if isinstance(v, str) else v.thing)
def test_every_noun_can_be_read_or_listed(source, noun):
    assert (noun.read and noun.found) or (noun.listing and noun.page)


@pytest.mark.parametrize(("source", "noun"), NOUNS, ids=lambda v: v if isinstance(v, str) else v.thing)
def test_an_empty_payload_says_nothing(source, noun):
    assert not any(noun.says([] if noun.several else {}).values())


@pytest.mark.parametrize(("source", "noun"), FOREIGN, ids=lambda v: v if isinstance(v, str) else v.thing)
@settings(max_examples=30)
@given(
    body=ANYTHING | st.fixed_dictionaries({"results": st.lists(ANYTHING), "list": st.lists(ANYTHING), "next": ANYTHING})
)
def test_an_answer_nobody_expected_is_unreadable_and_nothing_worse(source, noun, body):
    for take in (lambda: noun.page and noun.page(body, 1), lambda: noun.found and noun.found(body)):
        try:
            take()
        except UnreadablePayload as error:
            assert str(error)


GOOD = {
    ("studio", "course"): studio_course(),
    ("studio", "organization"): studio_organization(),
    ("otto", "course"): otto_course(),
    ("otto", "enrollment_code"): otto_code(),
    ("otto", "entitlement"): otto_entitlement(uuid_for("course")),
    ("drupal", "course"): drupal_course(),
    ("drupal", "school"): drupal_school(),
    ("drupal", "sponsorer"): drupal_sponsorer(),
    ("drupal", "person"): drupal_person(uuid_for("ada")),
    ("drupal", "subject"): drupal_subject(uuid_for("s")),
    ("drupal", "xseries"): drupal_xseries(),
    ("programs", "program"): program_payload(uuid_for("p")),
}


@pytest.mark.parametrize("name", GOOD, ids="-".join)
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_is_taken_can_be_understood(name, data):
    """A field may hold anything: then the element is refused with a reason, or what it says is worked out."""
    noun = next(n for n in SOURCES[name[0]].nouns if n.thing == name[1])
    path = data.draw(st.sampled_from(list(_places(GOOD[name]))))
    payload = _with(GOOD[name], path, data.draw(ANYTHING))
    for found in noun.page({"results": [payload], "list": [payload]}, 1).found:
        kept = [found.payload] if noun.several else found.payload
        assert isinstance(noun.says(noun.migrate(1, kept)), dict)


def _places(value, path=()):
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*path, key))


def _with(value, path, new):
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = _with(copied[path[0]], path[1:], new)
    return copied


def test_a_new_source_is_one_module_and_one_line(monkeypatch):
    """The worked example of docs/extending.md, as it stands there: the module, and the line that names it."""
    page = (Path(__file__).parents[3] / "docs" / "extending.md").read_text("utf-8")
    code = textwrap.dedent(page.split("```python\n")[1].split("   ```")[0])
    module = ModuleType("chalicelib.domain.sources.analytics")
    exec(code, module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)

    added = {**SOURCES, "analytics": source_of("analytics")}

    answer = {"next": None, "results": [{"course_id": RUN, "count": "1201", "recent_count_change": 14}, {}]}
    (found,) = added["analytics"].noun("run", "summary").page(answer, 1).found
    told = record("studio#course", studio_course()), record("analytics#summary", found.payload)
    said = merged(run(found.key, *told), False, added)
    assert (said.get("enrollment_count"), said.winners["enrollment_count"]) == (1201, "analytics#summary")
    assert said.get("title") == "Rivers and Society"
