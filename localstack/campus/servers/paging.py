"""Page-number paging as Django REST framework does it, over lists that are only counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from campus.servers.ask import Ask, Refused


@dataclass(frozen=True, slots=True)
class Page:
    """One page of already encoded items, and where its neighbours are."""

    items: list[bytes]
    number: int
    size: int
    count: int
    next: str | None
    previous: str | None

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.size))

    def plain(self) -> bytes:
        """The usual envelope."""
        return _envelope({"count": self.count, "next": self.next, "previous": self.previous}, self.items)

    def namespaced(self) -> bytes:
        """The envelope of the Courses API."""
        pagination = {"next": self.next, "previous": self.previous, "count": self.count, "num_pages": self.pages}
        return b'{"results":[' + b",".join(self.items) + b'],"pagination":' + orjson.dumps(pagination) + b"}"


def page(ask: Ask, total: int, items: Callable[[int, int], Iterable[bytes]], default: int, maximum: int = 100) -> Page:
    """The page asked for; 404 past the end, which over-reporting does not move."""
    size = _size(ask, default, maximum)
    count = total + ask.faults.over_report
    last, real = max(1, -(-count // size)), max(1, -(-total // size))
    number = _number(ask, last)
    if number > real:
        raise _invalid()
    start = (number - 1) * size
    return Page(
        items=list(items(start, start + size)),
        number=number,
        size=size,
        count=count,
        next=_link(ask, number + 1) if number < last else None,
        previous=_link(ask, number - 1) if number > 1 else None,
    )


def _size(ask: Ask, default: int, maximum: int) -> int:
    text = ask.query.get("page_size", "")
    return min(int(text), maximum) if text.isdecimal() and int(text) > 0 else default


def _number(ask: Ask, last: int) -> int:
    text = ask.query.get("page", "1")
    if text == "last":
        return last
    if not text.isdecimal() or not int(text) >= 1:
        raise _invalid()
    return int(text)


def _invalid() -> Refused:
    return Refused(404, {"detail": "Invalid page."})


def _link(ask: Ask, number: int) -> str:
    kept: list[tuple[str, Any]] = [(name, value) for name, value in ask.query.multi_items() if name != "page"]
    # DRF leaves the number out when it links back to the first page.
    query = urlencode(kept if number == 1 else [*kept, ("page", number)])
    return f"{ask.url}?{query}" if query else ask.url


def _envelope(head: dict[str, Any], items: list[bytes]) -> bytes:
    return orjson.dumps(head)[:-1] + b',"results":[' + b",".join(items) + b"]}"
