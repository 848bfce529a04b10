"""How we log in at a source: OAuth2 client credentials (a JWT), or Drupal's form; two secrets while one is rotated."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx

from chalicelib.adapters.credentials import Credentials
from chalicelib.domain.store import Unavailable
from chalicelib.domain.tenant import SourceSite

EARLY = 30
"""Seconds before its end that a token is renewed."""


class LoginRefused(Exception):
    """No credential of this site was accepted; its text never holds a secret."""


@dataclass(frozen=True, slots=True)
class _Login:
    """Headers that hold until an instant (monotonic s), and the credential that got them."""

    until: float
    headers: dict[str, str]
    reference: str


class Logins:
    """Headers that authenticate us at a site, cached until they expire."""

    def __init__(self, credentials: Credentials, http: httpx.Client) -> None:
        self.credentials, self.http = credentials, http
        self.http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._kept: dict[str, _Login] = {}
        self._refused: dict[str, str] = {}

    def headers(self, site: SourceSite) -> dict[str, str]:
        """Raises LoginRefused, httpx.TransportError, Unavailable."""
        if not site.credentials:
            return {}
        name = _name(site)
        kept = self._kept.get(name)
        if kept is None or kept.until <= time.monotonic():
            kept = self._kept[name] = self._log_in(site)
        return dict(kept.headers)

    def forget(self, site: SourceSite) -> None:
        """What we had was refused: log in again next time, as somebody else if we can, with credentials as they are."""
        kept = self._kept.pop(_name(site), None)
        if kept is not None:
            self._refused[_name(site)] = kept.reference
        for reference in site.credentials:
            self.credentials.forget(reference)

    def _log_in(self, site: SourceSite) -> _Login:
        """With the first credential that is accepted; one whose login was refused since is tried last."""
        why: Exception = LoginRefused("it has no credentials")
        refused = self._refused.pop(_name(site), "")
        for reference in sorted(site.credentials, key=lambda each: each == refused):
            try:
                until, headers = self._with(site, reference)
                return _Login(until, headers, reference)
            except (LoginRefused, Unavailable) as error:
                why = error
        raise why

    def _with(self, site: SourceSite, reference: str) -> tuple[float, dict[str, str]]:
        secret = self.credentials.resolve(reference)
        log_in = self._drupal if site.options.get("login") == "drupal" else self._token
        try:
            return log_in(site, secret)
        except (KeyError, TypeError, ValueError) as error:
            raise LoginRefused(f"{reference} or its answer is not as it should be: {type(error).__name__}") from None

    def _token(self, site: SourceSite, secret: Any) -> tuple[float, dict[str, str]]:
        form = {
            "grant_type": "client_credentials",
            "client_id": secret["client_id"],
            "client_secret": secret["client_secret"],
            "token_type": "jwt",
        }
        answer = self.http.post(site.token_url or f"{site.url}/oauth2/access_token", data=form)
        if answer.status_code != 200:
            raise LoginRefused(f"the token endpoint answered HTTP {answer.status_code}")
        token = answer.json()
        lasts = max(1.0, float(token.get("expires_in", 300)) - EARLY)
        return time.monotonic() + lasts, {"Authorization": f"JWT {token['access_token']}"}

    def _drupal(self, site: SourceSite, secret: Any) -> tuple[float, dict[str, str]]:
        """Success is a redirect to the admin page that answers 200 with the session's cookie."""
        form = {"name": secret["username"], "pass": secret["password"], "form_id": "user_login", "op": "Log in"}
        answer = self.http.post(f"{site.url}/user", data=form)
        cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        if answer.status_code not in {302, 303} or not cookie:
            raise LoginRefused(f"the login form answered HTTP {answer.status_code}")
        headers = {"Cookie": cookie}
        if self.http.get(f"{site.url}/admin", headers=headers).status_code != 200:
            raise LoginRefused("the admin page does not let us in")
        return time.monotonic() + 1800, headers


def _name(site: SourceSite) -> str:
    return f"{site.token_url or site.url}|{'|'.join(site.credentials)}"
