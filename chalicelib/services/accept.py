"""Accepting: updates that a producer hands in over HTTP are checked one by one and published on the exchange."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.tenant import Tenant
from chalicelib.domain.update import MAX_BYTES, InvalidUpdate, Update, parse_update
from chalicelib.services.ports import Publish
from chalicelib.services.principals import Principal

MOST = 100
NOT_YOURS = "not_your_source"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one update: accepted, or the reason (a short code) and a text for people."""

    id: str | None
    reason: str = ""
    text: str = ""

    @property
    def accepted(self) -> bool:
        return not self.reason

    def as_item(self) -> dict[str, Any]:
        """``{"id", "accepted"}``, with ``reason`` and ``detail`` where it was refused."""
        item = {"id": self.id, "accepted": self.accepted}
        return item if self.accepted else {**item, "reason": self.reason, "detail": self.text}


def accept(
    items: Sequence[Any],
    *,
    tenant: Tenant,
    principal: Principal,
    kinds_of: Mapping[str, Sequence[str]],
    exchange: Publish,
) -> list[Result]:
    """Check each update, publish the good ones together; the results stand in the order of the items.

    ``kinds_of``: what each source may speak of. Raises Unavailable when the exchange cannot be reached at all.
    """
    checked = [_checked(item, tenant, principal, kinds_of) for item in items]
    good = [update for update in checked if isinstance(update, Update)]
    lost = set(exchange.publish_updates([u.model_dump(mode="json", exclude_none=True) for u in good])) if good else ()
    return [
        result
        if isinstance(result, Result)
        else Result(
            result.id, *(("not_published", "The exchange did not take it; send it again.") if result.id in lost else ())
        )
        for result in checked
    ]


def _checked(item: Any, tenant: Tenant, principal: Principal, kinds_of: Mapping[str, Sequence[str]]) -> Update | Result:
    said = item.get("id") if isinstance(item, dict) else None
    name = said if isinstance(said, str) and len(said) <= 128 else None
    try:
        update = _parsed(item)
    except InvalidUpdate as error:
        return Result(name, error.reason, str(error))
    if refused := _refusal(update, tenant, principal, kinds_of):
        return Result(update.id, *refused)
    return update


def _parsed(item: Any) -> Update:
    if not isinstance(item, dict):
        raise InvalidUpdate("malformed", "an update is a JSON object")
    size = len(json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise InvalidUpdate("oversized", f"an update has at most {MAX_BYTES} bytes, this one {size}")
    return parse_update(item)


def _refusal(
    update: Update, tenant: Tenant, principal: Principal, kinds_of: Mapping[str, Sequence[str]]
) -> tuple[str, str] | None:
    """Why a well-formed update is not taken: the code and the text, None when it is."""
    if update.tenant != tenant.code:
        return "wrong_tenant", f"This host serves tenant '{tenant.code}', not '{update.tenant}'."
    if update.source not in kinds_of or update.source not in tenant.sources:
        return "unknown_source", f"This tenant has no source '{update.source}'."
    if update.kind not in kinds_of[update.source]:
        return "unknown_kind", f"Source '{update.source}' says nothing of a {update.kind}."
    if not principal.may_publish(update.source):
        return NOT_YOURS, f"You may not publish updates of '{update.source}'."
    return None
