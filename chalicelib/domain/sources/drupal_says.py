"""What nodes of the marketing site say: its misspelt names, seconds as text and ``[]`` for what is empty, made ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.domain.shapes.languages import code_of
from chalicelib.domain.shapes.texts import html, plain
from chalicelib.domain.sources.base import Payload, Says
from chalicelib.domain.values import from_seconds, last_segment, object_in, objects_in, text_in, whole

Teller = Callable[[Payload], Says]
TAGS = ("founder", "charter", "contributor", "partner")
PUBLISHED = {"0": "unpublished", "1": "published"}


def of_course(node: Payload) -> Says:
    """A course page is about a run; its texts, people and pictures are what this source owns."""
    says = _run_values(node) | _texts(node)
    says |= _if_any("video", _video(node)) | _if_any("course.video", _video(node))
    says |= _if_any("course.card_image_url", _url(node.get("field_course_image_promoted")))
    says |= _if_any("course.level_type", plain(node.get("field_course_level")))
    says |= _if_any("slug", last_segment(node.get("url"))) | _if_any("course.slug", last_segment(node.get("url")))
    says |= _if_any("staff", _uuids(node.get("field_course_staff"), "person"))
    says |= _if_any("course.subjects", _uuids(node.get("field_course_subject"), "subject"))
    says |= _if_any("course.owners", _uuids(node.get("field_course_school_node"), "node"))
    return says | _if_any("course.sponsors", _uuids(node.get("field_course_sponsors"), "node"))


def _run_values(node: Payload) -> dict[str, Any]:
    says: dict[str, Any] = _if_any("key", node.get("field_course_id"))
    says |= {
        n: from_seconds(node[f"field_course_{n}_date"]) for n in ("start", "end") if f"field_course_{n}_date" in node
    }
    says |= _if_any("status", PUBLISHED.get(str(node.get("status"))))
    if isinstance(paced := node.get("field_course_self_paced"), bool):
        says["pacing_type"] = "self_paced" if paced else "instructor_paced"
    # The name is misspelt over there.
    if isinstance(hidden := node.get("field_couse_is_hidden"), bool):
        says["hidden"] = hidden
    if "field_course_enrollment_mobile" in node:
        says["mobile_available"] = bool(node["field_course_enrollment_mobile"])
    says |= _if_any("weeks_to_complete", whole(node.get("field_course_required_weeks")))
    says |= _if_any("content_language", next(iter(_languages(node.get("field_course_languages"))), None))
    return says | _if_any("transcript_languages", _languages(node.get("field_course_video_locale_lang")))


def _texts(node: Payload) -> dict[str, Any]:
    """Each text is the run's, and the course's where this run speaks for it."""
    texts = {
        "title": plain(_value(node.get("field_course_course_title"))) or plain(node.get("title")),
        "short_description": html(node.get("field_course_sub_title_short")),
        "full_description": _html(node.get("field_course_body")) or _html(node.get("field_course_description")),
        "outcome": _html(node.get("field_course_what_u_will_learn")),
    }
    of_course = {"syllabus_raw": "field_course_syllabus", "prerequisites_raw": "field_course_prerequisites"}
    said = {name: text for name, text in texts.items() if text}
    only = {f"course.{name}": text for name, field in of_course.items() if (text := _html(node.get(field)))}
    return said | {f"course.{name}": text for name, text in said.items()} | only


def of_school(node: Payload) -> Says:
    """A school is an organization; its title is the organization's key."""
    says = _if_any("key", plain(node.get("title"))) | _if_any("name", plain(node.get("field_school_name")))
    says |= _if_any("description", _html(node.get("field_school_description")))
    says |= _if_any("logo_image_url", _url(node.get("field_school_image_logo")))
    says |= _if_any("banner_image_url", _url(node.get("field_school_image_banner")))
    says |= _if_any("slug", plain(node.get("field_school_url_slug")))
    return says | _if_any("tags", [tag for tag in TAGS if node.get(f"field_school_is_{tag}") is True])


