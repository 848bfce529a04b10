"""Each tenant's signing key: made at first start, kept in the state directory, never in a repository."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from campus import dice


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the public half that verifiers fetch."""

    kid: str
    private: rsa.RSAPrivateKey

    def jwk(self) -> dict[str, Any]:
        public = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {"kid": self.kid, "kty": "RSA", "use": "sig", "alg": "RS512", "n": public["n"], "e": public["e"]}


def signing_key(tenant: str, folder: Path | None) -> SigningKey:
    """The tenant's key, from its file if there is one."""
    path = folder / f"{tenant}-signing.pem" if folder else None
    if path and path.exists():
        return _named(serialization.load_pem_private_key(path.read_bytes(), None))
    key = _named(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    if path:
        _save(path, key.private)
    return key


def _named(private: Any) -> SigningKey:
    """The name of a key follows from the key, so that a new key is never taken for the old one."""
    return SigningKey(dice.digest(private.public_key().public_numbers().n, size=6).hex(), private)


def _save(path: Path, private: rsa.RSAPrivateKey) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
