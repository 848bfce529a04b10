"""The Drupal marketing site: how its nodes are read, and the nouns they are for us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.domain.sources import drupal_says as says
from chalicelib.domain.sources.base import Found, Noun, Page, Payload, Request, Source
from chalicelib.domain.sources.shapes import (
    Check,
    bool_or_null,
    element,
    list_or_null,
    object_or_empty,
    page_in,
    readable,
    results,
    seconds_or_null,
    text_or_null,
)
from chalicelib.domain.tenant import SourceSite
from chalicelib.domain.values import last_segment

NODES = "/node.json"
DEPTH = (("max-depth", "2"), ("load-entity-refs", "file,taxonomy_term"))
FIRST = 0
"""Its pages count from nought."""

COURSE_SHAPE: dict[str, Check] = {
    "field_course_start_date": seconds_or_null,
    "field_course_end_date": seconds_or_null,
    "field_course_course_title": object_or_empty,
    "field_course_description": object_or_empty,
    "field_course_body": object_or_empty,
    "field_course_languages": list_or_null,
    "field_course_school_node": list_or_null,
    "field_course_subject": list_or_null,
    "field_course_staff": list_or_null,
    "field_course_self_paced": bool_or_null,
}
SCHOOL_SHAPE: dict[str, Check] = {"field_school_name": text_or_null, "field_school_description": object_or_empty}
PERSON_SHAPE: dict[str, Check] = {"field_person_resume": object_or_empty, "field_person_positions": list_or_null}
SUBJECT_SHAPE: dict[str, Check] = {"body": object_or_empty, "field_subject_subtitle": object_or_empty}
BODY_SHAPE: dict[str, Check] = {"body": object_or_empty}

Key = Callable[[dict[str, Any]], Any]


def _title(payload: dict[str, Any]) -> Any:
    return payload.get("title")


def _slug(payload: dict[str, Any]) -> Any:
    return last_segment(payload.get("url"))


def _uuid(payload: dict[str, Any]) -> Any:
    return payload.get("uuid")


def _run(payload: dict[str, Any]) -> Any:
    return payload.get("field_course_id")


def _reader(kind: str, parameter: str) -> Callable[[SourceSite, Sequence[str]], tuple[Request, ...]]:
    """One request per key: a node can be looked up by the value of one of its fields."""

    def read(site: SourceSite, keys: Sequence[str]) -> tuple[Request, ...]:
        return tuple(Request(NODES, (("type", kind), *DEPTH, (parameter, key))) for key in keys)

    return read


def _listing(kind: str) -> Callable[[SourceSite, int], Request]:
    def listing(site: SourceSite, page: int) -> Request:
        size = site.options.get("page_size")
        limit = (("limit", str(size)),) if size else ()
        return Request(NODES, (("type", kind), *DEPTH, *limit, ("page", str(page))))

    return listing


def _finder(read: Callable[[Any], Found]) -> Callable[[Payload], tuple[Found, ...]]:
    """Takes a look-up's answer apart; an empty list may stand where a node should, and is no node."""

    def found(body: Payload) -> tuple[Found, ...]:
        return tuple(read(item) for item in results(body, "list") if item != [])

    return found


def _pager(read: Callable[[Any], Found]) -> Callable[[Payload, int], Page]:
    """A page of nodes: the last one has no ``next``."""

    def page(body: Payload, number: int) -> Page:
        following = body.get("next") if isinstance(body, dict) else None
        items = [item for item in results(body, "list") if item != []]
        found = readable(items, read)
        after = page_in(following, number + 1) if following else None
        return Page(found, after, unreadable=len(items) - len(found))

    return page


def _noun(
    thing: str, kind: str, said: says.Teller, key: Key, shape: dict[str, Check], *, node: str = "", by: str = ""
) -> Noun:
    """A noun for nodes of type ``node``, looked up by the parameter ``by``; without one they can only be listed."""
    node = node or thing
    read = element(f"drupal {thing}", kind, key, shape)
    return Noun(
        thing,
        kind,
        said,
        read=_reader(node, by) if by else None,
        found=_finder(read) if by else None,
        listing=_listing(node),
        page=_pager(read),
        first=FIRST,
    )


SOURCE = Source(
    "drupal",
    (
        _noun("course", "run", says.of_course, _run, COURSE_SHAPE, by="field_course_id"),
        _noun("school", "organization", says.of_school, _title, SCHOOL_SHAPE, by="title"),
        _noun("sponsorer", "organization", says.of_sponsorer, _slug, BODY_SHAPE),
        _noun("person", "person", says.of_person, _uuid, PERSON_SHAPE, by="uuid"),
        _noun("subject", "subject", says.of_subject, _uuid, SUBJECT_SHAPE, by="uuid"),
        _noun("xseries", "xseries", says.of_xseries, _slug, BODY_SHAPE),
        _noun("school_node", "node", says.of_school_node, _uuid, SCHOOL_SHAPE, node="school", by="uuid"),
        _noun("sponsorer_node", "node", says.of_sponsorer_node, _uuid, BODY_SHAPE, node="sponsorer", by="uuid"),
    ),
)
