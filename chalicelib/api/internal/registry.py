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
    """``{"kind", "key", "revision", "edited"}``; revision 0 and no fields when nothing was edited yet."""
    found = _ref(kind, any_key)
    edited, revision = call.house.registry.read(call.tenant.code, kind, any_key)
    return _entry(found, revision, edited)


@registry.route("/admin/v1/registry/{kind}/{any_key}", methods=("PUT",), access=staff)
def put_entry(call: Call, kind: str, any_key: str) -> Mapping[str, Any]:
    """Body ``{"revision": the one you read (0: new), "edited": {field: value}}``; 409 when it moved on."""
    found, body = _ref(kind, any_key), call.json_object()
    edited, seen = body.get("edited"), revision_of(body)
    if not isinstance(edited, dict):
        raise bad_request("edited: an object of fields.")
    who = call.principal.username
    try:
        revision = call.house.registry.edit(call.tenant.code, kind, any_key, edited, seen=seen, who=who)
    except ValueError as error:
        raise bad_request(str(error)) from None
    return _entry(found, revision, edited)


def _entry(found: Ref, revision: int, edited: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"kind": found.kind, "key": found.key, "revision": revision, "edited": edited}


def _ref(kind: str, key: str) -> Ref:
    if kind not in KINDS:
        raise not_found()
    try:
        return ref(kind, key)
    except InvalidKey:
        raise not_found() from None
