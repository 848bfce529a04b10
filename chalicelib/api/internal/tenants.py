"""``/admin/v1/tenants``: who is served and from where, for the installation's operators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.api.auth import operator
from chalicelib.api.errors import ApiError, bad_request, not_found
from chalicelib.api.http import Call, Routes
from chalicelib.services import tenants as verbs

tenants = Routes()


@tenants.route("/admin/v1/tenants", access=operator)
def list_tenants(call: Call) -> Mapping[str, Any]:
    """All tenants with their revisions."""
    return {"results": verbs.list_tenants(store=call.house.tenant_store)}


@tenants.route("/admin/v1/tenants/{code}", access=operator, etag=True)
def read_tenant(call: Call, code: str) -> Mapping[str, Any]:
    """One tenant; its credentials are references and stay so."""
    found = verbs.read_tenant(code, store=call.house.tenant_store)
    if found is None:
        raise not_found()
    return found


@tenants.route("/admin/v1/tenants/{code}", methods=("PUT",), access=operator)
def put_tenant(call: Call, code: str) -> Mapping[str, Any]:
    """The whole tenant with the ``revision`` that the editor saw (0 for a new one); 409 when it moved on."""
    body = call.json_object()
    try:
        return verbs.put_tenant(code, body, revision_of(body), store=call.house.tenant_store)
    except verbs.InvalidTenant as error:
        raise ApiError(400, error.errors) from None


def revision_of(body: Mapping[str, Any]) -> int:
    """The revision an editor saw; 400 without one."""
    revision = body.get("revision")
    if isinstance(revision, bool) or not isinstance(revision, int) or revision < 0:
        raise bad_request("revision: the one you read, 0 for something new.")
    return revision
