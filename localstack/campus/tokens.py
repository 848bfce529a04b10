"""Access tokens as the LMS issues them, and their checking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

from campus import config, dice
from campus.keys import SigningKey

HOUR = 3600
DEFAULT_SCOPES = ("user_id", "email", "profile")


class Denied(Exception):
    """No token, or one that does not hold."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a login at the campus."""

    username: str
    user_id: int
    name: str
    staff: bool = False
    superuser: bool = False

    @property
    def email(self) -> str:
        return f"{self.username}@campus.example"


USERS = {
    user.username: user
    for user in (
        User("catalog_worker", 1, "Catalog Worker", staff=True),
        User("staff", 2, "Stella Staff", staff=True, superuser=True),
        User("learner", 3, "Leo Learner"),
        User("service", 4, "Service Account", staff=True),
        User("partner", 6, "Petra Partner"),
        User("lms_catalog_service_user", 5, "LMS Catalog Service User", staff=True),
    )
}


@dataclass(slots=True)
class Issuer:
    """One tenant's token office: its own name and its own key."""

    name: str
    key: SigningKey
    _checked: dict[str, dict[str, Any]] = field(default_factory=dict)

    def issue(self, user: User, grant: str, now: float, options: Mapping[str, str]) -> dict[str, Any]:
        """The token endpoint's answer; `options` may ask for roles, filters, scopes and a life of its own."""
        life = int(options.get("expires_in", HOUR))
        claims = _claims(user, grant, options) | {"iss": self.name, "iat": int(now), "exp": int(now) + life}
        token = jwt.encode(claims, self.key.private, algorithm="RS512", headers={"kid": self.key.kid})
        return {"access_token": token, "expires_in": life, "token_type": "JWT", "scope": " ".join(claims["scopes"])}

    def check(self, header: str | None, now: float) -> dict[str, Any]:
        """The claims behind an Authorization header."""
        scheme, _, token = (header or "").partition(" ")
        if scheme != "JWT" or not token or " " in token:
            raise Denied("Authentication credentials were not provided.")
        claims = self._checked.get(token) or self._verify(token)
        if claims["exp"] <= now:
            raise Denied("Token has expired.")
        return claims

    def _verify(self, token: str) -> dict[str, Any]:
        options: Any = {"verify_aud": False, "verify_exp": False, "verify_iat": False, "require": ["exp", "iat"]}
        try:
            claims = jwt.decode(token, self.key.private.public_key(), ["RS512"], options, issuer=self.name)
        except jwt.PyJWTError as error:
            raise Denied("Invalid token.") from error
        if len(self._checked) > 1000:
            self._checked.clear()
        self._checked[token] = claims
        return claims


def _claims(user: User, grant: str, options: Mapping[str, str]) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "aud": options.get("audience", config.AUDIENCE),
        "sub": dice.digest("sub", user.username, size=16).hex(),
        "preferred_username": user.username,
        "version": "1.2.0",
        "grant_type": grant,
        "scopes": options.get("scope", "").split() or list(DEFAULT_SCOPES),
        "filters": _words(options.get("filters")) or (["user:me"] if grant == "password" else []),
        "is_restricted": options.get("is_restricted", "").lower() in {"1", "true"},
        "email_verified": True,
    }
    claims |= _profile(user, claims["scopes"])
    return claims | ({"roles": _words(options["roles"])} if options.get("roles") else {})


def _profile(user: User, scopes: list[str]) -> dict[str, Any]:
    given, _, family = user.name.partition(" ")
    parts: dict[str, dict[str, Any]] = {
        "email": {"email": user.email},
        "user_id": {"user_id": user.user_id},
        "profile": {
            "name": user.name,
            "given_name": given,
            "family_name": family,
            "administrator": user.staff,
            "superuser": user.superuser,
        },
    }
    return {name: value for scope in scopes for name, value in parts.get(scope, {}).items()}


def _words(text: str | None) -> list[str]:
    return [word for word in (text or "").replace(",", " ").split() if word]
