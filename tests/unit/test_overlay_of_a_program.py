"""What programs, people, organizations, subjects and pathways look like."""

from __future__ import annotations

from datetime import UTC, datetime

from chalicelib.domain.keys import Ref, ref
from chalicelib.domain.reads import fields
from chalicelib.domain.reads.finish import finish_program
from chalicelib.domain.reads.reader import Reader
from chalicelib.domain.shapes.organization import MINIMAL
from chalicelib.domain.shapes.plain import public
from chalicelib.domain.shapes.program_courses import ordered_subjects, price_parts, weeks_range
from tests.builders import (
    COURSE,
    DRUPAL,
    RUN,
    RUN_2,
    aggregate,
    campus,
    drupal_course,
    drupal_person,
    drupal_school,
    drupal_subject,
    drupal_xseries,
    edited,
    minted,
    organization,
    otto_course,
    overlaid,
    program_payload,
    record,
    run,
    studio_course,
    studio_organization,
    tenant,
    things,
    uuid_for,
    view_of,
)

OF_TIME = frozenset(
    [
        "availability",
        "is_enrollable",
        "is_marketable_external",
        "course_run_statuses",
        "is_program_eligible_for_one_click_purchase",
    ]
)
UUID, ADA, GEO = uuid_for("program"), uuid_for("ada"), uuid_for("geo")
PROGRAM, COURSE_REF = Ref("program", UUID), ref("course", COURSE)
PEOPLE = aggregate(Ref("person", ADA), record("drupal#person", drupal_person(ADA), "person"))
SUBJECT = aggregate(Ref("subject", GEO), record("drupal#subject", drupal_subject(GEO), "subject"))


def told(key=RUN, **changes):
    page = drupal_course(key, field_course_staff=[{"uuid": ADA}], field_course_subject=[{"uuid": GEO}], **changes)
    return run(
        key,
        record("studio#course", studio_course(key)),
        record("otto#course", otto_course(key)),
        record("drupal#course", page),
    )


def program(*runs, gone=(), of=None, records=(), also=(), **changes):
    """The view of a program whose course has these runs."""
    own = aggregate(
        PROGRAM, record("programs#program", program_payload(UUID, **changes), "program"), *records, gone=gone
    )
    given = campus(*(runs or (told(),)), programs=[UUID], also=[own, PEOPLE, SUBJECT, *also])
    course = view_of(COURSE_REF, given, of=of).bodies[COURSE_REF]
    return view_of(PROGRAM, given, of=of, bodies={COURSE_REF: course})


def body_of(view):
    return view.bodies[view.ref]


def test_a_program_shows_its_courses_with_all_their_runs_and_who_does_not_count():
    body = body_of(program(told(), told(RUN_2)))
    (course,) = body["courses"]
    assert [r["key"] for r in course["course_runs"]] == [RUN, RUN_2]
    assert body["_excluded_runs"] == [RUN_2.lower()]
    assert course["url_slug"] is None
    assert list(public(course)) == [n for n in fields.MINIMAL_COURSE if n not in OF_TIME]
    assert list(public(course["course_runs"][0])) == [n for n in fields.MINIMAL_RUN if n not in OF_TIME]
    assert set(course["owners"][0]) == set(MINIMAL)


def test_it_gathers_people_subjects_languages_and_prices_from_its_courses():
    body = body_of(program())
    assert [p["given_name"] for p in body["staff"]] == ["Ada"]
    assert [s["name"] for s in body["subjects"]] == ["Geography"]
    assert body["languages"] == ["en"]
    assert body["price_ranges"] == [{"currency": "USD", "min": 49.0, "max": 49.0}]
    assert (body["weeks_to_complete_min"], body["weeks_to_complete_max"]) == (7, 7)
    assert body["applicable_seat_types"] == ["verified", "professional"]


def test_the_marketing_page_with_its_slug_tells_its_texts():
    page = aggregate(Ref("xseries", "water"), record("drupal#xseries", drupal_xseries(), "xseries"))
    view = program(also=[page])
    body = body_of(view)
    assert (body["overview"], body["card_image_url"]) == ("<p>All about water</p>", f"{DRUPAL}/water.jpg")
    assert body["subtitle"] == "Three courses on water", "Programs owns the subtitle"
    assert page.ref in view.embeds


