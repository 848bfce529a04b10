"""A person as answers show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.keys import Ref
from chalicelib.domain.merging.identity import number_of, uuid_of
from chalicelib.domain.merging.merge import Merged, exists, merged, retired
from chalicelib.domain.merging.pointers import Things, pointers
from chalicelib.domain.minting import slugify
from chalicelib.domain.record import Aggregate
from chalicelib.domain.shapes.organization import organization
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.values import text_in
from chalicelib.domain.view import Body

NETWORKS = ("facebook", "twitter", "blog")


def employer(said: Merged) -> Ref | None:
    """The organization that a person's position may be at, when its name is also a key we know."""
    position = said.get("position", {})
    return next(
        iter(pointers([position.get("organization") or position.get("organization_name")], "organization")), None
    )


def person(tenant: Tenant, thing: Aggregate, things: Things) -> Body:
    """The full Person (course-discovery 3.5)."""
    said = merged(thing, tenant.publisher)
    names = [said.get(n) for n in ("given_name", "family_name")]
    image = said.get("profile_image_url")
    urls = _urls(said)
    return {
        "uuid": uuid_of(tenant, thing.ref, said),
        "salutation": said.get("salutation"),
        "given_name": said.get("given_name", ""),
        "family_name": said.get("family_name"),
        "bio": said.get("bio"),
        "slug": said.get("slug") or slugify(" ".join(n for n in names if n)),
        "position": _position(tenant, said, things),
        "areas_of_expertise": _numbered(said.get("areas_of_expertise", [])),
        "profile_image": said.get("profile_image", {}),
        "works": [],
        "urls": {network: next((u["url"] for u in urls if u["type"] == network), None) for network in NETWORKS},
        "urls_detailed": urls,
        "email": None,
        "profile_image_url": image,
        "major_works": said.get("major_works", ""),
        "published": bool(said.get("published", True)),
        "_id": number_of(said),
        "_retired": retired(thing),
    }


def _position(tenant: Tenant, said: Merged, things: Things) -> dict[str, Any] | None:
    position = said.get("position")
    if not position or not text_in(position.get("title")):
        return None
    at = employer(said)
    known = things.get(at) if at else None
    company: Mapping[str, Any] = organization(tenant, known) if known and exists(known) else {}
    override = position.get("organization_override") or (None if company else position.get("organization_name"))
    return {
        "title": position["title"],
        "organization_name": override or company.get("name"),
        "organization_id": company.get("_id"),
        "organization_override": override,
        "organization_marketing_url": company.get("marketing_url"),
        "organization_uuid": company.get("uuid"),
        "organization_logo_image_url": company.get("logo_image_url"),
    }


def _urls(said: Merged) -> list[dict[str, Any]]:
    given = [u for u in said.get("urls_detailed", []) if text_in(u.get("url"))]
    return [
        {
            "id": u.get("id", number),
            "type": u.get("type", "others"),
            "title": u.get("title", ""),
            "display_title": u.get("display_title") or u.get("title") or str(u.get("type", "others")).title(),
            "url": u["url"],
        }
        for number, u in enumerate(given, 1)
    ]


def _numbered(values: list[Any]) -> list[dict[str, Any]]:
    return [v if isinstance(v, dict) else {"id": number, "value": v} for number, v in enumerate(values, 1)]
