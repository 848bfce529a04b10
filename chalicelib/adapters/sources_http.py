"""Sources over HTTP: GETs with a token, time-outs, retries with jitter, caps, an allow-list, and no redirects."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from cachetools import LRUCache

from chalicelib.adapters.source_logins import LoginRefused, Logins
from chalicelib.domain.sources.base import Noun, Request, Source, UnreadablePayload
from chalicelib.domain.store import NotThere, SourceBusy, Unavailable
from chalicelib.domain.tenant import SourceSite, Tenant

MAX_BYTES = 20_000_000
TRIES = 3
MAX_RETRY_AFTER = 3600
DOWN_RETRY_MS = 30_000
TIMEOUT = httpx.Timeout(15.0, connect=3.05)

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
        self._kept: LRUCache[str, tuple[dict[str, str], Any]] = LRUCache(512)

    def __call__(self, tenant: Tenant, source: Source, noun: Noun, site: SourceSite, request: Request) -> Any:
        """The decoded JSON. Raises NotThere, SourceBusy or UnreadablePayload."""
        url = self._url(site, request)
        for attempt in range(TRIES):
            try:
                return self._once(site, url)
            except (httpx.TransportError, _ServerError) as error:
                if attempt == TRIES - 1:
                    raise SourceBusy(f"{source.name} is down: {error}", self.now() + DOWN_RETRY_MS) from None
                self.sleep(random.uniform(0.05, 0.2) * 2**attempt)
            except (LoginRefused, Unavailable) as error:
                raise SourceBusy(f"no login at {source.name}: {error}", self.now() + DOWN_RETRY_MS) from None
        raise AssertionError

    def _url(self, site: SourceSite, request: Request) -> httpx.URL:
        base = request.path if "://" in request.path else site.url + request.path
        if urlsplit(base).netloc not in site.allowed_hosts:
            raise UnreadablePayload(f"{urlsplit(base).netloc} is not on this source's list of hosts")
        return httpx.URL(base, params=list(request.params)) if request.params else httpx.URL(base)

    def _once(self, site: SourceSite, url: httpx.URL) -> Any:
        key = str(url)
        validators, kept = self._kept.get(key, ({}, None))
        status, headers, body = self._get(url, self.logins.headers(site) | validators)
        if status == 401:
            self.logins.forget(site)
            status, headers, body = self._get(url, self.logins.headers(site))
        if status == 304:
            return kept
        self._refuse(status, headers, url)
        value = decode(body)
        self._keep(key, headers, value)
        return value

    def _get(self, url: httpx.URL, headers: dict[str, str]) -> tuple[int, httpx.Headers, bytes]:
        with self.http.stream("GET", url, headers={"Accept": "application/json", **headers}) as answer:
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise UnreadablePayload(f"the answer is larger than {MAX_BYTES} bytes")
            return answer.status_code, answer.headers, bytes(body)

    def _refuse(self, status: int, headers: httpx.Headers, url: httpx.URL) -> None:
        if status in {404, 410}:
            raise NotThere(str(url.path))
        if status == 429 or (status == 503 and "retry-after" in headers):
            until = self.now() + 1000 * _retry_after(headers.get("retry-after", ""))
            self.block(url.netloc.decode(), until)
            raise SourceBusy(f"{url.host} asked for quiet", until)
        if status in {401, 403}:
            raise LoginRefused(f"HTTP {status}")
        if status >= 500:
            raise _ServerError(f"HTTP {status}")
        if status != 200:
            raise UnreadablePayload(f"HTTP {status} where 200 was expected; redirects are not followed")

    def _keep(self, key: str, headers: httpx.Headers, value: Any) -> None:
        validators = {
            ask: headers[given]
            for given, ask in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
            if given in headers
        }
        if validators:
            self._kept[key] = (validators, value)


class _ServerError(Exception):
    """The source failed; it may not the next time."""


def decode(body: bytes) -> Any:
    """Strict JSON, integers of any size kept; raises UnreadablePayload."""
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadablePayload(f"not JSON: {error}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _retry_after(value: str) -> int:
    """Seconds of a Retry-After header, a number or a date; a minute where it is unreadable."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except (ValueError, TypeError):
            seconds = 60.0
    return int(min(max(seconds, 1.0), MAX_RETRY_AFTER))