def test_its_fields_are_all_there_in_their_order():
    body = body_of(program())
    assert list(public(body)) == [n for n in fields.PROGRAM if n not in OF_TIME]
    answer = finish_program(body, datetime(2026, 1, 10, tzinfo=UTC), Reader())
    assert list(answer) == list(fields.PROGRAM)
    assert answer["price_ranges"] == [{"currency": "USD", "min": 49.0, "max": 49.0, "total": 49.0}]
    assert list(answer["courses"][0]) == list(fields.MINIMAL_COURSE)
    assert list(answer["courses"][0]["course_runs"][0]) == list(fields.MINIMAL_RUN)
    assert body["type_attrs"]["slug"] == "xseries"
    assert [o["key"] for o in body["authoring_organizations"]] == ["PyXU"]


def test_it_is_touched_by_all_that_its_courses_show_but_not_by_other_programs():
    view = program()
    assert {
        COURSE_REF,
        ref("run", RUN),
        Ref("person", ADA),
        Ref("subject", GEO),
        Ref("organization", "pyxu"),
    } <= view.embeds
    assert not {r for r in view.embeds if r.kind == "program"}


def test_a_course_that_does_not_exist_is_left_out():
    own = aggregate(PROGRAM, record("programs#program", program_payload(UUID), "program"))
    view = view_of(PROGRAM, things(own))
    assert body_of(view)["courses"] == []
    assert COURSE_REF in view.embeds


def test_a_program_its_source_no_longer_lists_is_retired_and_stays_readable():
    body = body_of(program(gone=["programs#program"]))
    assert (body["status"], body["_retired"], body["title"]) == ("retired", True, "Water XSeries")


def test_a_program_may_exist_in_the_registry_alone():
    fields = {"title": "Rivers of the world", "type": "micromasters", "status": "active", "marketing_slug": "rivers"}
    own = aggregate(PROGRAM, edited("program", courses=[COURSE], **fields), minted(UUID, "program"))
    given = campus(told(), told(RUN_2), programs=[UUID], also=[own])
    course = view_of(COURSE_REF, given).bodies[COURSE_REF]
    body = body_of(view_of(PROGRAM, given, bodies={COURSE_REF: course}))
    assert (body["type"], body["marketing_url"]) == ("MicroMasters", f"{DRUPAL}/micromasters/rivers")
    assert body["_excluded_runs"] == [], "without a list of runs all count"
    assert len(body["courses"]) == 1


def test_runs_an_operator_excludes_do_not_count():
    body = body_of(program(told(), told(RUN_2), records=[edited("program", excluded_course_runs=[RUN])]))
    assert body["_excluded_runs"] == [RUN.lower()]


def test_a_slug_with_a_slash_is_the_whole_path():
    assert body_of(program(marketing_slug="xseries/pyxu-water"))["marketing_url"] == f"{DRUPAL}/xseries/pyxu-water"


def test_each_curriculum_has_its_own_courses():
    curricula = [{"uuid": "c1", "name": "One", "courses": [COURSE]}, {"uuid": "c2", "name": "Two", "courses": []}]
    body = body_of(program(records=[edited("program", curricula=curricula)]))
    assert [[c["key"] for c in one["courses"]] for one in body["curricula"]] == [[COURSE], []]


def test_a_program_is_in_the_subscription_when_every_course_is():
    company = organization("PyXU", edited("organization", enterprise_subscription_inclusion=True))
    assert body_of(program(also=[company]))["enterprise_subscription_inclusion"] is True
    assert body_of(program())["enterprise_subscription_inclusion"] is False


def course_with(subjects=(), prices=(), entitlements=()):
    """The little of a course body that these rules look at."""
    seats = [{"type": kind, "price": price, "currency": "USD"} for kind, price in prices]
    return {
        "subjects": [{"uuid": s, "name": s} for s in subjects],
        "canonical_course_run_key": "r",
        "course_runs": [
            {"key": "r", "seats": seats},
            {"key": "other", "seats": [{"type": "verified", "price": "1.00", "currency": "USD"}]},
        ],
        "entitlements": [{"mode": mode, "price": price, "currency": "USD"} for mode, price in entitlements],
    }


def test_the_most_common_primary_subject_comes_first():
    courses = [
        course_with(["art", "law", "bio"]),
        course_with(["law", "bio"]),
        course_with(["law"]),
        course_with(["bio"]),
    ]
    assert [s["uuid"] for s in ordered_subjects(courses)] == ["law", "bio", "art"]
    assert ordered_subjects([course_with()]) == []


