"""Sources over HTTP: GETs with a token, time-outs, retries with jitter, caps, an allow-list, and no redirects."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from json import loads
from threading import Lock
from typing import Any

import httpx
from cachetools import LRUCache

from chalicelib.adapters.source_logins import LoginRefused, Logins
from chalicelib.domain.sources.base import Noun, Request, Source, UnreadablePayload
from chalicelib.domain.store import NotThere, SourceBusy, Unavailable
from chalicelib.domain.tenant import SourceSite, Tenant

MAX_BYTES = 20_000_000
KEPT_BYTES = 32_000_000
"""Bodies kept for conditional GETs, in all."""
TRIES = 3
MAX_SECONDS = 60.0
"""A body that drips in for longer than this is not waited for."""
MAX_RETRY_AFTER = 3600
DOWN_RETRY_MS, HANGS_RETRY_MS, LOGIN_RETRY_MS = 30_000, 60_000, 300_000
TIMEOUT = httpx.Timeout(15.0, connect=3.05)
NO_COOKIES = DefaultCookiePolicy(allowed_domains=[])
"""No answer's cookie is ever sent back: sessions of one tenant must not end up in requests of another."""

Sleep = Callable[[float], None]


class SourceClient:
    """Fits the Fetch port. ``now`` in ms; ``block(host, until)`` tells every worker that a host asked for quiet."""

    def __init__(
        self,
        *,
        logins: Logins,
        block: Callable[[str, int], None],
        now: Callable[[], int],
        sleep: Sleep = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.logins, self.block, self.now, self.sleep = logins, block, now, sleep
        self.http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, transport=transport)
        self.http.cookies.jar.set_policy(NO_COOKIES)
        self._kept: LRUCache[str, tuple[dict[str, str], bytes]] = LRUCache(KEPT_BYTES, lambda kept: len(kept[1]))
        self._lock = Lock()

    def __call__(self, tenant: Tenant, source: Source, noun: Noun, site: SourceSite, request: Request) -> Any:
        """The decoded JSON. Raises NotThere, SourceBusy or UnreadablePayload; no text of theirs holds a secret."""
        url = allowed_url(site, request)
        for attempt in range(TRIES):
            try:
                return decode(self._once(site, url))
            except httpx.TimeoutException:
                raise SourceBusy(f"{source.name} does not answer in time", self.now() + HANGS_RETRY_MS) from None
            except (httpx.TransportError, httpx.DecodingError, _ServerError) as error:
                if attempt == TRIES - 1:
                    raise SourceBusy(f"{source.name} is down: {error}", self.now() + DOWN_RETRY_MS) from None
                self.sleep(random.uniform(0.05, 0.2) * 2**attempt)
            except (LoginRefused, Unavailable) as error:
                raise SourceBusy(f"no login at {source.name}: {error}", self.now() + LOGIN_RETRY_MS) from None
        raise AssertionError

    def _once(self, site: SourceSite, url: httpx.URL) -> bytes:
        name = f"{'|'.join(site.credentials)}|{url}"
        with self._lock:
            validators, kept = self._kept.get(name, ({}, b""))
        status, headers, body = self._get(url, self.logins.headers(site) | validators)
        if status == 401:
            self.logins.forget(site)
            status, headers, body = self._get(url, self.logins.headers(site) | validators)
        if status == 304 and validators:
            return kept
        self._refuse(status, headers, site, url)
        self._keep(name, headers, body)
        return body

    def _get(self, url: httpx.URL, headers: dict[str, str]) -> tuple[int, httpx.Headers, bytes]:
        give_up = time.monotonic() + MAX_SECONDS
        with self.http.stream("GET", url, headers={"Accept": "application/json", **headers}) as answer:
            body = bytearray()
            if int(answer.headers.get("content-length") or 0) > MAX_BYTES:
                raise UnreadablePayload(f"the answer is larger than {MAX_BYTES} bytes")
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise UnreadablePayload(f"the answer is larger than {MAX_BYTES} bytes")
                if time.monotonic() > give_up:
                    raise httpx.ReadTimeout("the answer drips in")
            return answer.status_code, answer.headers, bytes(body)

    def _refuse(self, status: int, headers: httpx.Headers, site: SourceSite, url: httpx.URL) -> None:
        if status in {404, 410}:
            raise NotThere(str(url.path))
        if status == 429 or (status == 503 and "retry-after" in headers):
            until = self.now() + 1000 * retry_after(headers.get("retry-after", ""), self.now())
            self.block(site.budget, until)
            raise SourceBusy(f"{url.host} asked for quiet", until)
        if status in {401, 403}:
            raise LoginRefused(f"HTTP {status}")
        if status >= 500:
            raise _ServerError(f"HTTP {status}")
        if status != 200:
            raise UnreadablePayload(f"HTTP {status} where 200 was expected; redirects are not followed")

    def _keep(self, name: str, headers: httpx.Headers, body: bytes) -> None:
        validators = {
            ask: headers[given]
            for given, ask in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
            if given in headers
        }
        with self._lock:
            self._kept.pop(name, None)
            if validators and len(body) < KEPT_BYTES // 4:
                self._kept[name] = (validators, body)


class _ServerError(Exception):
    """The source failed; it may not the next time."""


def allowed_url(site: SourceSite, request: Request) -> httpx.URL:
    """Where a request goes; raises UnreadablePayload for a host that is not on the site's list, or another scheme."""
    try:
        base = httpx.URL(request.path if "://" in request.path else site.url + request.path)
        listed = {_place(httpx.URL(f"{base.scheme}://{host}")) for host in site.allowed_hosts}
        if base.scheme != httpx.URL(site.url).scheme or base.userinfo or _place(base) not in listed:
            raise UnreadablePayload(f"{base.host} is not on this source's list of hosts")
        return base.copy_with(params=list(request.params)) if request.params else base
    except httpx.InvalidURL as error:
        raise UnreadablePayload(f"not a URL: {error}") from None


def _place(url: httpx.URL) -> tuple[str, int]:
    return url.host.lower(), url.port or {"http": 80, "https": 443}.get(url.scheme, 0)


def decode(body: bytes) -> Any:
    """Strict JSON, integers of any size kept; raises UnreadablePayload."""
    try:
        return loads(body, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise UnreadablePayload(f"not JSON: {error}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number that is too large")
    return value


def retry_after(value: str, now_ms: int) -> int:
    """Seconds of a Retry-After header, a number or a date; a minute where it is unreadable."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - now_ms / 1000
        except (ValueError, TypeError, OverflowError):
            seconds = 60.0
    return math.ceil(min(max(seconds, 1.0), MAX_RETRY_AFTER)) if not math.isnan(seconds) else 60