def of_sponsorer(node: Payload) -> Says:
    """A sponsor is an organization without courses of its own; the slug of its page is its key."""
    says = _if_any("key", last_segment(node.get("url"))) | _if_any("name", plain(node.get("title")))
    says |= _if_any("description", _html(node.get("body")))
    return says | _if_any("logo_image_url", _url(node.get("field_sponsorer_image")))


def of_school_node(node: Payload) -> Says:
    """Which organization a school's uuid stands for; course pages point by uuid."""
    return _stands_for(plain(node.get("title")))


def of_sponsorer_node(node: Payload) -> Says:
    """The same for a sponsor's."""
    return _stands_for(last_segment(node.get("url")))


def _stands_for(key: str | None) -> Says:
    return {"stands_for": f"organization#{key}"} if key else {}


def of_person(node: Payload) -> Says:
    """Names, life, picture and first position."""
    says = _if_any("uuid", node.get("uuid")) | _if_any("given_name", plain(node.get("field_person_first_middle_name")))
    says |= _if_any("family_name", plain(node.get("field_person_last_name")))
    says |= _if_any("bio", _html(node.get("field_person_resume")))
    says |= _if_any("profile_image_url", _url(node.get("field_person_image")))
    says |= _if_any("slug", last_segment(node.get("url")))
    says |= _if_any("position", _position(node.get("field_person_positions")))
    return says | _if_any("urls_detailed", list(_links(node.get("field_person_social_links"))))


def _position(positions: Any) -> dict[str, Any] | None:
    # "titles" is misspelt over there; the link is [] for a person without an organization.
    first = next(iter(objects_in(positions)), {})
    titles = first.get("field_person_position_tiltes") or []
    company = plain(object_in(first.get("field_person_position_org_link")).get("title"))
    title = plain(titles[0]) if isinstance(titles, list) and titles else None
    return {"title": title, "organization_name": company} if title else None


def _links(links: Any) -> Iterable[dict[str, Any]]:
    for link in objects_in(links):
        target = object_in(link.get("field_person_social_link"))
        if target.get("url"):
            kind = link.get("field_person_social_link_type") or "others"
            yield {"type": kind, "title": target.get("title") or "", "url": target["url"]}


def of_subject(node: Payload) -> Says:
    """A subject with its page's texts and pictures."""
    says = _if_any("uuid", node.get("uuid")) | _if_any("name", plain(node.get("title")))
    says |= _if_any("subtitle", _html(node.get("field_subject_subtitle")))
    says |= _if_any("description", _html(node.get("body")))
    says |= _if_any("slug", plain(node.get("field_subject_url_slug")))
    says |= _if_any("card_image_url", _url(node.get("field_subject_card_image")))
    return says | _if_any("banner_image_url", _url(node.get("field_xseries_banner_image")))


def of_xseries(node: Payload) -> Says:
    """The page of a program: its texts and pictures."""
    says = _if_any("overview", _html(node.get("body")))
    says |= _if_any("card_image_url", _url(node.get("field_card_image")))
    says |= _if_any("subtitle", plain(node.get("field_xseries_subtitle_short")))
    says |= _if_any("credit_redemption_overview", html(node.get("field_cards_section_description")))
    return says | _if_any("video", _as_video(_url(node.get("field_product_video"))))


def _if_any(name: str, value: Any) -> dict[str, Any]:
    """What it does not know it does not say: an empty text of a page takes nothing from another source."""
    return {} if value is None or value in ([], "") else {name: value}


def _value(field: Any) -> Any:
    return object_in(field).get("value")


def _html(field: Any) -> str | None:
    return html(_value(field))


def _url(field: Any) -> str | None:
    return text_in(object_in(field).get("url"))


def _video(node: Payload) -> dict[str, Any] | None:
    return _as_video(_url(node.get("field_course_video")) or _url(node.get("field_product_video")))


def _as_video(src: str | None) -> dict[str, Any] | None:
    return {"src": src, "description": None, "image": None} if src else None


def _uuids(references: Any, kind: str) -> list[str]:
    return [f"{kind}#{r['uuid']}" for r in objects_in(references) if isinstance(r.get("uuid"), str)]


def _languages(terms: Any) -> list[str]:
    codes = (code_of(term.get("field_language_tag"), term.get("name")) for term in objects_in(terms))
    return [code for code in codes if code]
