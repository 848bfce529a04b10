"""The update: what a producer may publish, and what is said of what it may not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.update import MAX_BYTES, InvalidUpdate, Update, parse_update, type_of

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "update.v1.json").read_text())


def update(**said: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "1",
        "type": type_of("run"),
        "source": "studio",
        "tenant": "edx",
        "subject": "course-v1:edX+DemoX+1T2026",
        "time": "2026-11-21T15:00:00Z",
    } | said


def test_the_published_schema_is_what_the_code_takes() -> None:
    own = {k: v for k, v in SCHEMA.items() if not k.startswith("$")}
    assert own == Update.model_json_schema()


def test_a_good_update_names_what_is_to_be_read() -> None:
    read = parse_update(json.dumps(update()))
    assert (read.kind, read.ref.key) == ("run", "course-v1:edx+demox+1t2026")
    assert read.time == datetime(2026, 11, 21, 15, tzinfo=UTC)
    jsonschema.validate(update(), SCHEMA)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"time": "2026-11-21T15:00:00"}, "malformed"),
        ({"time": "yesterday"}, "malformed"),
        ({"specversion": "2.0"}, "malformed"),
        ({"title": "content is not ours to carry"}, "malformed"),
        ({"type": "org.openedx.catalog.run.deleted.v1"}, "malformed"),
        ({"tenant": "EDX; drop"}, "malformed"),
        ({"subject": ""}, "malformed"),
        ({"subject": "not a run key"}, "invalid_key"),
        ({"subject": "course-v1:a+b+c#d"}, "invalid_key"),
    ],
)
def test_what_is_wrong_is_said(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidUpdate) as error:
        parse_update(json.dumps(update(**said)))
    assert error.value.reason == reason
    assert str(error.value)


@pytest.mark.parametrize("body", ["", "[]", "null", "{", "\ud800", '"text"', "[" * 5000])
def test_what_is_no_json_object_is_malformed(body: str) -> None:
    with pytest.raises(InvalidUpdate) as error:
        parse_update(body.encode("utf-8", "surrogatepass"))
    assert error.value.reason == "malformed"


def test_an_update_that_carries_content_is_oversized() -> None:
    with pytest.raises(InvalidUpdate) as error:
        parse_update(json.dumps(update(url="https://example.org/" + "x" * MAX_BYTES)))
    assert error.value.reason == "oversized"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_nothing_but_an_invalid_update_is_ever_raised(value: Any) -> None:
    for name in update():
        try:
            parse_update({**update(), name: value})
        except InvalidUpdate:
            continue
