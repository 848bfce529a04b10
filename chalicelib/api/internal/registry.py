"""``/admin/v1/registry/{kind}/{key}``: what only we know of a thing, read and edited by staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.api.auth import staff
from chalicelib.api.errors import bad_request, not_found
from chalicelib.api.http import Call, Routes
from chalicelib.api.internal.tenants import revision_of
from chalicelib.domain.keys import InvalidKey, Ref, ref

registry = Routes()

KINDS = frozenset({
    "course", "run", "program", "organization", "person", "subject", "topic", "pathway", "vocabulary", "xseries"
})  # fmt: skip


@registry.route("/admin/v1/registry/{kind}/{any_key}", access=staff)
def read_entry(call: Call, kind: str, any_key: str) -> Mapping[str, Any]:
    """What was minted and what was edited, with the revision to edit on; 404 when nothing is known of it."""
    found = call.house.registry.read(call.tenant, _ref(kind, any_key))
    if found is None:
        raise not_found()
    return found


@registry.route("/admin/v1/registry/{kind}/{any_key}", methods=("PUT",), access=staff)
def put_entry(call: Call, kind: str, any_key: str) -> Mapping[str, Any]:
    """Body ``{"revision": the one you read (0: new), "edited": {field: value}}``; 409 when it moved on."""
    thing, body = _ref(kind, any_key), call.json_object()
    edited, seen = body.get("edited"), revision_of(body)
    if not isinstance(edited, dict):
        raise bad_request("edited: an object of fields.")
    try:
        return call.house.registry.edit(call.tenant, thing, edited, seen, call.principal.username)
    except ValueError as error:
        raise bad_request(str(error)) from None


def _ref(kind: str, key: str) -> Ref:
    if kind not in KINDS:
        raise not_found()
    try:
        return ref(kind, key)
    except InvalidKey:
        raise not_found() from None
