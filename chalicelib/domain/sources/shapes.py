"""What the source modules share: taking an answer apart, and saying what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from chalicelib.domain.keys import InvalidKey, normal, shorten
from chalicelib.domain.sources.base import Found, Page, UnreadablePayload
from chalicelib.domain.tenant import SourceSite
from chalicelib.domain.values import instant

Check = Callable[[Any], bool]


def below(site: SourceSite, api: str, path: str) -> str:
    """The path of an API's resource; a site's URL may be the system's own or already that of the API."""
    return path if site.url.endswith(api) else f"{api}{path}"


def segment(text: str) -> str:
    """A key as one path segment."""
    return quote(text, safe="")


def text_or_null(value: Any) -> bool:
    """A text, if anything."""
    return value is None or isinstance(value, str)


def date_or_null(value: Any) -> bool:
    """An ISO date-time, if anything."""
    return value is None or value == "" or instant(value) is not None


def bool_or_null(value: Any) -> bool:
    """True or false, if anything."""
    return value is None or isinstance(value, bool)


def seconds_or_null(value: Any) -> bool:
    """Unix seconds, mostly as text."""
    return value in (None, "") or (not isinstance(value, bool) and str(value).lstrip("-").isdigit())


def object_or_empty(value: Any) -> bool:
    """An object; null and ``[]`` are how some write an empty one."""
    return value is None or value == [] or isinstance(value, dict)


def list_or_null(value: Any) -> bool:
    """A list, if anything."""
    return value is None or isinstance(value, list)


EXPECTED: dict[Check, str] = {
    text_or_null: "a text",
    date_or_null: "a date",
    bool_or_null: "true or false",
    seconds_or_null: "unix seconds",
    object_or_empty: "an object",
    list_or_null: "a list",
}


def element(
    what: str, kind: str, key: Callable[[dict[str, Any]], Any], shape: Mapping[str, Check]
) -> Callable[[Any], Found]:
    """The reader of one element: finds its key and refuses what breaks the contract, saying what and where."""

    def read(payload: Any) -> Found:
        if not isinstance(payload, dict):
            raise UnreadablePayload(f"{what}: not an object but {type(payload).__name__}")
        name = _key(what, kind, key, payload)
        for field, check in shape.items():
            if not check(payload.get(field)):
                raise UnreadablePayload(
                    f"{what} {shorten(name)}: {field} is not {EXPECTED[check]}: {shorten(repr(payload[field]))}"
                )
        return Found(name, payload)

    return read


def _key(what: str, kind: str, key: Callable[[dict[str, Any]], Any], payload: dict[str, Any]) -> str:
    name = key(payload)
    if not isinstance(name, str) or not name.strip():
        raise UnreadablePayload(f"{what}: no key, only {shorten(', '.join(map(str, payload)))}")
    try:
        normal(kind, name.strip())
    except InvalidKey as error:
        raise UnreadablePayload(f"{what}: {error}") from None
    return name.strip()


def results(body: Any, name: str = "results") -> list[Any]:
    """The elements of a list answer; raises UnreadablePayload for another kind of answer."""
    if not isinstance(body, dict) or not isinstance(body.get(name), list):
        raise UnreadablePayload(f"a list answer without {name}: {shorten(repr(body))}")
    return list(body[name])


def readable(items: Iterable[Any], read: Callable[[Any], Found]) -> tuple[Found, ...]:
    """Those that can be read: one bad element never stops the others of a page (empty lists do occur as items)."""
    return tuple(found for item in items if (found := _try(read, item)))


def _try(read: Callable[[Any], Found], item: Any) -> Found | None:
    try:
        return read(item)
    except UnreadablePayload:
        return None


def envelope(read: Callable[[Any], Found]) -> Callable[[Any, int], Page]:
    """The page reader of the usual envelope ``{count, next, previous, results}``."""

    def page(body: Any, number: int) -> Page:
        found = readable(results(body), read)
        return Page(found, number + 1 if body.get("next") else None, count_of(body))

    return page


def count_of(body: Mapping[str, Any]) -> int | None:
    """How many elements the source says there are; not to be relied on."""
    count = body.get("count")
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def page_in(url: Any, otherwise: int) -> int:
    """The page number that a ``next`` link asks for."""
    given = parse_qs(urlsplit(url).query).get("page", [""])[0] if isinstance(url, str) else ""
    return int(given) if given.isdigit() else otherwise
