"""Absolute links: the scheme, host and base path under which the caller reached us."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import quote, unquote, urlencode

from chalicelib.api.errors import bad_request
from chalicelib.domain.front import Front

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
_PORT = re.compile(r":(?!443$)\d+$")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+){0,8}")
_SAFE = "/+:@!$&'()*,;=~"


def host_of(event: Mapping[str, Any], headers: Mapping[str, str], front: Front) -> str:
    """The public host (with port) the caller asked for; raises ApiError 400 for one that no host can be."""
    forwarded = _forwarded(event, headers, front, "x-forwarded-host")
    host = forwarded or headers.get("host") or event["requestContext"].get("domainName") or "localhost"
    if not _HOST.fullmatch(host):
        raise bad_request("The Host header is not a host name.")
    return host.lower()


def here(event: Mapping[str, Any], headers: Mapping[str, str], front: Front) -> str:
    """The absolute URL of this request, without its query."""
    host = host_of(event, headers, front)
    scheme = (
        _forwarded(event, headers, front, "x-forwarded-proto")
        or (event.get("stageVariables") or {}).get("scheme")
        or event["requestContext"].get("scheme")
        or _guessed(host, front)
    )
    scheme = "http" if scheme.lower() == "http" else "https"
    return f"{scheme}://{host}{_base(event, headers, front, host)}{_own_path(event)}"


def _guessed(host: str, front: Front) -> str:
    """The scheme where nothing says it: gateways in the cloud have no port in their Host, emulators have one."""
    return "http" if _PORT.search(host) else front.scheme


def with_params(url: str, params: Mapping[str, Sequence[str]]) -> str:
    """The URL with this query, names sorted as the reference does."""
    pairs = [(name, value) for name in sorted(params) for value in params[name]]
    return f"{url}?{urlencode(pairs)}" if pairs else url


def _own_path(event: Mapping[str, Any]) -> str:
    """The path below the stage, in its canonical spelling: encoded once, with the slash at the end."""
    proxy = event.get("proxy") or (event.get("pathParameters") or {}).get("proxy")
    path = "/" + proxy if proxy else event.get("path") or event["requestContext"].get("path") or "/"
    return quote(unquote(path).rstrip("/") + "/", safe=_SAFE)


def _base(event: Mapping[str, Any], headers: Mapping[str, str], front: Front, host: str) -> str:
    """What the public URL has before our own paths.

    A stage variable ``base_path`` (or the setting) wins; in it ``{api_id}`` and ``{stage}`` stand for those of the
    request, for emulators whose public path no request shows (but for hosts that name the API). Otherwise it is what
    the gateway's own path has more than ours: the stage, a mapped domain's base path, nothing.
    """
    prefix = _forwarded(event, headers, front, "x-forwarded-prefix")
    if prefix and _PREFIX.fullmatch(prefix):
        return prefix
    context = event["requestContext"]
    said = (event.get("stageVariables") or {}).get("base_path") or front.base_path
    if said and ".execute-api." not in host:
        filled = said.replace("{api_id}", context.get("apiId") or "").replace("{stage}", context.get("stage") or "")
        return "/" + filled.strip("/") if filled.strip("/") else ""
    return _shown_base(event)


def _shown_base(event: Mapping[str, Any]) -> str:
    context = event["requestContext"]
    full, own = unquote(context.get("path") or "").rstrip("/"), unquote(_own_path(event)).rstrip("/")
    if own and full.endswith(own):
        return quote(full[: -len(own)], safe=_SAFE)
    stage = "/" + (context.get("stage") or "")
    return stage if len(stage) > 1 and full.startswith(stage + "/") else ""


def _forwarded(event: Mapping[str, Any], headers: Mapping[str, str], front: Front, name: str) -> str | None:
    value = headers.get(name)
    if not value or not front.trusted_proxies:
        return None
    peer = (event["requestContext"].get("identity") or {}).get("sourceIp") or ""
    return value.split(",")[0].strip() if _trusted(peer, front.trusted_proxies) else None


@lru_cache(maxsize=1_024)
def _trusted(peer: str, proxies: tuple[str, ...]) -> bool:
    try:
        address = ip_address(peer)
        return any(address in ip_network(p, strict=False) for p in proxies)
    except ValueError:
        return False
