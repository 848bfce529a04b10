"""An organization as answers show it."""

from __future__ import annotations

from chalicelib.domain.merging.identity import number_of, spelling, uuid_of
from chalicelib.domain.merging.merge import Merged, exists, merged, retired
from chalicelib.domain.minting import slugify
from chalicelib.domain.record import Aggregate
from chalicelib.domain.shapes.marketing import organization_url
from chalicelib.domain.shapes.plain import public
from chalicelib.domain.shapes.stamps import stamp
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import Body

MINIMAL = (
    "uuid",
    "key",
    "name",
    "auto_generate_course_run_keys",
    "certificate_logo_image_url",
    "logo_image_url",
    "organization_hex_color",
    "data_modified_timestamp",
)


def organization(tenant: Tenant, thing: Aggregate, said: Merged | None = None) -> Body:
    """The full Organization (course-discovery 3.1); its name is never null, credentials would stop at that."""
    said = said or merged(thing, tenant.publisher)
    key = spelling(thing.ref, said)
    slug = said.get("slug") or slugify(key)
    return {
        "uuid": uuid_of(tenant, thing.ref, said),
        "key": key,
        "name": said.get("name") or key,
        "auto_generate_course_run_keys": said.get("auto_generate_course_run_keys", True),
        "certificate_logo_image_url": said.get("certificate_logo_image_url"),
        "logo_image_url": said.get("logo_image_url"),
        "organization_hex_color": said.get("organization_hex_color"),
        "data_modified_timestamp": stamp([thing]),
        "description": said.get("description"),
        "description_es": said.get("description_es"),
        "homepage_url": said.get("homepage_url"),
        "tags": list(said.get("tags", [])),
        "marketing_url": organization_url(tenant, slug),
        "slug": slug,
        "banner_image_url": said.get("banner_image_url"),
        "enterprise_subscription_inclusion": bool(said.get("enterprise_subscription_inclusion", False)),
        "_id": number_of(said),
        "_retired": retired(thing),
    }


def organizations(tenant: Tenant, things: list[Aggregate]) -> list[Body]:
    """Those of the organizations that somebody knows, in order, without what is private."""
    return [public(organization(tenant, thing)) for thing in things if exists(thing)]


def minimal(body: Body) -> Body:
    """MinimalOrganization of an Organization."""
    return {name: body[name] for name in MINIMAL}
