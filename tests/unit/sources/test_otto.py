"""What Otto is asked, and what is made of its products."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.sources import SOURCES
from chalicelib.domain.sources.base import UnreadablePayload
from chalicelib.domain.tenant import SourceSite
from tests.builders import (
    OTTO,
    RUN,
    RUN_2,
    audit_seat,
    campus,
    course_body,
    otto_code,
    otto_course,
    otto_entitlement,
    product,
    record,
    run,
    run_body,
    seat,
    studio_course,
    uuid_for,
)

COURSE, CODE = SOURCES["otto"].noun("run", "course"), SOURCES["otto"].noun("run", "enrollment_code")
ENTITLEMENT = SOURCES["otto"].noun("entitlement", "entitlement")
SITE = SourceSite(url=OTTO)


def seats(*products):
    return COURSE.says(otto_course(seats=products))["seats"]


def old(item):
    """The same product in shape 1: the price was called ``price_excl_tax``."""
    stocks = [{("price_excl_tax" if k == "price" else k): v for k, v in s.items()} for s in item["stockrecords"]]
    return {**item, "stockrecords": stocks}


def test_a_course_is_asked_for_with_its_products():
    (request,) = COURSE.read(SITE, [RUN])
    assert request.path == "/api/v2/courses/course-v1%3APyXU%2BRIV100%2B1T2026/"
    assert request.params == (("include_products", "True"),)


def test_codes_and_entitlements_can_only_be_listed():
    assert CODE.only_listed and ENTITLEMENT.only_listed and not COURSE.only_listed
    assert dict(CODE.listing(SITE, 2).params)["product_class"] == "Enrollment Code"
    assert dict(ENTITLEMENT.listing(SITE, 1).params)["product_class"] == "Course Entitlement"


def test_a_seat_without_certificate_type_is_an_audit_seat():
    assert [s["type"] for s in seats(audit_seat())] == ["audit"]


def test_a_seat_has_every_field_of_the_contract():
    (made,) = seats(
        seat(
            "credit",
            "199.5",
            expires="2026-03-06T00:00:00+00:00",
            attributes={"credit_provider": "asu", "credit_hours": "3"},
        )
    )
    assert made == {
        "type": "credit",
        "price": "199.50",
        "currency": "USD",
        "upgrade_deadline": "2026-03-06T00:00:00Z",
        "upgrade_deadline_override": None,
        "credit_provider": "asu",
        "credit_hours": 3,
        "sku": "E4F5A6B",
        "bulk_sku": None,
    }


def test_what_cannot_be_bought_here_is_no_seat():
    assert seats(seat(sku="mobile.android.e4f5a6b"), seat(currency=None), seat(stockrecords=[]), seat(price=None)) == []
    assert seats(product(structure="parent", price=None)) == []


def test_the_old_and_the_new_name_of_the_price_say_the_same():
    assert seats(old(seat())) == seats(seat()) != []


def test_a_record_of_the_first_shape_is_lifted_and_says_the_same():
    kept = otto_course(seats=[old(seat()), old(audit_seat())])
    assert COURSE.version == 2
    assert COURSE.says(COURSE.migrate(1, kept)) == COURSE.says(otto_course(seats=[seat(), audit_seat()]))
    assert "price_excl_tax" in kept["products"][1]["stockrecords"][0], "records are never edited"


def test_records_of_both_shapes_overlay_to_the_same_course():
    studio = record("studio#course", studio_course())
    new = record("otto#course", otto_course(seats=[seat()]))
    before = record("otto#course", otto_course(seats=[old(seat())]), version=1)
    assert course_body(campus(run(RUN, studio, before))) == course_body(campus(run(RUN, studio, new)))


@given(st.lists(st.sampled_from(["49.00", "0.00", "12.5", None]), max_size=4), st.booleans())
def test_lifting_twice_is_lifting_once(prices, shaped_new):
    made = [seat(price=p) if shaped_new else old(seat(price=p)) for p in prices]
    lifted = COURSE.migrations[1](otto_course(seats=made))
    assert COURSE.migrations[1](lifted) == lifted
    assert "price_excl_tax" not in str(lifted)


def test_of_two_seats_of_a_type_the_later_one_counts():
    assert [s["price"] for s in seats(seat(price="49.00"), seat(price="99.00"))] == ["99.00"]


def test_a_course_that_answers_without_products_says_nothing_of_seats():
    payload = otto_course()
    del payload["products"]
    assert "seats" not in COURSE.says(payload)


def test_a_bulk_code_gives_its_seat_a_bulk_sku():
    found = CODE.page({"count": 1, "next": None, "results": [otto_code()]}, 1).found
    assert [f.key for f in found] == [RUN]
    shown = run_body(
        campus(
            run(
                RUN,
                record("studio#course", studio_course()),
                record("otto#course", otto_course()),
                record("otto#enrollment_code", [otto_code(), otto_code(seat_type="professional", sku="BULK2")]),
            )
        )
    )
    assert {s["type"]: s["bulk_sku"] for s in shown["seats"]} == {"audit": None, "verified": "BULK1"}


def test_lists_of_codes_in_the_first_shape_are_lifted():
    kept = [old(otto_code())]
    assert CODE.says(CODE.migrate(1, kept)) == {"bulk_skus": {"verified": "BULK1"}}


def test_an_entitlement_is_found_under_the_courses_uuid():
    uuid = uuid_for("course")
    (found,) = ENTITLEMENT.page({"count": 1, "next": None, "results": [otto_entitlement(uuid)]}, 1).found
    assert found.key == uuid
    expected = {"mode": "verified", "price": "49.00", "currency": "USD", "sku": "ENT1", "expires": None}
    assert ENTITLEMENT.says(found.payload) == {"entitlement": expected}


def test_attributes_are_read_by_name_where_there_is_no_code():
    named = [{"name": "course_key", "value": RUN_2}, {"name": "seat_type", "value": "verified"}]
    body = {"count": 1, "next": "x", "results": [otto_code() | {"attribute_values": named}]}
    page = CODE.page(body, 4)
    assert (page.found[0].key, page.next) == (RUN_2, 5)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (otto_course() | {"products": {}}, "products is not a list"),
        ({"name": "x"}, "no key"),
        ("nothing", "not an object but str"),
    ],
)
def test_a_malformed_answer_says_what_is_wrong_with_it(body, what):
    with pytest.raises(UnreadablePayload, match=what):
        COURSE.found(body)
