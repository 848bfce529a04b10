"""What an overlay asks for: everything it shows, in few rounds, nothing twice."""

from __future__ import annotations

from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.overlay import overlay, wants
from chalicelib.domain.record import Aggregate
from tests.builders import (
    COURSE,
    RUN,
    aggregate,
    campus,
    drupal_course,
    drupal_person,
    drupal_school,
    organization,
    otto_course,
    program_payload,
    record,
    run,
    studio_course,
    tenant,
    uuid_for,
    view_of,
)

ADA, SCHOOL, UUID = uuid_for("ada"), uuid_for("school PyXU"), uuid_for("program")
COURSE_REF, PROGRAM = ref("course", COURSE), Ref("program", UUID)


def world():
    page = drupal_course(field_course_staff=[{"uuid": ADA}], field_course_school_node=[{"uuid": SCHOOL}])
    one = run(
        RUN,
        record("studio#course", studio_course()),
        record("otto#course", otto_course()),
        record("drupal#course", page),
    )
    also = [
        aggregate(Ref("person", ADA), record("drupal#person", drupal_person(ADA), "person")),
        aggregate(Ref("node", SCHOOL), record("drupal#school_node", drupal_school(), "node")),
        organization("PyXU"),
        aggregate(PROGRAM, record("programs#program", program_payload(UUID), "program")),
    ]
    return campus(one, programs=[UUID], also=also)


def rounds(where, given):
    """The rounds of questions until nothing is missing, answered from ``given``."""
    at_hand, bodies, asked = {}, {}, []
    while missing := wants(tenant(), where, at_hand, bodies):
        assert not missing.aggregates & at_hand.keys() and not missing.bodies & bodies.keys(), "asked twice"
        asked.append(missing)
        at_hand |= {r: given.get(r, Aggregate(r)) for r in missing.aggregates}
        bodies |= {r: {} for r in missing.bodies}
    return asked, at_hand, bodies


def test_the_thing_itself_comes_first():
    asked, _, _ = rounds(COURSE_REF, world())
    assert asked[0].aggregates == {COURSE_REF}


def test_a_course_needs_three_more_rounds_at_most():
    asked, _, _ = rounds(COURSE_REF, world())
    assert len(asked) <= 4
    assert {ref("run", RUN), PROGRAM, Ref("vocabulary", "course_types")} <= asked[1].aggregates
    assert {Ref("person", ADA), Ref("node", SCHOOL)} <= asked[2].aggregates


def test_what_was_asked_for_is_what_touches_it():
    asked, at_hand, bodies = rounds(COURSE_REF, world())
    view = overlay(tenant(), COURSE_REF, at_hand, bodies, 0)
    assert view is not None
    assert view.embeds == set().union(*(a.aggregates for a in asked)) - {COURSE_REF}


def test_a_program_asks_for_the_bodies_of_its_courses():
    asked, _, _ = rounds(PROGRAM, world())
    assert len(asked) <= 3
    assert set().union(*(a.bodies for a in asked)) == {COURSE_REF}
    assert Ref("xseries", "water") in asked[1].aggregates


def test_a_body_keeps_what_it_shows_for_those_that_show_it():
    view = view_of(COURSE_REF, world())
    assert {Ref.parse(text) for text in view.bodies[COURSE_REF]["_embeds"]} == view.embeds


def test_nothing_is_asked_for_a_thing_without_a_view():
    where = Ref("node", SCHOOL)
    assert not wants(tenant(), where, {where: Aggregate(where)}, {})
