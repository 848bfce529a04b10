"""An issuer of tokens with keys of its own, and the ways in which tokens go wrong."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from chalicelib.domain.store import Unavailable

ISSUER, AUDIENCE, SECRET = "https://lms.test/oauth2", "openedx", "a shared secret that is long enough for HS256"
IAT = 1_795_262_400


@functools.cache
def key(name: str) -> rsa.RSAPrivateKey:
    """A private key by name; made once per process, as making one is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(name: str) -> dict[str, Any]:
    return {**json.loads(RSAAlgorithm.to_jwk(key(name).public_key())), "kid": "whatever"}


class Issuer:
    """Publishes the keys called ``keys``; ``down`` makes it unreachable."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys or ("first",))
        self.down = False
        self.fetches = 0

    def fetch(self, url: str) -> Any:
        self.fetches += 1
        if self.down:
            raise Unavailable("no answer")
        return {"keys": [jwk(name) for name in self.keys]}

    def secret(self, reference: str) -> str:
        return SECRET


def claims(username: str = "ada", **values: Any) -> dict[str, Any]:
    said = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": IAT,
        "exp": IAT + 3600,
        "preferred_username": username,
        "version": "1.2.0",
        "scopes": ["user_id"],
        "filters": [],
        "is_restricted": False,
    }
    return {name: value for name, value in (said | values).items() if value is not None}


def token(said: Mapping[str, Any] | None = None, signer: str = "first", algorithm: str = "RS512") -> str:
    return jwt.encode(dict(said if said is not None else claims()), key(signer), algorithm=algorithm)
