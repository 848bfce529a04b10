"""What kind of value each canonical field has, so that a wrong one typed by hand is refused, and never shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.values import instant

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _number(value: Any) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int | float) or (_text(value) and value.isdecimal()))


def _date(value: Any) -> bool:
    return instant(value) is not None


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(map(_object, value))


def _text_or_object(value: Any) -> bool:
    return _text(value) or _object(value)


def _list(value: Any) -> bool:
    return isinstance(value, list)


NAMES: Mapping[Check, str] = {
    _text: "a text",
    _flag: "true or false",
    _number: "a number",
    _date: "a date",
    _object: "an object",
    _texts: "a list of texts",
    _objects: "a list of objects",
    _text_or_object: "a text or an object",
    _list: "a list",
}

_FIELDS: tuple[tuple[Check, str], ...] = (
    (
        _text,
        """
        key uuid slug course status type run_type restriction_type external_key pacing_type license content_language
        title name subtitle short_description full_description description description_es long_description overview
        outcome syllabus_raw prerequisites_raw additional_information learner_testimonials level_type product_source
        canonical_course_run_key key_for_reruns card_image_url banner_image_url logo_image_url
        certificate_logo_image_url homepage_url profile_image_url organization_hex_color
        organization_short_code_override organization_logo_override_url marketing_slug marketing_hook
        credit_redemption_overview primary_subject_override level_type_override language_override
        program_duration_override reporting_type ofac_comment expected_program_type expected_program_name variant_id
        given_name family_name salutation bio major_works org_name email destination_url pathway_type
        """,
    ),
    (
        _flag,
        """
        hidden mobile_available invitation_only eligible_for_financial_aid has_ofac_restrictions
        enterprise_subscription_inclusion excluded_from_seo excluded_from_search auto_generate_course_run_keys
        one_click_purchase_enabled order_courses_by_start_date is_2u_degree_program subscription_eligible published
        """,
    ),
    (
        _number,
        """
        min_effort max_effort weeks_to_complete enrollment_count recent_enrollment_count total_hours_of_effort
        min_hours_effort_per_week max_hours_effort_per_week credit_value
        """,
    ),
    (_date, "start end enrollment_start enrollment_end go_live_date announcement"),
    (
        _texts,
        """
        topics subjects owners sponsors staff transcript_languages courses programs listed_runs
        authoring_organizations credit_backing_organizations excluded_course_runs instructor_ordering tags labels
        expected_learning_items job_outlook_items url_redirects url_slug_history slugs watchers skill_names
        """,
    ),
    (
        _objects,
        """
        seats entitlements prerequisites editors collaborators skills curricula individual_endorsements
        corporate_endorsements subscription_prices urls_detailed
        """,
    ),
    (
        _object,
        """
        entitlement extra_description additional_metadata geolocation location_restriction in_year_value position
        profile_image banner_image taxi_form degree bulk_skus ai_languages translations
        """,
    ),
    (_text_or_object, "image video upgrade_deadline_override"),
    (_list, "areas_of_expertise"),
)
FIELDS: Mapping[str, Check] = {name: check for check, names in _FIELDS for name in names.split()}
OF_KIND: Mapping[str, Mapping[str, Check]] = {"course": {"faq": _text}, "program": {"faq": _objects}}


def wrong(kind: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with fields that somebody set: field to reason. Null is right for every field."""
    checks = {name: OF_KIND.get(kind, {}).get(name) or FIELDS.get(name) for name in fields}
    return {
        name: f"{name} must be {NAMES[check]}"
        for name, check in checks.items()
        if check and fields[name] is not None and not check(fields[name])
    }