def test_price_ranges_look_at_canonical_runs_entitlements_and_applicable_types():
    courses = [
        course_with(prices=[("verified", "49.00"), ("audit", "0.00"), ("credit", "500.00")]),
        course_with(prices=[("verified", "99.00")], entitlements=[("verified", "149.00"), ("masters", "9.00")]),
    ]
    assert price_parts(courses, ["verified"]) == [{"currency": "USD", "min": 49.0, "max": 149.0}]
    assert price_parts(courses, []) == []


def test_weeks_of_runs_that_have_none_do_not_count():
    assert weeks_range([{"weeks_to_complete": None}, {"weeks_to_complete": 3}, {"weeks_to_complete": 9}]) == (3, 9)
    assert weeks_range([{"weeks_to_complete": None}]) == (None, None)


# People, organizations, subjects, topics, pathways


def test_a_persons_position_shows_the_organization_it_is_at():
    view = view_of(PEOPLE.ref, things(PEOPLE, organization()))
    position = body_of(view)["position"]
    assert (position["title"], position["organization_name"]) == ("Professor", "Pyrite University")
    assert position["organization_override"] is None
    assert view.embeds == {Ref("organization", "pyxu")}


def test_an_unknown_employer_shows_as_it_was_written():
    view = view_of(PEOPLE.ref, things(PEOPLE))
    position = body_of(view)["position"]
    assert (position["organization_name"], position["organization_override"]) == ("PyXU", "PyXU")
    assert position["organization_uuid"] is None
    assert view.embeds == {Ref("organization", "pyxu")}, "it may come"


def test_social_links_have_their_three_old_places():
    links = [
        {
            "field_person_social_link_type": "twitter",
            "field_person_social_link": {"title": "@ada", "url": "https://t.example.org"},
        },
        {"field_person_social_link_type": "generic", "field_person_social_link": []},
    ]
    who = aggregate(PEOPLE.ref, record("drupal#person", drupal_person(ADA, field_person_social_links=links), "person"))
    body = body_of(view_of(who.ref, things(who)))
    assert body["urls"] == {"facebook": None, "twitter": "https://t.example.org", "blog": None}
    assert len(body["urls_detailed"]) == 1


def test_an_organization_is_told_by_the_marketing_site_first():
    where = Ref("organization", "pyxu")
    both = organization(
        "PyXU",
        record("studio#organization", studio_organization(), "organization"),
        record("drupal#school", drupal_school(), "organization"),
    )
    body = body_of(view_of(where, things(both)))
    assert (body["name"], body["tags"]) == ("Pyrite University of the West", ["charter", "partner"])
    assert body["marketing_url"] == f"{DRUPAL}/school/pyxu"
    assert body["certificate_logo_image_url"] == "https://lms.example.org/media/pyxu.png"


def test_an_organization_always_has_a_name():
    where = Ref("organization", "pyxu")
    bare = organization("PyXU", minted("PyXU", "organization"))
    assert body_of(view_of(where, things(bare)))["name"] == "PyXU"


def test_subjects_topics_and_pathways_have_views_and_vocabularies_none():
    assert body_of(view_of(SUBJECT.ref, things(SUBJECT)))["slug"] == "geography"
    topic = aggregate(Ref("topic", "water"), edited("topic", name="Water"))
    assert body_of(view_of(topic.ref, things(topic)))["slug"] == "water"
    levels = aggregate(Ref("vocabulary", "level_types"), edited("vocabulary", items=[]))
    assert overlaid(levels.ref, things(levels)) is None
    assert overlaid(Ref("topic", "nothing"), {}) is None


def test_a_pathway_shows_its_programs_in_short():
    body = body_of(program())
    pathway = aggregate(Ref("pathway", "to-rome"), edited("pathway", name="To Rome", programs=[UUID, uuid_for("none")]))
    made = view_of(pathway.ref, things(pathway), bodies={PROGRAM: body}, of=tenant())
    (short,) = body_of(made)["programs"]
    assert list(public(short)) == [n for n in fields.MINIMAL_PROGRAM if n not in OF_TIME]
    assert {PROGRAM, COURSE_REF, ref("run", RUN)} <= made.embeds
