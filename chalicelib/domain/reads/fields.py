"""Wire fields: which ones each shape of an answer has, in the order they are sent (course-discovery.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Names = tuple[str, ...]


def _names(text: str) -> Names:
    return tuple(text.split())


MINIMAL_RUN = _names("""
    key uuid title external_key fixed_price_usd image short_description marketing_url seats start end go_live_date
    enrollment_start enrollment_end weeks_to_complete pacing_type type restriction_type run_type status is_enrollable
    is_marketable is_marketable_external availability variant_id
""")
RUN = MINIMAL_RUN + _names("""
    course full_description announcement video content_language license outcome transcript_languages instructors staff
    min_effort max_effort modified level_type mobile_available hidden reporting_type eligible_for_financial_aid
    first_enrollable_paid_seat_price has_ofac_restrictions ofac_comment enrollment_count recent_enrollment_count
    expected_program_type expected_program_name course_uuid estimated_hours content_language_search_facet_name
    enterprise_subscription_inclusion transcript_languages_search_facet_names ai_languages
""")
RUN_WITH_PROGRAMS = (*RUN, "programs")

MINIMAL_COURSE = _names("""
    key uuid title course_runs entitlements owners image short_description type url_slug course_type
    enterprise_subscription_inclusion excluded_from_seo excluded_from_search course_run_statuses
""")
COURSE = MINIMAL_COURSE + _names("""
    full_description level_type subjects prerequisites prerequisites_raw expected_learning_items video sponsors modified
    marketing_url syllabus_raw outcome original_image card_image_url canonical_course_run_key extra_description
    additional_information additional_metadata faq learner_testimonials enrollment_count recent_enrollment_count topics
    key_for_reruns url_slug_history url_redirects editors collaborators skill_names skills
    organization_short_code_override organization_logo_override_url geolocation location_restriction in_year_value
    product_source data_modified_timestamp watchers
""")
COURSE_WITH_PROGRAMS = COURSE + _names("programs course_run_keys editable advertised_course_run_uuid")

NESTED_PROGRAM = _names("uuid title type type_attrs marketing_slug marketing_url number_of_courses")
MINIMAL_PROGRAM = _names("""
    uuid title subtitle type type_attrs status marketing_slug marketing_url banner_image hidden courses
    authoring_organizations card_image_url is_program_eligible_for_one_click_purchase degree curricula marketing_hook
    total_hours_of_effort recent_enrollment_count organization_short_code_override organization_logo_override_url
    primary_subject_override level_type_override language_override labels taxi_form program_duration_override
    data_modified_timestamp excluded_from_search excluded_from_seo has_ofac_restrictions ofac_comment
    course_run_statuses subscription_eligible subscription_prices
""")
EXTENDED_PROGRAM = MINIMAL_PROGRAM + _names("expected_learning_items price_ranges")
PROGRAM = MINIMAL_PROGRAM + _names("""
    overview weeks_to_complete weeks_to_complete_min weeks_to_complete_max min_hours_effort_per_week
    max_hours_effort_per_week video expected_learning_items faq credit_backing_organizations corporate_endorsements
    job_outlook_items individual_endorsements languages transcript_languages subjects price_ranges staff
    credit_redemption_overview applicable_seat_types instructor_ordering enrollment_count topics credit_value
    enterprise_subscription_inclusion geolocation location_restriction is_2u_degree_program in_year_value skill_names
    skills product_source
""")
CURRICULUM = _names("uuid name marketing_text marketing_text_brief is_active courses programs")

ORGANIZATION = _names("""
    uuid key name auto_generate_course_run_keys certificate_logo_image_url logo_image_url organization_hex_color
    data_modified_timestamp description description_es homepage_url tags marketing_url slug banner_image_url
    enterprise_subscription_inclusion
""")
PERSON = _names("""
    uuid salutation given_name family_name bio slug position areas_of_expertise profile_image works urls urls_detailed
    email profile_image_url major_works published
""")
SUBJECT = _names("name subtitle description banner_image_url card_image_url slug uuid")
TOPIC = _names("name subtitle description long_description banner_image_url slug uuid")
PATHWAY = _names("""
    id uuid name org_name email programs description status destination_url pathway_type course_run_statuses
""")


def arrange(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Exactly these fields, in this order, of those that there are: private values and foreign ones stay behind."""
    return {name: values[name] for name in names if name in values}
