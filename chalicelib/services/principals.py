"""Principals: what the claims of a verified token say about who is asking and what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PRODUCER = "catalog_producer"
"""Role ``catalog_producer:<source>``: may publish updates for that source (``*``: for any)."""
ORGANIZATION = "catalog_organization"
"""Role ``catalog_organization:<key>``: may see that organization (``*``: any)."""
ANYWHERE = "*"

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. ``roles`` and ``filters`` are ``(name, context)`` pairs; a role without a context has an empty one."""

    username: str
    email: str = ""
    is_staff: bool = False
    is_superuser: bool = False
    roles: frozenset[Pair] = frozenset()
    scopes: frozenset[str] = frozenset()
    filters: tuple[Pair, ...] = ()
    restricted: bool = False

    @property
    def sees_everything(self) -> bool:
        return self.is_staff or self.is_superuser

    def may_publish(self, source: str) -> bool:
        """Whether updates of this source are taken from them."""
        return self.sees_everything or bool(self.roles & {(PRODUCER, source), (PRODUCER, ANYWHERE)})

    def organizations(self) -> frozenset[str] | None:
        """Keys (lower case) of the organizations they may see; None for all of them.

        Without a store of grants these are what the token itself carries: roles, and the organizations that a
        restricted application was admitted for (ecosystem C.3).
        """
        if self.sees_everything or (ORGANIZATION, ANYWHERE) in self.roles:
            return None
        by_role = {key.lower() for name, key in self.roles if name == ORGANIZATION and key}
        by_filter = {key.lower() for name, key in self.filters if name == "content_org" and key}
        return frozenset(by_role | by_filter)


class NoName(ValueError):
    """A token that does not say whose it is."""


def principal_of(claims: Mapping[str, Any]) -> Principal:
    """Read verified claims (ecosystem C.1); raises NoName. Claims of the wrong type count as absent.

    Rights are those of the token at each request: nothing of an earlier one is remembered, so a right that was taken
    away is gone with the next token.
    """
    username = _text(claims, "preferred_username") or _text(claims, "username")
    if not username:
        raise NoName("The token names no user.")
    return Principal(
        username=username,
        email=_text(claims, "email"),
        is_staff=claims.get("administrator") is True,
        is_superuser=claims.get("superuser") is True,
        roles=frozenset(_pair(t) for t in _texts(claims, "roles")),
        scopes=frozenset(_texts(claims, "scopes")),
        filters=tuple(_pair(t) for t in _texts(claims, "filters")),
        restricted=claims.get("is_restricted") is True,
    )


def _pair(text: str) -> Pair:
    """Split at the first colon only: a key may hold another one (the reference's library raises there)."""
    name, _, context = text.partition(":")
    return name.strip(), context.strip()


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _texts(claims: Mapping[str, Any], name: str) -> list[str]:
    value = claims.get(name)
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
