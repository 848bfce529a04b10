"""Tenants: what Open edX calls Partner, and where each one's sources are."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

CODE = r"^[a-z0-9][a-z0-9_-]{0,31}$"


class SourceSite(BaseModel):
    """One source of one tenant: where it is, who we are there, and how hard it may be asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(max_length=500, description="Base URL; the source's module builds every path below it")
    token_url: str | None = Field(None, max_length=500, description="OAuth2 token endpoint (client credentials)")
    credentials: tuple[str, ...] = Field((), max_length=2, description="References, newest first; two while rotating")
    calls_per_minute: int | None = Field(
        None, ge=1, le=100_000, description="One budget per host, shared by all workers"
    )
    lag_seconds: float = Field(0, ge=0, le=3600, description="How long its answers lag behind its own updates")
    hosts: tuple[str, ...] = Field((), description="Hosts it may be asked at, beside that of its URL")
    options: dict[str, Any] = Field(default_factory=dict, description="What only this source's module knows")

    @field_validator("url", "token_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("must be an http or https URL")
        if value is not None and urlsplit(value).username is not None:
            raise ValueError("must not hold a user or a password: name a credential instead")
        return value.rstrip("/") if value else value

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """host:port pairs that requests may go to; redirects elsewhere are refused."""
        own = [urlsplit(u).netloc for u in (self.url, self.token_url) if u]
        return frozenset([*own, *self.hosts])

    @property
    def budget(self) -> str:
        """The name of the rate budget this site draws from: its host."""
        return urlsplit(self.url).netloc


class Tenant(BaseModel):
    """A tenant as the tenants table keeps it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=CODE)
    name: str = Field("", max_length=128)
    hosts: tuple[str, ...] = Field((), max_length=20)
    default: bool = False
    publisher: bool = Field(False, description="Texts are edited in Publisher: Studio does not own them")
    marketing_root: str = Field("", max_length=500)
    lms_url: str = Field("", max_length=500)
    jwt_issuer: str = Field("", max_length=500)
    jwt_audience: str | None = Field(None, max_length=200)
    jwks_url: str | None = Field(None, max_length=500)
    hs256_secret: str | None = Field(None, description="Reference to a shared secret; HS256 is refused without it")
    sources: dict[str, SourceSite] = Field(default_factory=dict)
