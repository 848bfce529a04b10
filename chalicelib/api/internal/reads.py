"""What the blueprints of the four nouns share: one thing, a page of things, why a thing looks as it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.api.errors import bad_request, not_found
from chalicelib.api.http import Call
from chalicelib.api.paging import envelope, window
from chalicelib.api.tenancy import is_elsewhere
from chalicelib.services import browse
from chalicelib.services.wanted import Wanted

NOT_YET = "'{}' is not supported by this release."


def one(call: Call, kind: str, key: str) -> Mapping[str, Any]:
    """The thing, finished for this request; 404 when there is none to be seen."""
    house = call.house
    body = browse.detail(
        call.tenant,
        kind,
        key,
        records=house.records,
        fresh=house.fresh,
        now=call.now,
        reader=call.reader,
        flags=call.flags,
    )
    if body is None:
        raise not_found()
    return body


def page(call: Call, kind: str, wanted: Wanted) -> Mapping[str, Any]:
    """A page of the list in the usual envelope."""
    wanted.order = tuple(call.params.listed("ordering") or ())
    narrow(call, wanted)
    w = window(call.params.values)
    house = call.house
    if w.last:
        w = w.at_end_of(browse.page_of_keys(call.tenant, kind, wanted, offset=0, limit=0, index=house.index).count)
    listed = browse.listing(
        call.tenant,
        kind,
        wanted,
        offset=w.offset,
        limit=w.limit,
        index=house.index,
        fresh=house.fresh,
        now=call.now,
        reader=call.reader,
        flags=call.flags,
    )
    return envelope(call.url, call.params.values, w, listed.count, listed.results)


def narrow(call: Call, wanted: Wanted) -> None:
    """``partner=`` of another tenant matches nothing."""
    if is_elsewhere(call.params, call.tenant):
        wanted.terms["key_lower"] = ()


def explained(call: Call, kind: str, key: str) -> Mapping[str, Any]:
    """Which source said what, which rule chose, what the index holds (for staff)."""
    found = browse.resolve(call.tenant, kind, key, records=call.house.records)
    said = call.house.explain(call.tenant, found) if found else None
    if said is None:
        raise not_found()
    return said


def refuse(call: Call, *names: str) -> None:
    """400 for a parameter that would change the answer and that we cannot honour: never a silently wrong list."""
    for name in names:
        if call.params.one(name) is not None:
            raise bad_request(NOT_YET.format(name))
