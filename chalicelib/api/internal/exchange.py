"""``POST /exchange/v1/updates``: the exchange for producers that have no access to the topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.api.answers import Answer
from chalicelib.api.errors import ApiError, bad_request, forbidden, refusal
from chalicelib.api.http import Call, Routes
from chalicelib.domain.update import MAX_BYTES
from chalicelib.services.accept import MOST, NOT_YOURS, Result, accept

exchange = Routes()


@exchange.route("/exchange/v1/updates", methods=("POST",))
def post_updates(call: Call) -> Answer:
    """202 ``{"results": [{"id", "accepted", "reason"?, "detail"?}]}`` in the order of the body's updates.

    The body is one update or a list of up to 100. Nothing in it well-formed: 400; nothing the caller may publish: 403.
    """
    results = accept(
        _items(call),
        tenant=call.tenant,
        principal=call.principal,
        kinds_of=call.house.kinds_of,
        exchange=call.house.exchange,
    )
    body = {"results": [result.as_item() for result in results]}
    _refuse_all(results, body)
    return Answer(body, 202)


def _items(call: Call) -> Sequence[Any]:
    body = call.json()
    if isinstance(body, dict) and len(call.request.raw_body) > MAX_BYTES:
        raise refusal(413, f"An update has at most {MAX_BYTES} bytes: it names, it does not carry.")
    items = body if isinstance(body, list) else [body]
    if not items:
        raise bad_request("There is no update in the body.")
    if len(items) > MOST:
        raise refusal(413, f"At most {MOST} updates are taken at once.")
    return items


def _refuse_all(results: Sequence[Result], body: dict[str, Any]) -> None:
    reasons = {result.reason for result in results}
    if reasons == {NOT_YOURS}:
        raise forbidden()
    if "" not in reasons and "not_published" not in reasons:
        raise ApiError(400, {"detail": "No update was accepted.", **body})
