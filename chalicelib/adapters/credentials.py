"""Credential references: where a secret is kept, never the secret itself, is what tenants carry."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from threading import Lock
from typing import Any

from cachetools import TTLCache

from chalicelib.domain.store import Unavailable

TTL = 300


class Credentials:
    """Resolves ``secret:NAME`` (Secrets Manager) and ``env:NAME`` (a container's environment); cached for minutes."""

    def __init__(self, secrets: Callable[[], Any]) -> None:
        self._secrets = secrets
        self._cache: TTLCache[str, Any] = TTLCache(256, TTL)
        self._lock = Lock()

    def resolve(self, reference: str) -> Any:
        """The secret's JSON value (or text). Raises Unavailable naming the reference, never the value."""
        with self._lock:
            if reference in self._cache:
                return self._cache[reference]
        value = self._fetch(reference)
        with self._lock:
            self._cache[reference] = value
        return value

    def forget(self, reference: str) -> None:
        """Ask again next time: it was refused, so it may have been rotated."""
        with self._lock:
            self._cache.pop(reference, None)

    def _fetch(self, reference: str) -> Any:
        scheme, _, name = reference.partition(":")
        try:
            text = (
                os.environ[name] if scheme == "env" else self._secrets().get_secret_value(SecretId=name)["SecretString"]
            )
        except Exception as error:
            raise Unavailable(f"credential {reference} cannot be read: {type(error).__name__}") from None
        try:
            return json.loads(text)
        except ValueError:
            return text
