"""Index mappings: how each field of a search document is analysed (course-discovery.md 4.4), and the index settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

KINDS = ("course", "run", "program", "organization", "person", "subject", "topic", "pathway")
WINDOW = 100_000
"""How deep page numbers reach: walking 22,000 documents by page must not end in an error."""

Json = dict[str, Any]

_KEYWORD: Json = {"type": "keyword", "ignore_above": 1024}
_LOWER: Json = {"type": "keyword", "normalizer": "lower", "ignore_above": 1024}
_EDGE: Json = {"type": "text", "analyzer": "edge_ngram_completion", "search_analyzer": "standard"}

TYPES: Mapping[str, Json] = {
    "keyword": _KEYWORD,
    "lower": _LOWER,
    "date": {"type": "date"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "long": {"type": "long"},
    "float": {"type": "float"},
    "prose": {"type": "text", "analyzer": "html_strip"},
    "searched": {"type": "text", "analyzer": "synonym_text"},
    "name": {"type": "text", "analyzer": "html_strip", "fields": {"raw": _KEYWORD, "lower": _LOWER}},
    "owner": {
        "type": "text",
        "analyzer": "html_strip",
        "fields": {
            "raw": _KEYWORD,
            "lower": _LOWER,
            "suggest": {"type": "completion"},
            "edge_ngram": _EDGE,
        },
    },
    "title": {
        "type": "text",
        "analyzer": "synonym_text",
        "fields": {
            "raw": _KEYWORD,
            "lower": _LOWER,
            "suggest": {"type": "completion"},
            "edge_ngram": _EDGE,
        },
    },
    "skills": {"properties": {"name": _KEYWORD, "description": {"type": "text", "analyzer": "html_strip"}}},
    "bytes": {"type": "binary", "doc_values": False},
}
"""Our few kinds of fields. ``raw``: exact terms and facets; ``lower``: those that ignore case, and order."""

COMMON = {
    "keyword": "tenant content_type aggregation_key aggregation_uuid key_lower uuid slug product_source title_lower",
    "name": "partner organizations",
    "boolean": "deleted retired searchable published",
    "long": "id version",
    "title": "title",
    "searched": "text",
    "date": "start data_modified_timestamp",
    "bytes": "records",
}
_TAUGHT = {
    "keyword": """
        number seat_types subject_uuids subject_slugs pacing_type skill_names staff_uuids languages
        authoring_organization_uuids organization_keys program_types course_type external_key
    """,
    "name": "key subjects level_type org availability type status language transcript_languages",
    "owner": "authoring_organizations",
    "prose": "short_description full_description outcome",
    "date": "end enrollment_start enrollment_end modified",
    "integer": "first_enrollable_paid_seat_price",
    "boolean": "enterprise_subscription_inclusion type_retired hidden",
    "skills": "skills",
}
_OWN: Mapping[str, Mapping[str, str]] = {
    "course": {
        "keyword": """
            course_runs run_keys course_run_statuses sellable url_slug course_ends course_length editors
            external_course_marketing_type
        """,
        "name": "topics prerequisites",
        "prose": "expected_learning_items",
        "date": "end_date",
        "boolean": "open_course excluded_from_search excluded_from_seo",
    },
    "run": {
        "keyword": "course_lower course_uuid restriction restriction_type run_type first_enrollable_paid_seat_sku",
        "name": "course_key",
        "lower": "license",
        "float": "fixed_price_usd",
        "integer": "min_effort max_effort weeks_to_complete",
        "date": "go_live_date announcement paid_seat_enrollment_end",
        "boolean": """
            is_enrollable is_active active open_ended is_marketable_external is_current_and_still_upgradeable
            has_enrollable_seats has_enrollable_paid_seats marketable mobile_available
        """,
    },
    "program": {
        "keyword": """
            marketing_slug marketing_url type_slug languages seat_types subject_uuids subject_slugs skill_names
            staff_uuids authoring_organization_uuids organization_keys course_keys run_keys course_types
        """,
        "name": "type status language subjects topics",
        "owner": "authoring_organizations",
        "searched": "subtitle",
        "integer": """
            min_hours_effort_per_week max_hours_effort_per_week weeks_to_complete_min weeks_to_complete_max
        """,
        "boolean": """
            hidden marketable is_2u_degree_program excluded_from_search excluded_from_seo
            enterprise_subscription_inclusion is_program_eligible_for_one_click_purchase
        """,
        "skills": "skills",
    },
    "organization": {"name": "key name", "keyword": "tags", "boolean": "enterprise_subscription_inclusion"},
    "person": {
        "owner": "full_name",
        "name": "salutation given_name family_name position",
        "prose": "bio",
        "keyword": "bio_language",
    },
    "subject": {"name": "name"},
    "topic": {"name": "name"},
    "pathway": {"name": "name status org_name", "keyword": "pathway_type program_uuids"},
}


def fields_of(kind: str) -> dict[str, str]:
    """Field name -> our type of it, for the documents of a kind; raises KeyError for a kind without an index."""
    tables = (COMMON, *((_TAUGHT,) if kind in {"course", "run"} else ()), _OWN[kind])
    return {name: of for table in tables for of, names in table.items() for name in names.split()}


def mappings(kind: str) -> Json:
    """The mapping of a kind: what a document says beyond it is kept, not indexed."""
    return {"dynamic": False, "properties": {name: TYPES[of] for name, of in fields_of(kind).items()}}


def settings(*, replicas: int, refresh: str, synonyms: Sequence[str] = ()) -> Json:
    """Index settings. ``synonyms``: lines as the engine reads them; empty where the engine has no such filter."""
    searched = ["lowercase", *(["synonym"] if synonyms else []), "english_snowball"]
    analysis: Json = {
        "normalizer": {"lower": {"type": "custom", "filter": ["lowercase"]}},
        "filter": {
            "english_snowball": {"type": "snowball", "language": "English"},
            "edge_ngram_2_22": {"type": "edge_ngram", "min_gram": 2, "max_gram": 22},
        },
        "analyzer": {
            "html_strip": _analyzer("lowercase", "stop", "english_snowball"),
            "synonym_text": _analyzer(*searched),
            "edge_ngram_completion": _analyzer("lowercase", "edge_ngram_2_22"),
        },
    }
    if synonyms:
        analysis["filter"]["synonym"] = {"type": "synonym", "lenient": True, "synonyms": list(synonyms)}
    return {
        "index": {
            "number_of_shards": 1,
            "number_of_replicas": replicas,
            "refresh_interval": refresh,
            "max_result_window": WINDOW,
            "mapping": {"ignore_malformed": True},
        },
        "analysis": analysis,
    }


def _analyzer(*filters: str) -> Json:
    return {"type": "custom", "tokenizer": "standard", "char_filter": ["html_strip"], "filter": list(filters)}
