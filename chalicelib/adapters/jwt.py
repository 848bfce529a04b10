"""Verifies the tokens that callers bring, by the rules of the LMS's own verifier (ecosystem C.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import jwt
from cachetools import LRUCache

from chalicelib.adapters.jwks import KeySets
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.token import BadToken, Claims, check

ASYMMETRIC, SHARED = ("RS256", "RS512"), "HS256"
KEEP = 4_096
_SIGNATURE_ONLY: Any = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


class Verifier:
    """Checks tokens of any tenant; what was verified is remembered until it expires.

    ``secret`` resolves a reference to a shared secret; ``clock`` gives ms.
    """

    def __init__(self, key_sets: KeySets, secret: Callable[[str], str], clock: Callable[[], int]) -> None:
        self._key_sets = key_sets
        self._secret = secret
        self._clock = clock
        self._known: LRUCache[tuple[Any, ...], Claims] = LRUCache(KEEP)

    def verify(self, tenant: Tenant, token: str) -> Claims:
        """The claims of a good token; raises BadToken, or Unavailable when the issuer's keys cannot be had."""
        now = self._clock() // 1000
        rules = (tenant.code, tenant.jwt_issuer, tenant.jwt_audience, tenant.jwks_url, tenant.hs256_secret)
        place = (hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=32).digest(), *rules)
        claims = self._known.get(place)
        if claims is None:
            claims = self._signed(tenant, token)
        check(claims, tenant.jwt_issuer, tenant.jwt_audience, now)
        self._known[place] = claims
        return claims

    def _signed(self, tenant: Tenant, token: str) -> Claims:
        algorithm = _algorithm(token)
        if algorithm in ASYMMETRIC and tenant.jwks_url:
            claims = _tried(token, algorithm, self._key_sets.keys(tenant.jwks_url))
            if claims is None:
                claims = _tried(token, algorithm, self._key_sets.newer(tenant.jwks_url))
        elif algorithm == SHARED and tenant.hs256_secret:
            claims = _tried(token, algorithm, [self._secret(tenant.hs256_secret)])
        else:
            raise BadToken("The token's algorithm is not accepted.")
        if claims is None:
            raise BadToken("Error decoding signature.")
        return claims


def _algorithm(token: str) -> str:
    try:
        return str(jwt.get_unverified_header(token).get("alg"))
    except (jwt.PyJWTError, ValueError):
        raise BadToken("Error decoding token.") from None


def _tried(token: str, algorithm: str, keys: Any) -> Claims | None:
    """The claims if one of the keys signed this (``kid`` is ignored, keys are tried in turn), else None."""
    for key in keys:
        try:
            return dict(jwt.decode(token, key, algorithms=[algorithm], options=_SIGNATURE_ONLY))
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, TypeError):
            raise BadToken("Error decoding token.") from None
    return None
