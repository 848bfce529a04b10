"""What a course and its runs look like when its sources have spoken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.keys import Ref, course_of, ref
from chalicelib.domain.merging.vocabularies import COURSE_TYPES
from chalicelib.domain.reads import fields
from chalicelib.domain.reads.finish import finish_course, finish_run
from chalicelib.domain.reads.reader import Reader
from chalicelib.domain.record import Mark
from chalicelib.domain.shapes.plain import public
from tests.builders import (
    COURSE,
    DRUPAL,
    LMS,
    RUN,
    RUN_2,
    aggregate,
    campus,
    course,
    course_body,
    drupal_course,
    drupal_person,
    drupal_school,
    drupal_sponsorer,
    drupal_subject,
    edited,
    minted,
    organization,
    otto_course,
    otto_entitlement,
    overlaid,
    program_payload,
    record,
    run,
    run_body,
    seat,
    studio_course,
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
        "editable",
        "advertised_course_run_uuid",
    ]
)
ADA, BOB = uuid_for("ada"), uuid_for("bob")
GEO = uuid_for("geography")
PUBLISHER = tenant(publisher=True)


def studio(key=RUN, **changes):
    return record("studio#course", studio_course(key, **changes))


def otto(key=RUN, seats=None):
    return record("otto#course", otto_course(key, seats))


def drupal(key=RUN, **changes):
    return record("drupal#course", drupal_course(key, **changes))


def with_edited(**fields):
    """A course whose operators set these fields."""
    one = run()
    own = course([one], minted(COURSE, "course", slug="rivers"), edited("course", **fields))
    return things(own, one, organization())


# Who owns what


def test_studio_owns_dates_and_drupal_texts():
    body = run_body(campus(run(RUN, studio(start="2026-02-02T00:00:00Z"), drupal())))
    assert body["start"] == "2026-02-02T00:00:00Z"
    assert (body["title"], body["full_description"]) == ("Rivers & Society", "<p>Long text</p>")


def test_a_null_date_of_its_owner_is_an_answer():
    assert run_body(campus(run(RUN, studio(end=None), drupal())))["end"] is None


def test_drupal_alone_is_enough_for_a_course():
    body = course_body(campus(run(RUN, drupal())))
    assert (body["title"], body["level_type"]) == ("Rivers & Society", "Introductory")
    assert body["course_runs"][0]["start"] == "2026-01-05T00:00:00Z"


def test_without_drupal_the_lms_tells_texts_and_pictures():
    body = course_body(campus(run(RUN, studio())))
    assert body["course_runs"][0]["short_description"] == "How rivers shape towns."
    assert body["image"]["src"] == body["card_image_url"] == f"{LMS}/a.jpg"
    assert body["course_runs"][0]["image"] == body["image"]


def test_with_publisher_the_lms_tells_neither_texts_nor_pictures_nor_status():
    body = course_body(campus(run(RUN, studio())), of=PUBLISHER)
    told = body["course_runs"][0]
    assert (told["short_description"], body["image"], told["mobile_available"]) == (None, None, False)
    assert told["status"] == "unpublished"
    assert (told["title"], told["start"]) == ("Rivers and Society", "2026-01-05T00:00:00Z")


def test_what_an_operator_sets_wins_over_a_text_but_not_over_a_date():
    body = run_body(campus(run(RUN, studio(), drupal(), edited(title="Set here", start="2001-01-01T00:00:00Z"))))
    assert (body["title"], body["start"]) == ("Set here", "2026-01-05T00:00:00Z")


def test_a_view_tells_which_record_won_each_field():
    fields = view_of(ref("course", COURSE), campus(run(RUN, studio(), drupal(), otto()))).fields
    assert fields["title"] == "drupal#course"
    assert fields[f"{ref('run', RUN)} start"] == "studio#course"
    assert fields[f"{ref('run', RUN)} seats"] == "otto#course"


# Canonical run


def test_the_course_is_called_what_its_latest_run_is_called():
    runs = run(RUN, studio(name="Old")), run(RUN_2, studio(RUN_2, name="New", start="2026-09-01T00:00:00Z"))
    assert course_body(campus(*runs))["title"] == "New"


def test_a_run_without_a_start_is_canonical_only_when_alone():
    assert course_body(campus(run(RUN, studio(start=None)), run(RUN_2)))["canonical_course_run_key"] == RUN_2
    assert course_body(campus(run(RUN, studio(start=None))))["canonical_course_run_key"] == RUN


def test_an_operator_may_name_the_canonical_run():
    runs = run(RUN, studio(name="Old")), run(RUN_2, studio(RUN_2, name="New"))
    own = course(runs, edited("course", canonical_course_run_key=RUN.upper().replace("COURSE-V1", "course-v1")))
    body = course_body(things(own, *runs, organization()))
    assert (body["canonical_course_run_key"], body["title"]) == (RUN, "Old")


def test_another_run_speaks_where_the_canonical_one_is_silent():
    runs = run(RUN, drupal(), studio()), run(RUN_2, studio(RUN_2, start="2026-09-01T00:00:00Z"))
    body = course_body(campus(*runs))
    assert body["canonical_course_run_key"] == RUN_2
    assert body["full_description"] == "<p>Long text</p>"


def test_runs_are_ordered_by_start_with_none_first():
    runs = [run(RUN, studio(start="2026-03-01T00:00:00Z")), run(RUN_2, studio(RUN_2, start=None))]
    assert [r["key"] for r in course_body(campus(*runs))["course_runs"]] == [RUN_2, RUN]


# Identity


def test_keys_show_the_spelling_first_seen():
    one = run(RUN, studio(RUN.upper().replace("COURSE-V1", "course-v1")), minted(RUN))
    body = course_body(campus(one))
    assert (body["key"], body["course_runs"][0]["key"]) == (COURSE, RUN)


def test_a_course_without_a_minted_key_is_spelled_as_in_its_runs():
    one = run()
    where = course_of(RUN)
    given = things(aggregate(where, edited("course", topics=["x"]), runs=frozenset([one.ref.key])), one)
    assert view_of(where, given).bodies[where]["key"] == "PyXU+RIV100"


def test_uuids_slugs_and_their_history_are_minted():
    own = course([run()], minted(COURSE, "course", slug="new-name", slugs=["new-name", "old-name"]))
    body = course_body(things(own, run(RUN, studio(), otto(), minted(RUN, slug="a-run")), organization()))
    assert body["uuid"] == uuid_for(f"course {COURSE}")
    assert (body["url_slug"], body["url_slug_history"]) == ("new-name", ["new-name", "old-name"])
    assert body["marketing_url"] == f"{DRUPAL}/course/new-name"
    assert body["course_runs"][0]["marketing_url"] == f"{DRUPAL}/course/a-run"


def test_a_marketing_page_is_where_its_site_says_whoever_was_heard_first():
    one = run(RUN, studio(), otto(), drupal(), minted(RUN, slug="minted-before-the-page-was-read"))
    body = course_body(campus(one))
    url = f"{DRUPAL}/course/rivers-and-society-pyxu-riv100"
    assert body["marketing_url"] == body["course_runs"][0]["marketing_url"] == url
    assert body["url_slug_history"] == ["rivers-and-society-pyxu-riv100", "rivers-and-society"]
    with_publisher = course_body(campus(one), of=PUBLISHER)
    assert with_publisher["url_slug"] == "rivers-and-society"


def test_identity_alone_makes_no_course():
    bare = aggregate(ref("run", RUN), minted(RUN))
    assert overlaid(ref("course", COURSE), things(course([bare]), bare, organization())) is None
    assert overlaid(ref("course", COURSE), {}) is None


def test_a_course_without_a_marketing_site_has_no_marketing_url():
    body = course_body(campus(), of=tenant(marketing_root=""))
    assert body["marketing_url"] is None and body["course_runs"][0]["marketing_url"] is None


def test_a_slug_with_a_slash_is_a_path_of_its_own():
    own = course([run()], minted(COURSE, "course", slug="learn/geography/rivers"))
    assert course_body(things(own, run(), organization()))["marketing_url"] == f"{DRUPAL}/learn/geography/rivers"


# Things shown


def test_staff_subjects_owners_and_sponsors_are_found_through_their_uuids():
    page = drupal(
        field_course_staff=[{"uuid": BOB}, {"uuid": ADA}],
        field_course_subject=[{"uuid": GEO}],
        field_course_school_node=[{"uuid": uuid_for("school PyXU")}],
        field_course_sponsors=[{"uuid": uuid_for("sponsorer river-trust")}],
    )
    also = [
        aggregate(Ref("person", ADA), record("drupal#person", drupal_person(ADA), "person")),
        aggregate(
            Ref("person", BOB),
            record("drupal#person", drupal_person(BOB, field_person_first_middle_name="Bob"), "person"),
        ),
        aggregate(Ref("subject", GEO), record("drupal#subject", drupal_subject(GEO), "subject")),
        aggregate(Ref("node", uuid_for("school PyXU")), record("drupal#school_node", drupal_school(), "node")),
        aggregate(
            Ref("node", uuid_for("sponsorer river-trust")), record("drupal#sponsorer_node", drupal_sponsorer(), "node")
        ),
        organization("river-trust", record("drupal#sponsorer", drupal_sponsorer(), "organization")),
    ]
    body = course_body(campus(run(RUN, studio(), page), also=also))
    assert [s["given_name"] for s in body["course_runs"][0]["staff"]] == ["Bob", "Ada"]
    assert [s["name"] for s in body["subjects"]] == ["Geography"]
    assert [o["key"] for o in body["owners"]] == ["PyXU"]
    assert [o["name"] for o in body["sponsors"]] == ["River Trust"]


def test_what_is_pointed_at_and_does_not_exist_yet_is_left_out_but_touches_when_it_comes():
    view = view_of(ref("course", COURSE), campus(run(RUN, studio(), drupal(field_course_staff=[{"uuid": ADA}]))))
    assert view.bodies[ref("run", RUN)]["staff"] == []
    assert Ref("person", ADA) in view.embeds


def test_entitlements_are_those_under_the_courses_uuid():
    uuid = uuid_for(f"course {COURSE}")
    right = aggregate(Ref("entitlement", uuid), record("otto#entitlement", otto_entitlement(uuid), "entitlement"))
    gone = aggregate(right.ref, *right.records, gone=["otto#entitlement"])
    expected = {"mode": "verified", "price": "49.00", "currency": "USD", "sku": "ENT1", "expires": None}
    assert course_body(campus(also=[right]))["entitlements"] == [expected]
    assert course_body(campus(also=[gone]))["entitlements"] == []


def test_topics_show_their_names_and_stay_as_spelled_without_one():
    given = with_edited(topics=["water", "Deep Seas"])
    water = aggregate(Ref("topic", "water"), edited("topic", name="Water!"))
    assert course_body({**given, water.ref: water})["topics"] == ["Water!", "Deep Seas"]


def test_programs_are_nested_with_what_decides_whether_they_show():
    uuid = uuid_for("program")
    program = aggregate(Ref("program", uuid), record("programs#program", program_payload(uuid, [RUN]), "program"))
    view = view_of(ref("course", COURSE), campus(run(), run(RUN_2), programs=[uuid], also=[program]))
    (nested,) = view.bodies[view.ref]["programs"]
    assert (nested["title"], nested["type"], nested["number_of_courses"]) == ("Water XSeries", "XSeries", 1)
    assert nested["marketing_url"] == f"{DRUPAL}/xseries/water"
    assert (nested["_status"], nested["_marketing"]) == ("active", True)
    assert view.bodies[ref("run", RUN)]["_excluded_from_programs"] == []
    assert view.bodies[ref("run", RUN_2)]["_excluded_from_programs"] == [uuid]
    assert view.bodies[ref("run", RUN_2)]["programs"] == [nested]
    assert "programs" not in view.bodies[view.ref]["course_runs"][0]


# Types, sales, enterprise


def test_types_follow_from_what_is_sold():
    body = course_body(campus())
    assert body["course_type"] == "verified-audit"
    assert body["course_runs"][0]["_run_type_slug"] == "verified-audit"
    assert body["course_runs"][0]["_marketable_type"] is True


def test_a_run_without_seats_has_the_empty_type_and_no_marketing_url():
    told = run_body(campus(run(RUN, studio())))
    assert (told["_run_type_slug"], told["marketing_url"], told["type"]) == ("empty", None, None)


def test_an_operators_type_is_never_changed():
    assert course_body(with_edited(type="professional"))["course_type"] == "professional"


def test_edited_vocabularies_take_the_place_of_the_seeds():
    kinds = {
        "items": [{"uuid": "u", "name": "All", "slug": "all", "entitlement_types": [], "course_run_types": ["all"]}]
    }
    kinds["run_types"] = [
        {"uuid": "r", "name": "All", "slug": "all", "is_marketable": True, "tracks": ["audit", "verified"]}
    ]
    body = course_body(campus(also=[aggregate(COURSE_TYPES, edited("vocabulary", **kinds))]))
    assert (body["type"], body["course_type"], body["course_runs"][0]["run_type"]) == ("u", "all", "r")


@pytest.mark.parametrize(
    ("takes_part", "fields", "pacing", "course_in", "run_in"),
    [
        (True, {}, "self", True, True),
        (True, {}, "instructor", True, False),
        (False, {}, "self", False, False),
        (True, {"enterprise_subscription_inclusion": False}, "self", False, False),
        (True, {"type": "executive-education-2u"}, "self", False, False),
    ],
)
def test_enterprise_inclusion(takes_part, fields, pacing, course_in, run_in):
    one = run(RUN, studio(pacing=pacing), otto())
    own = course([one], minted(COURSE, "course"), edited("course", **fields))
    company = organization("PyXU", edited("organization", enterprise_subscription_inclusion=takes_part))
    body = course_body(things(own, one, company))
    told = body["course_runs"][0]["enterprise_subscription_inclusion"]
    assert (body["enterprise_subscription_inclusion"], told) == (course_in, run_in)


def test_a_restricted_run_says_so_and_is_kept():
    told = run_body(campus(run(RUN, studio(), edited(restriction_type="custom-b2c"))))
    assert (told["restriction_type"], told["_restricted"]) == ("custom-b2c", True)


def test_effort_makes_hours():
    told = run_body(campus(run(RUN, studio(), edited(min_effort=2, max_effort="5", weeks_to_complete=7))))
    assert (told["estimated_hours"], told["max_effort"]) == (24.5, 5)


# Gone


def test_a_retired_run_is_unpublished_and_keeps_what_it_said():
    told = run_body(campus(run(gone=["studio#course"])))
    assert (told["status"], told["_retired"], told["title"]) == ("unpublished", True, "Rivers and Society")


def test_seats_that_otto_no_longer_has_are_not_sold():
    told = run_body(campus(run(gone=["otto#course"])))
    assert (told["seats"], told["status"], told["_retired"]) == ([], "published", False)


def test_a_run_that_only_drupal_ever_had_is_retired_by_drupal():
    assert run_body(campus(run(RUN, drupal(), gone=["drupal#course"])))["_retired"] is True


def test_a_source_that_never_had_a_run_does_not_decide_of_it():
    told = run(RUN, drupal(), gone=["drupal#course"])
    never = Mark(ticket=9, read_at=9)
    asked = replace(told, head=replace(told.head, marks={**told.head.marks, "studio#course": never}))
    assert run_body(campus(asked))["_retired"] is True


def test_an_owner_nobody_knows_yet_leaves_it_to_the_key():
    page = drupal(field_course_school_node=[{"uuid": uuid_for("unread node")}])
    assert [o["key"] for o in course_body(campus(run(RUN, studio(), page)))["owners"]] == ["PyXU"]


# Shape


def test_every_field_of_the_contract_is_there_in_its_order():
    view = view_of(ref("course", COURSE), campus())
    body, told = view.bodies[view.ref], view.bodies[ref("run", RUN)]
    assert list(public(body)) == [n for n in fields.COURSE_WITH_PROGRAMS if n not in OF_TIME]
    assert list(public(told)) == [n for n in fields.RUN_WITH_PROGRAMS if n not in OF_TIME]
    assert list(public(body["course_runs"][0])) == [n for n in fields.RUN if n not in OF_TIME]


def test_finish_makes_a_complete_answer_of_it():
    view = view_of(ref("course", COURSE), campus())
    now = datetime(2026, 1, 10, tzinfo=UTC)
    answer = finish_course(view.bodies[view.ref], now, Reader())
    assert answer is not None
    assert list(answer) == list(fields.COURSE_WITH_PROGRAMS)
    assert list(answer["course_runs"][0]) == list(fields.RUN)
    assert answer["advertised_course_run_uuid"] == answer["course_runs"][0]["uuid"]
    alone = finish_run(view.bodies[ref("run", RUN)], now, Reader())
    assert alone is not None and list(alone) == list(fields.RUN_WITH_PROGRAMS)
    assert (alone["availability"], alone["is_marketable"], alone["is_enrollable"]) == ("Current", True, True)


def test_a_run_of_a_tenant_without_a_marketing_site_can_be_marketed():
    assert run_body(campus(), of=tenant(marketing_root=""))["is_marketable"] is True


def test_a_run_with_an_old_key_is_never_marketable():
    old = "PyXU/RIV100/1T2012"
    told = run_body(campus(run(old, studio(old), otto(old))), old)
    assert (told["_marketable_type"], told["is_marketable"]) == (True, False)


def test_the_first_answer_is_never_null_where_readers_sort_by_it():
    body = course_body(campus(run(RUN, record("studio#course", studio_course(), read_at=0))))
    assert body["modified"] and body["data_modified_timestamp"] and body["course_runs"][0]["modified"]


def test_two_prices_of_a_run_are_both_shown():
    told = run_body(campus(run(RUN, studio(), otto(seats=[seat("professional", "99"), seat("verified", "49")]))))
    assert [(s["type"], s["price"]) for s in told["seats"]] == [("professional", "99.00"), ("verified", "49.00")]
    assert told["type"] == "professional"
