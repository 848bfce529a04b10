"""The small things as answers show them: subjects, topics, pathways."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.keys import Ref
from chalicelib.domain.merging.identity import number_of, uuid_of
from chalicelib.domain.merging.merge import merged, retired
from chalicelib.domain.merging.pointers import Things, pointers
from chalicelib.domain.minting import slugify
from chalicelib.domain.record import Aggregate
from chalicelib.domain.shapes.program import minimal as minimal_program
from chalicelib.domain.shapes.stamps import stamp
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import Body


def subject_body(tenant: Tenant, thing: Aggregate) -> Body:
    """A Subject (course-discovery 2.8)."""
    said = merged(thing, tenant.publisher)
    name = said.get("name") or thing.ref.key
    texts = ("subtitle", "description", "banner_image_url", "card_image_url")
    return {
        "name": name,
        **{field: said.get(field) for field in texts},
        "slug": said.get("slug") or slugify(name),
        "uuid": uuid_of(tenant, thing.ref, said),
        "_id": number_of(said),
        "_translations": said.get("translations", {}),
        "_retired": retired(thing),
    }


def topic_body(tenant: Tenant, thing: Aggregate) -> Body:
    """A Topic (2.8)."""
    said = merged(thing, tenant.publisher)
    name = said.get("name") or thing.ref.key
    texts = ("subtitle", "description", "long_description", "banner_image_url")
    return {
        "name": name,
        **{field: said.get(field) for field in texts},
        "slug": said.get("slug") or slugify(name),
        "uuid": uuid_of(tenant, thing.ref, said),
        "_id": number_of(said),
        "_translations": said.get("translations", {}),
    }


def pathway_body(tenant: Tenant, thing: Aggregate, things: Things, bodies: Mapping[Ref, Body]) -> Body:
    """A Pathway (2.8), its programs in their short form."""
    said = merged(thing, tenant.publisher)
    programs = [bodies[r] for r in pointers(said.get("programs"), "program") if bodies.get(r)]
    return {
        "id": number_of(said),
        "uuid": uuid_of(tenant, thing.ref, said),
        "name": said.get("name", ""),
        "org_name": said.get("org_name", ""),
        "email": said.get("email", ""),
        "programs": [minimal_program(body) for body in programs],
        "description": said.get("description"),
        "status": said.get("status", "unpublished"),
        "destination_url": said.get("destination_url"),
        "pathway_type": said.get("pathway_type", "credit"),
        "_created": stamp([thing]),
    }


def topic_name(spelt: str, things: Things) -> str:
    """A course names its topics by key; where the topic itself is known, its name shows."""
    found = (merged(things[ref], False).get("name") for ref in pointers([spelt], "topic") if ref in things)
    return next((str(name) for name in found if name), spelt)
