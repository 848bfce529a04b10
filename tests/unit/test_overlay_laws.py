"""The laws of the overlay, for any records of any sources in any order."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.merging.merge import MERGED, VOICES, merge, merged, voices
from chalicelib.domain.merging.owners import TABLES
from chalicelib.domain.record import Aggregate
from chalicelib.domain.shapes.plain import COURSE_PLAIN, PROGRAM_PLAIN, RUN_PLAIN
from tests.builders import (
    COURSE,
    RUN,
    RUN_2,
    aggregate,
    campus,
    course,
    drupal_course,
    edited,
    minted,
    organization,
    otto_course,
    overlaid,
    record,
    run,
    seat,
    studio_course,
    tenant,
    things,
)

OF_PROGRAMS = (
    "curricula",
    "individual_endorsements",
    "instructor_ordering",
    "excluded_course_runs",
    "video",
    "credit_value",
)
DATES = st.sampled_from([None, "2025-01-05T00:00:00Z", "2026-01-05T00:00:00Z", "2026-09-01T00:00:00Z"])
WORDS = st.sampled_from(["Rivers", "Rivers and Society", "  Seas "])
SEATS = st.lists(st.sampled_from([seat(None, "0.00"), seat("verified"), seat("credit", "199.00")]), max_size=3)


@st.composite
def records(draw, key: str):
    """Up to five records of one run, as the sources that are there say it."""
    made = [
        record("studio#course", studio_course(key, start=draw(DATES), end=draw(DATES), name=draw(WORDS))),
        record("otto#course", otto_course(key, draw(SEATS))),
        record("drupal#course", drupal_course(key, field_course_course_title={"value": draw(WORDS)})),
        minted(key, slug="a-run"),
        edited(status=draw(st.sampled_from(["published", "reviewed"])), hidden=draw(st.booleans())),
    ]
    return draw(st.lists(st.sampled_from(made), unique_by=lambda r: r.name))


@st.composite
def worlds(draw):
    """A course with up to two runs, told by some of the sources."""
    runs = [
        aggregate(ref("run", key), *draw(records(key))) for key in draw(st.sampled_from([(), (RUN,), (RUN, RUN_2)]))
    ]
    own = draw(st.sampled_from([(), (edited("course", topics=["Water"], type="audit"),)]))
    return things(course(runs, minted(COURSE, "course", slug="rivers"), *own), *runs, organization())


def view(given):
    return overlaid(ref("course", COURSE), given)


def changed(given, change):
    return {where: replace(thing, records=tuple(change(list(thing.records)))) for where, thing in given.items()}


@settings(max_examples=40)
@given(worlds())
def test_the_same_records_make_the_same_view_and_stay_as_they_were(given):
    before = deepcopy(given)
    first, second = view(given), view(given)
    assert first == second
    assert given == before


@settings(max_examples=40)
@given(worlds())
def test_what_is_remembered_is_what_would_be_said_anew_and_nobody_changes_it(given):
    first = view(given)
    remembered = {where: deepcopy(voices(thing)) for where, thing in given.items()}
    assert view(given) == first
    assert {where: voices(thing) for where, thing in given.items()} == remembered
    VOICES.forget()
    MERGED.forget()
    assert view(given) == first


@given(worlds(), st.randoms())
def test_the_order_of_records_and_things_is_of_no_account(given, random):
    shuffled = changed(given, lambda found: random.sample(found, len(found)))
    keys = random.sample(sorted(shuffled), len(shuffled))
    assert view({key: shuffled[key] for key in keys}) == view(given)


@settings(max_examples=40)
@given(worlds(), st.sampled_from(["studio#course", "otto#course", "drupal#course", "registry#edited"]))
def test_an_empty_record_changes_nothing(given, name):
    def with_empty(found):
        return found if any(r.name == name for r in found) else [*found, record(name, {})]

    assert view(changed(given, with_empty)) == view(given)


@settings(max_examples=40)
@given(worlds())
def test_no_sources_is_no_course(given):
    told = any(
        r.name != "registry#minted" for where, t in given.items() if where.kind in {"course", "run"} for r in t.records
    )
    assert (view(given) is None) == (not told)


@given(records(RUN), st.sampled_from(["studio", "otto", "drupal", "registry"]), st.booleans())
def test_removing_a_source_only_changes_fields_it_owned(found, source, publisher):
    whole = merged(Aggregate(ref("run", RUN), records=tuple(found)), publisher)
    less = merged(Aggregate(ref("run", RUN), records=tuple(r for r in found if r.source != source)), publisher)
    for name, winner in whole.winners.items():
        if not winner.startswith(source):
            assert (less.values[name], less.winners[name]) == (whole.values[name], winner)
    assert less.values.keys() <= whole.values.keys()


@given(records(RUN))
def test_merging_what_was_merged_changes_nothing(found):
    spoken = voices(Aggregate(ref("run", RUN), records=tuple(found)))
    assert merge("run", False, [*spoken, *spoken]) == merge("run", False, spoken)


@settings(max_examples=40)
@given(worlds())
def test_a_view_names_everything_it_shows(given):
    """Whatever is taken away from what a view names as shown is the only thing that can change it."""
    made = view(given)
    if made is None:
        return
    unrelated = {**given, **campus(run("course-v1:OtherX+OTH1+1T2026"))}
    assert view(unrelated) == made
    for where in given.keys() - made.embeds - {made.ref}:
        assert view({k: v for k, v in given.items() if k != where}) == made


@settings(max_examples=40)
@given(worlds())
def test_every_run_of_a_course_has_a_body_and_is_in_it(given):
    made = view(given)
    if made is None:
        return
    runs = {where for where in made.bodies if where.kind == "run"}
    assert runs == {Ref("run", r["key"].lower()) for r in made.bodies[made.ref]["course_runs"]}
    assert len(made.bodies[made.ref]["course_run_keys"]) == len(runs)


INNER = st.sampled_from(
    ["uuid", "url", "type", "mode", "title", "courses", "programs", "endorser", "src", "organization_name", "price"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x", RUN, COURSE, "2026-01-05T00:00:00Z", "a#b"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(INNER, inner),
    max_leaves=5,
)
EDITABLE = {
    "run": sorted({*RUN_PLAIN, *TABLES["run"], "upgrade_deadline_override", "fixed_price_usd", "go_live_date"}),
    "course": sorted({*COURSE_PLAIN, *TABLES["course"], "image", "entitlements", "url_slug_history"}),
    "program": sorted({*PROGRAM_PLAIN, *TABLES["program"], *OF_PROGRAMS}),
    "organization": sorted({*TABLES["organization"], "organization_hex_color"}),
    "person": ["given_name", "position", "urls_detailed", "areas_of_expertise", "profile_image", "slug", "published"],
    "subject": ["name", "subtitle", "slug", "translations"],
    "topic": ["name", "slug", "translations"],
    "pathway": ["name", "programs", "status"],
}


@pytest.mark.parametrize("kind", EDITABLE)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_an_operator_sets_a_view_comes_out(kind, data):
    """An edited field may hold anything: one wrong word must never keep a course from being shown."""
    typed = data.draw(st.dictionaries(st.sampled_from(EDITABLE[kind]), ANYTHING, min_size=1, max_size=3))
    keys = {"run": RUN, "course": COURSE, "organization": "PyXU"}
    where = ref(kind, keys.get(kind, "thing"))
    given = campus(run(RUN, record("studio#course", studio_course()), record("otto#course", otto_course())))
    thing = given.get(where, Aggregate(where))
    given = {**given, where: replace(thing, records=(*thing.records, edited(kind, **typed)))}
    assert overlaid(ref("course", COURSE) if kind == "run" else where, given) is not None


@given(st.permutations([RUN, RUN_2, "course-v1:PyXU+RIV100+3T2026"]), st.lists(DATES, min_size=3, max_size=3))
def test_the_canonical_run_does_not_depend_on_order(keys, starts):
    dated = dict(zip(sorted(keys), starts, strict=True))
    runs = [run(k, record("studio#course", studio_course(k, start=dated[k]))) for k in keys]
    made = overlaid(ref("course", COURSE), campus(*runs), of=tenant())
    assert made is not None
    expected = max(dated, key=lambda k: (dated[k] or "", k))
    assert made.bodies[made.ref]["canonical_course_run_key"] == expected
