"""The campus, as a benchmark uses it: tokens, edits, faults, calls."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import Any

from bench.place import Place
from campus.config import CLIENT_ID, CLIENT_SECRET, DEMO_PASSWORD


def post(url: str, body: Any) -> Any:
    """POST JSON."""
    return _open(urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}))


def token(place: Place, role: str = "staff", tenant: str = "edx") -> str:
    """A signed JWT of the tenant's issuer that outlives the benchmark."""
    form = {
        "grant_type": "password",
        "username": role,
        "password": DEMO_PASSWORD,
        "token_type": "jwt",
        "expires_in": "36000",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    url = place.endpoints["tenants"][tenant]["token_url"]
    return str(_open(urllib.request.Request(url, urllib.parse.urlencode(form).encode()))["access_token"])


def edit(place: Place, what: str, tenant: str = "edx", **wish: Any) -> dict[str, Any]:
    """One edit, published."""
    return dict(post(f"{place.campus_url}/admin/{tenant}/edits", {"what": what, **wish}))


def bulk(place: Place, tenant: str = "edx", **wish: Any) -> dict[str, Any]:
    """Many edits, published unless ``publish`` is false."""
    return dict(post(f"{place.campus_url}/admin/{tenant}/edits/bulk", wish))


def faults(place: Place, **wish: Any) -> None:
    """Replace the faults by one rule; without arguments there are none."""
    post(f"{place.campus_url}/admin/faults", {"clear": True, **wish})


def calls(place: Place) -> Any:
    """What was asked since the last reset."""
    return _open(urllib.request.Request(f"{place.campus_url}/admin/calls"))


def reset_calls(place: Place) -> None:
    """Forget the calls so far."""
    post(f"{place.campus_url}/admin/calls/reset", {})


def _open(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.loads(answer.read())
