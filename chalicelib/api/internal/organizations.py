"""``/api/v1/organizations`` (course-discovery 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.api.errors import not_found
from chalicelib.api.http import Call, Routes
from chalicelib.api.internal import reads
from chalicelib.services import browse
from chalicelib.services import wanted as want

organizations = Routes()


@organizations.route("/api/v1/organizations")
def list_organizations(call: Call) -> Mapping[str, Any]:
    """A page of the organizations that the caller may see."""
    p = call.params
    wanted = want.Wanted()
    wanted.any_of("key_lower", call.principal.organizations())
    wanted.any_of("uuid", p.uuids("uuids"))
    wanted.any_of("tags", p.listed("tags"))
    wanted.since("data_modified_timestamp", p.moment("timestamp"))
    return reads.page(call, "organization", wanted)


@organizations.route("/api/v1/organizations/{key}", etag=True)
def read_organization(call: Call, key: str) -> Mapping[str, Any]:
    """An organization by uuid (or key); 404 also for one that the caller may not see."""
    visible = call.principal.organizations()
    if visible is not None:
        found = browse.resolve(call.tenant, "organization", key, records=call.house.records)
        if found is None or found.key not in visible:
            raise not_found()
    return reads.one(call, "organization", key)
