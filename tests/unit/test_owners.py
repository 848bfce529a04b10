"""The table of owners: it names what the sources say, and says what the reference says."""

from __future__ import annotations

import pytest

from chalicelib.domain.merging.merge import Voice, merge
from chalicelib.domain.merging.owners import EXISTENCE, TABLES, ranked
from chalicelib.domain.sources import SOURCES

LATER = {"publisher", "analytics"}


def test_every_owner_is_a_source_or_one_of_its_nouns():
    nouns = {f"{s.name}#{n.thing}" for s in SOURCES.values() for n in s.nouns}
    named = {o for table in TABLES.values() for row in table.values() for o in (*row.without, *row.publisher)}
    assert named <= nouns | SOURCES.keys() | LATER
    assert {name for names in EXISTENCE.values() for name in names} <= nouns


@pytest.mark.parametrize(
    ("field", "without", "publisher"),
    [
        ("start", "studio", "studio"),
        ("pacing_type", "studio", "studio"),
        ("license", "studio", "studio"),
        ("title", "studio", "studio"),
        ("short_description", "studio", None),
        ("video", "studio", None),
        ("mobile_available", "studio", None),
        ("status", "studio", None),
    ],
)
def test_what_the_lms_tells_without_and_with_publisher(field, without, publisher):
    """course-discovery 6.2, for runs."""
    told = [Voice("studio#course", {field: "told"})]
    assert merge("run", False, told).winners.get(field) == (f"{without}#course" if without else None)
    assert merge("run", True, told).winners.get(field) == (f"{publisher}#course" if publisher else None)


def test_a_field_no_row_names_goes_to_operators_then_to_sources_by_name():
    assert ranked("run", "moon_phase", False) is None
    voices = [Voice("weather#x", {"moon": 1}), Voice("analytics#x", {"moon": 2}), Voice("registry#minted", {"moon": 3})]
    assert merge("run", False, voices).values["moon"] == 2
    assert merge("run", False, [*voices, Voice("registry#edited", {"moon": 4})]).values["moon"] == 4


def test_a_null_said_by_the_owner_is_its_answer():
    voices = [Voice("drupal#course", {"end": "2026"}), Voice("studio#course", {"end": None})]
    said = merge("run", False, voices)
    assert (said.values["end"], said.winners["end"], said.get("end", "none")) == (None, "studio#course", "none")
