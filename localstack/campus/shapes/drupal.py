"""How the marketing site puts it: nodes with its misspelt names, seconds as text and lists for what is empty."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campus import dice
from campus.facts import Course, Node, Organization, Person, Program, Run, Sponsor, Subject
from campus.shapes.wire import seconds
from campus.words.languages import LANGUAGES
from campus.world import World


def references(world: World, node: Node) -> dict[str, list[str]]:
    """The uuids of the pages that a run's page points at."""
    school = world.organization(node.school)
    return {
        "schools": [school.uuid] if school else [],
        "subjects": [world.subject(n).uuid for n in node.subjects],
        "staff": [world.person(n).uuid for n in node.staff],
        "sponsors": [] if node.sponsor is None else [world.sponsor(node.sponsor).uuid],
    }


def stamped(body: dict[str, Any], edited: datetime | None) -> dict[str, Any]:
    """A node with the time of its last edit."""
    return body | ({"changed": seconds(edited)} if edited else {})


def course(site: str, course: Course, run: Run, node: Node, ref: dict[str, Any]) -> dict[str, Any]:
    """The page of a run; `ref` holds the uuids of what it points at."""
    return _frame(site, "course", node.uuid, node.nid, title=node.title, path=f"course/{node.slug}") | {
        "status": "1" if node.published else "0",
        "field_course_id": run.key,
        "field_course_code": course.number,
        "field_course_course_title": _text(node.title, None),
        "field_course_description": _html(node.description),
        "field_course_body": _html(node.body),
        "field_course_sub_title_short": node.short_description,
        "field_course_start_date": seconds(node.start),
        "field_course_end_date": seconds(node.end),
        "field_course_self_paced": node.self_paced,
        "field_course_level": node.level,
        "field_course_languages": [_language(node.language)],
        "field_course_video_locale_lang": [] if node.transcript is None else [_language(node.transcript)],
        "field_course_video": [],
        "field_product_video": _file(site, node.video),
        "field_course_image_promoted": _file(site, f"asset/{node.uuid}/card.svg"),
        "field_course_image_featured_card": _file(site, f"asset/{node.uuid}/featured.svg" if node.video else None),
        "field_course_school_node": [_reference(site, uuid, "node") for uuid in ref["schools"]],
        "field_course_subject": [_reference(site, uuid, "node") for uuid in ref["subjects"]],
        "field_course_staff": [_reference(site, uuid, "node") for uuid in ref["staff"]],
        "field_course_sponsors": [_reference(site, uuid, "node") for uuid in ref["sponsors"]],
        "field_course_required_weeks": None if node.weeks is None else str(node.weeks),
        "field_course_enrollment_mobile": node.mobile,
        "field_couse_is_hidden": node.hidden,
    }


def school(site: str, organization: Organization) -> dict[str, Any]:
    """The page of an organization; its title is the key."""
    short = organization.short_name
    flags = {
        f"field_school_is_{tag}": tag in organization.tags for tag in ("founder", "charter", "contributor", "partner")
    }
    return (
        _frame(site, "school", organization.uuid, 10 + organization.index, title=short, path=f"school/{short.lower()}")
        | flags
        | {
            "field_school_name": organization.school_name,
            "field_school_description": _html(organization.school_description),
            "field_school_image_logo": _file(site, f"asset/{short}/logo.svg" if organization.has_logo else None),
            "field_school_image_banner": _file(site, f"asset/{short}/banner.svg"),
            "field_school_url_slug": short.lower(),
        }
    )


def subject(site: str, subject: Subject) -> dict[str, Any]:
    """The page of a subject."""
    return _frame(
        site, "subject", subject.uuid, 500_000 + subject.index, title=subject.title, path=f"subject/{subject.slug}"
    ) | {
        "field_subject_url_slug": subject.slug,
        "body": _html(subject.body),
        "field_subject_subtitle": _html(subject.subtitle),
        "field_subject_card_image": _file(site, f"asset/{subject.slug}/card.svg"),
        "field_xseries_banner_image": _file(site, f"asset/{subject.slug}/banner.svg"),
    }


def person(site: str, person: Person) -> dict[str, Any]:
    """The page of someone who teaches."""
    name = f"{person.given_name} {person.family_name}"
    slug = f"{dice.digest(person.uuid, size=3).hex()}-{person.index}"
    return _frame(site, "person", person.uuid, 600_000 + person.index, title=name, path=f"bio/{slug}") | {
        "field_person_first_middle_name": person.given_name,
        "field_person_last_name": person.family_name,
        "field_person_resume": _html(person.resume),
        "field_person_image": _file(site, f"asset/{person.uuid}/portrait.svg" if person.has_image else None),
        "field_person_positions": [] if person.title is None else [_position(person)],
        "field_person_facebook_link": [],
        "field_person_twitter_link": [],
    }


def sponsor(site: str, sponsor: Sponsor) -> dict[str, Any]:
    """The page of a sponsor."""
    return _frame(
        site, "sponsorer", sponsor.uuid, 700_000 + sponsor.index, title=sponsor.title, path=f"sponsorer/{sponsor.slug}"
    ) | {
        "body": _html(sponsor.body),
        "field_sponsorer_image": _file(site, f"asset/{sponsor.slug}/logo.svg"),
    }


def xseries(site: str, program: Program) -> dict[str, Any]:
    """The page of a program."""
    slug = program.page_slug
    return _frame(
        site, "xseries", program.node_uuid, 800_000 + program.index, title=program.name, path=f"xseries/{slug}"
    ) | {
        "body": _html(program.overview),
        "field_card_image": _file(site, f"asset/{program.uuid}/card.svg" if program.has_banner else None),
        "field_product_video": [],
        "field_xseries_subtitle_short": program.subtitle,
        "field_cards_section_description": "",
    }


def _frame(site: str, kind: str, uuid: str, nid: int, *, title: str, path: str) -> dict[str, Any]:
    return {
        "nid": str(nid),
        "vid": str(nid),
        "type": kind,
        "title": title,
        "language": "und",
        "url": f"{site}/{path}",
        "edit_url": f"{site}/node/{nid}/edit",
        "status": "1",
        "promote": "0",
        "sticky": "0",
        "created": "1420070400",
        "changed": "1577836800",
        "uuid": uuid,
    }


def _position(person: Person) -> dict[str, Any]:
    # The site has always misspelt "titles".
    return {
        "field_person_position_tiltes": [person.title],
        "field_person_position_org_link": {"title": person.org} if person.org else [],
    }


def _text(value: str, format_: str | None) -> dict[str, Any]:
    return {"value": value, "format": format_}


def _html(value: str | None) -> Any:
    """An empty object is an empty list over there."""
    return [] if value is None else {"value": value, "summary": "", "format": "standard_html"}


def _file(site: str, path: str | None) -> Any:
    return [] if path is None else {"url": f"{site}/{path}", "mime": "image/svg+xml", "uuid": dice.slot_uuid(path, 0)}


def _language(n: int) -> dict[str, Any]:
    return {"tid": str(300 + n), "name": LANGUAGES[n].name, "field_language_tag": LANGUAGES[n].tag}


def _reference(site: str, uuid: str, resource: str) -> dict[str, Any]:
    return {"uri": f"{site}/node/{uuid}", "id": str(dice.number(uuid) % 10**6), "resource": resource, "uuid": uuid}
