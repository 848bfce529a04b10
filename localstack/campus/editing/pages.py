"""Edits of what belongs to no course: organizations, people, subjects, sponsors and programs."""

from __future__ import annotations

from typing import Any

from campus.editing.desk import CannotEdit, Change, Desk, again, worded


def _other(desk: Desk, kind: str, fact: Any, after: dict[str, Any], *told: tuple[str, str, str]) -> Change:
    address = fact.short_name if kind == "organization" else fact.uuid
    return Change(kind, address, {name: getattr(fact, name) for name in after}, after, None, told)


def _organization(desk: Desk, key: str | None) -> Any:
    world = desk.world
    organization = (
        world.organization(key) if key else world.organization_at(desk.draw.randrange(world.organization_count))
    )
    if organization is None:
        raise CannotEdit(f"no organization {key!r}")
    return organization


def organization(desk: Desk, key: str | None, value: Any) -> Change:
    """The name in the LMS."""
    fact = _organization(desk, key)
    return _other(
        desk,
        "organization",
        fact,
        {"name": worded(value, again(fact.name))},
        ("studio", "organization", fact.short_name),
    )


def school(desk: Desk, key: str | None, value: Any) -> Change:
    """The name on the marketing site."""
    fact = _organization(desk, key)
    after = {"school_name": worded(value, again(fact.school_name))}
    return _other(desk, "organization", fact, after, ("drupal", "organization", fact.short_name))


def person(desk: Desk, key: str | None, value: Any) -> Change:
    """What somebody is called."""
    fact = desk.world.person(desk.slot("person", key, desk.world.spec.people))
    return _other(
        desk,
        "person",
        fact,
        {"title": worded(value, again(fact.title or "Professor"))},
        ("drupal", "person", fact.uuid),
    )


def subject(desk: Desk, key: str | None, value: Any) -> Change:
    """The name of a subject."""
    fact = desk.world.subject(desk.slot("subject", key, desk.world.spec.subjects))
    return _other(desk, "subject", fact, {"title": worded(value, again(fact.title))}, ("drupal", "subject", fact.uuid))


def sponsor(desk: Desk, key: str | None, value: Any) -> Change:
    """The name of a sponsor."""
    fact = desk.world.sponsor(desk.slot("sponsor", key, desk.world.spec.sponsors))
    return _other(
        desk, "sponsor", fact, {"title": worded(value, again(fact.title))}, ("drupal", "organization", fact.slug)
    )


def _program(desk: Desk, key: str | None) -> Any:
    return desk.world.program(desk.slot("program", key, desk.world.spec.programs))


def program(desk: Desk, key: str | None, value: Any) -> Change:
    """The name in Programs."""
    fact = _program(desk, key)
    return _other(desk, "program", fact, {"name": worded(value, again(fact.name))}, ("programs", "program", fact.uuid))


def xseries(desk: Desk, key: str | None, value: Any) -> Change:
    """The marketing site's page of a program, whose overview changes."""
    fact = _program(desk, key)
    after = {"overview": f"<p>{value}</p>" if value else fact.overview + "\n<p>Now with more practice.</p>"}
    return _other(desk, "program", fact, after, ("drupal", "xseries", fact.page_slug))
