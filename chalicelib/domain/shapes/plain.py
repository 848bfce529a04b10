"""Fields shown just as their owner says them, with what stands there when nobody does; bodies put in order."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from chalicelib.domain.merging.merge import Merged
from chalicelib.domain.reads.fields import Names, arrange
from chalicelib.domain.values import whole
from chalicelib.domain.view import Body

Plain = Mapping[str, Any]
"""Field: what is shown when nobody says it (course-discovery 3)."""

RUN_PLAIN: Plain = {
    "external_key": None,
    "pacing_type": None,
    "restriction_type": None,
    "variant_id": None,
    "content_language": None,
    "license": "",
    "transcript_languages": [],
    "mobile_available": False,
    "hidden": False,
    "reporting_type": "mooc",
    "eligible_for_financial_aid": True,
    "has_ofac_restrictions": None,
    "ofac_comment": "",
    "expected_program_type": None,
    "expected_program_name": "",
    "ai_languages": None,
}

COURSE_PLAIN: Plain = {
    "title": None,
    "short_description": None,
    "excluded_from_seo": False,
    "excluded_from_search": False,
    "full_description": None,
    "level_type": None,
    "prerequisites": [],
    "prerequisites_raw": None,
    "expected_learning_items": [],
    "syllabus_raw": None,
    "outcome": None,
    "card_image_url": None,
    "extra_description": None,
    "additional_information": None,
    "additional_metadata": None,
    "faq": None,
    "learner_testimonials": None,
    "key_for_reruns": None,
    "url_redirects": [],
    "editors": [],
    "collaborators": [],
    "skill_names": [],
    "skills": [],
    "organization_short_code_override": "",
    "organization_logo_override_url": None,
    "geolocation": None,
    "location_restriction": None,
    "in_year_value": None,
    "watchers": [],
}

PROGRAM_PLAIN: Plain = {
    "title": None,
    "subtitle": None,
    "banner_image": {},
    "hidden": False,
    "card_image_url": None,
    "degree": None,
    "marketing_hook": "",
    "organization_short_code_override": "",
    "organization_logo_override_url": None,
    "primary_subject_override": None,
    "level_type_override": None,
    "language_override": None,
    "labels": [],
    "taxi_form": None,
    "program_duration_override": None,
    "excluded_from_search": False,
    "excluded_from_seo": False,
    "has_ofac_restrictions": None,
    "ofac_comment": "",
    "subscription_eligible": None,
    "subscription_prices": [],
    "overview": None,
    "expected_learning_items": [],
    "faq": [],
    "corporate_endorsements": [],
    "job_outlook_items": [],
    "credit_redemption_overview": None,
    "geolocation": None,
    "location_restriction": None,
    "is_2u_degree_program": False,
    "in_year_value": None,
}


def plain(said: Merged, table: Plain) -> Body:
    """The fields of a table as said; what nobody says gets the table's value, a fresh one each time."""
    return {name: said.get(name, copy(default)) for name, default in table.items()}


def numbers(said: Merged, *names: str) -> dict[str, int | None]:
    """Whole numbers, which some sources send as text."""
    return {name: whole(said.get(name)) for name in names}


def in_order(names: Names, body: Body) -> Body:
    """A body with its fields in the order of answers, private helper values last."""
    return arrange(body, names) | private(body)


def private(body: Body) -> Body:
    """Its helper values, which finish uses and removes."""
    return {name: value for name, value in body.items() if name.startswith("_")}


def public(body: Body) -> Body:
    """The body without its helper values."""
    return {name: value for name, value in body.items() if not name.startswith("_")}
