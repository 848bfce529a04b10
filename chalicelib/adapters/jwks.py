"""The public keys of token issuers, read from their JWKS URL and kept for an hour."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.algorithms import RSAAlgorithm

from chalicelib.domain.store import Unavailable

KEEP_MS = 3_600_000
RETRY_MS = 30_000
"""How long an issuer is left alone after a refresh: tokens with bad signatures must not become its traffic."""
FAILED_RETRY_MS = 5_000
MAX_BYTES = 262_144
MAX_KEYS = 20

Fetch = Callable[[str], Any]
Keys = Sequence[Any]


def fetch(url: str) -> Any:
    """GET a key set; raises Unavailable. Its host gets 3 seconds, no redirects, 256 kB."""
    import httpx

    try:
        with (
            httpx.Client(timeout=httpx.Timeout(2.0, connect=1.0), follow_redirects=False) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
        ):
            answer.raise_for_status()
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > MAX_BYTES:
                    raise Unavailable("The issuer's key set is too large.")
            return httpx.Response(200, content=body).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise Unavailable(f"The issuer's keys cannot be read: {type(error).__name__}.") from error


@dataclass(slots=True)
class _Kept:
    keys: Keys = ()
    read_at: int = -KEEP_MS
    tried_at: int = -KEEP_MS
    failed: bool = False


class KeySets:
    """Key sets by URL, shared by all requests of a process. ``clock`` gives ms."""

    def __init__(self, clock: Callable[[], int], fetch: Fetch = fetch) -> None:
        self._clock = clock
        self._fetch = fetch
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def keys(self, url: str) -> Keys:
        """The keys of this issuer, at most an hour old while it answers; raises Unavailable when there are none."""
        kept = self._of(url)
        if self._clock() - kept.read_at >= KEEP_MS:
            self._refresh(url, kept)
        if not kept.keys:
            raise Unavailable("The issuer's keys cannot be read now.")
        return kept.keys

    def newer(self, url: str) -> Keys:
        """The keys read once more, for a token that none of the known ones signed; empty if that was done just now.

        Raises Unavailable when the issuer did not answer: the token may be good.
        """
        kept = self._of(url)
        if not self._refresh(url, kept):
            return ()
        if kept.failed:
            raise Unavailable("The issuer's keys cannot be read now.")
        return kept.keys

    def _of(self, url: str) -> _Kept:
        return self._kept.setdefault(url, _Kept())

    def _refresh(self, url: str, kept: _Kept) -> bool:
        with self._lock:
            now = self._clock()
            if now - kept.tried_at < (FAILED_RETRY_MS if kept.failed else RETRY_MS):
                return kept.failed
            kept.tried_at = now
            try:
                kept.keys, kept.read_at, kept.failed = parse(self._fetch(url)), now, False
            except Unavailable:
                kept.failed = True
            return True


def parse(body: Any) -> Keys:
    """The RSA public keys of a JWK set; keys of other types and broken ones are passed over. Raises Unavailable."""
    if not isinstance(body, Mapping) or not isinstance(body.get("keys"), list):
        raise Unavailable("The issuer's key set is not a JWK set.")
    found = (_public(item) for item in body["keys"][:MAX_KEYS])
    return tuple(key for key in found if key is not None)


def _public(item: Any) -> Any:
    if not isinstance(item, Mapping) or item.get("kty") != "RSA":
        return None
    try:
        return RSAAlgorithm.from_jwk({name: item[name] for name in ("kty", "n", "e")})
    except (jwt.PyJWTError, ValueError, KeyError, TypeError):
        return None
