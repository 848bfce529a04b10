"""What a verified token must say before its bearer is believed (ecosystem C.2)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

LEEWAY = 1
"""Seconds by which clocks may differ."""
MAJOR = 1
"""The newest major version of the claims that we understand."""
_VERSION = re.compile(r"(\d{1,4})(?:\.\d{1,4}){0,2}")

Claims = Mapping[str, Any]


class BadToken(ValueError):
    """A token that is not accepted; its text is for its bearer."""


def check(claims: Claims, issuer: str, audience: str | None, now: int) -> None:
    """Everything of a token but its signature; ``now`` in seconds. Raises BadToken.

    A tenant without an audience takes tokens of any; one without an issuer takes none.
    """
    expires, issued, begins = (_seconds(claims, name) for name in ("exp", "iat", "nbf"))
    if expires is None or issued is None:
        raise BadToken("The token lacks exp or iat.")
    if expires <= now - LEEWAY:
        raise BadToken("Token has expired.")
    if max(issued, begins or 0) > now + LEEWAY:
        raise BadToken("The token is not valid yet.")
    if not issuer or claims.get("iss") != issuer:
        raise BadToken("Invalid issuer.")
    if audience is not None and not _is_for(claims.get("aud"), audience):
        raise BadToken("Invalid audience.")
    _check_version(claims.get("version", "1.0.0"))


def _seconds(claims: Claims, name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadToken(f"The token's {name} is not a number.")
    if not math.isfinite(value):
        raise BadToken(f"The token's {name} is not an instant.")
    return value


def _is_for(said: Any, audience: str) -> bool:
    return said == audience or (isinstance(said, list) and audience in said)


def _check_version(version: Any) -> None:
    match = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if match is None or int(match[1]) > MAJOR:
        raise BadToken("The token's version is not supported.")
