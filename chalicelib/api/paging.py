"""Pages of lists: page numbers or limit and offset, in one envelope (course-discovery 1.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.api.errors import not_found
from chalicelib.api.links import with_params

DEFAULT, MOST = 20, 1_000
MAX_OFFSET = 1_000_000
INVALID_PAGE = "Invalid page."
Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Window:
    """What part of a list is asked for. ``page`` is set in page-number style, ``last`` asks for the last page."""

    limit: int
    offset: int = 0
    page: int | None = None
    last: bool = False

    def check(self, count: int) -> None:
        """404 for a page beyond the end; an empty first page is fine."""
        if self.page and self.page > 1 and self.offset >= count:
            raise not_found(INVALID_PAGE)

    def at_end_of(self, count: int) -> Window:
        """The last page, once the count is known."""
        page = max(1, -(-count // self.limit))
        return Window(self.limit, (page - 1) * self.limit, page)


def window(query: Query) -> Window:
    """Read the window: ``page`` or ``page_size`` alone mean page numbers, else limit and offset.

    The reference ignores a ``page_size`` that comes without ``page``, and its own LMS so loses 80 runs of every sync
    (ecosystem 0.2, trap 1). Sizes that cannot be read fall back to 20, sizes above 1,000 are cut to that.
    """
    if "page" not in query and "page_size" not in query:
        return Window(_size(query, "limit"), min(_number(query, "offset") or 0, MAX_OFFSET))
    size = _size(query, "page_size")
    text = (query.get("page") or ["1"])[-1].strip()
    if text == "last":
        return Window(size, last=True)
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0):
        raise not_found(INVALID_PAGE)
    return Window(size, (int(text) - 1) * size, int(text))


def envelope(url: str, query: Query, w: Window, count: int, results: list[Any]) -> dict[str, Any]:
    """``{"count", "next", "previous", "results"}`` with absolute links or null."""
    w.check(count)
    following, preceding = w.offset + w.limit, w.offset - w.limit
    return {
        "count": count,
        "next": _link(url, query, w, following) if following < count else None,
        "previous": _link(url, query, w, preceding) if w.offset > 0 else None,
        "results": results,
    }


def _link(url: str, query: Query, w: Window, offset: int) -> str:
    """The same query at another offset; the first page is the one without ``page`` or ``offset``."""
    changed = {name: list(values) for name, values in query.items()}
    if w.page is None:
        changed["limit"] = [str(w.limit)]
        at, name = max(0, offset), "offset"
    else:
        at, name = offset // w.limit, "page"
    changed.pop(name, None)
    if at > 0:
        changed[name] = [str(at if w.page is None else at + 1)]
    return with_params(url, changed)


def _size(query: Query, name: str) -> int:
    number = _number(query, name)
    return min(number, MOST) if number else DEFAULT


def _number(query: Query, name: str) -> int | None:
    text = (query.get(name) or [""])[-1].strip()
    return int(text[:9]) if text.isascii() and text.isdigit() else None
