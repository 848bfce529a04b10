"""Search documents of programs (course-discovery.md 3.7 and 4.4)."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.keys import Ref
from chalicelib.domain.reads import program_offer as offer
from chalicelib.domain.search.common import document, full_name, organizations, skills, subjects, text, unique
from chalicelib.domain.search.courses import seat_types
from chalicelib.domain.view import Body, Document

ACTIVE = "active"
_AS_IS = (
    "title",
    "subtitle",
    "type",
    "status",
    "hidden",
    "marketing_slug",
    "marketing_url",
    "is_2u_degree_program",
    "excluded_from_search",
    "excluded_from_seo",
    "min_hours_effort_per_week",
    "max_hours_effort_per_week",
    "weeks_to_complete_min",
    "weeks_to_complete_max",
    "enterprise_subscription_inclusion",
    "data_modified_timestamp",
    "topics",
)


def program_document(ref: Ref, body: Body, now: int) -> Document:
    """A program; whether one click buys it is true until ``valid_until``."""
    runs = offered_runs(body)
    fields: dict[str, Any] = {
        **organizations(body.get("authoring_organizations")),
        **subjects(body.get("subjects")),
        **skills(body),
        **{name: body.get(name) for name in _AS_IS},
        "type_slug": (body.get("type_attrs") or {}).get("slug"),
        "language": body.get("languages"),
        "languages": body.get("languages"),
        "seat_types": seat_types(runs),
        "staff_uuids": [each.get("uuid") for each in body.get("staff") or ()],
        "course_keys": [str(course.get("key")).lower() for course in body.get("courses") or ()],
        "run_keys": [str(run["key"]).lower() for run in runs],
        "course_types": unique(course.get("course_type") for course in body.get("courses") or ()),
        "product_source": (body.get("product_source") or {}).get("slug"),
        "is_program_eligible_for_one_click_purchase": offer.is_one_click(body, now),
        "published": body.get("status") == ACTIVE,
        "marketable": body.get("status") == ACTIVE and bool(body.get("marketing_slug")),
        "searchable": True,
        "text": _text(body, runs),
    }
    return document(ref, body, fields)


def offered_runs(body: Body) -> list[Any]:
    """All runs of its courses that it does not exclude."""
    excluded = offer.excluded_runs(body)
    return [run for course in body.get("courses") or () for run in offer.kept_runs(course, excluded)]


def _text(body: Body, runs: list[Any]) -> str:
    names = ("uuid", "title", "subtitle", "type", "marketing_slug", "marketing_url", "overview", "marketing_hook")
    return text(
        *(body.get(name) for name in names),
        body.get("expected_learning_items"),
        [f"{o.get('key')}: {o.get('name')}" for o in body.get("authoring_organizations") or ()],
        body.get("subjects"),
        body.get("languages"),
        [(each.get("question"), each.get("answer")) for each in body.get("faq") or ()],
        body.get("job_outlook_items"),
        [each.get("quote") for each in body.get("individual_endorsements") or ()],
        [(each.get("corporation_name"), each.get("statement")) for each in body.get("corporate_endorsements") or ()],
        [full_name(person) for person in body.get("staff") or ()],
        [(course.get("key"), course.get("title")) for course in body.get("courses") or ()],
        [run["key"] for run in runs if not run.get("_restricted")],
    )
