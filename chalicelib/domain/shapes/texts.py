"""Cleaning texts: what may stand in an HTML field, and plain text out of HTML."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

KEPT = frozenset(
    [
        "a",
        "b",
        "bdo",
        "br",
        "div",
        "em",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "span",
        "strong",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "td",
        "th",
        "tr",
        "u",
        "ul",
    ]
)
DROPPED_WITH_CONTENT = frozenset(["script", "style", "iframe", "object", "noscript", "template", "head", "title"])
VOID = frozenset({"br", "img"})
ATTRIBUTES = {
    "a": ("href", "title", "target", "rel"),
    "p": ("dir", "lang"),
    "span": ("lang",),
    "img": ("alt", "src", "width", "height"),
    "ol": ("start", "type", "reversed"),
}
"""What survives cleaning (course-discovery 1.11): no class, no style, no handler."""

ENDED_BY_NEXT = frozenset({"li", "p", "td", "th", "tr"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SAFE_URL = re.compile(r"(?:https?:|mailto:|tel:|/|#|\?|[^:]*$)", re.IGNORECASE)
_EMPTY = re.compile(r"<(p|div|span|strong|em|b|i)(?:\s[^>]*)?>\s*</\1>")
_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")


class _Cleaner(HTMLParser):
    """Writes again what is allowed, closes what was left open, and drops the rest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.open: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED_WITH_CONTENT:
            self.skipping += 1
        elif not self.skipping:
            self._start(tag, attrs)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HEADINGS:
            # A heading is not allowed in these fields; what it says stays, in bold.
            self._open("p", [])
            self._open("strong", [])
        elif tag in VOID:
            self.out.append(f"<{tag}{_attributes(tag, attrs)}>")
        elif tag in KEPT:
            self._open(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in DROPPED_WITH_CONTENT:
            self.skipping = max(0, self.skipping - 1)
        elif not self.skipping:
            for closed in ("strong", "p") if tag in HEADINGS else (tag,):
                self._close(closed)

    def _open(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ENDED_BY_NEXT and self.open[-1:] == [tag]:
            self._close(tag)
        self.out.append(f"<{tag}{_attributes(tag, attrs)}>")
        self.open.append(tag)

    def _close(self, tag: str) -> None:
        """Closes a tag that is open, and what was left open inside it."""
        while tag in self.open:
            last = self.open.pop()
            self.out.append(f"</{last}>")
            if last == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.out.append(escape(data.replace("\xa0", " "), quote=False))

    def text(self) -> str:
        self.close()
        return "".join([*self.out, *(f"</{tag}>" for tag in reversed(self.open))])


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(" ")


def _attributes(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    kept = [(n, v or "") for n, v in attrs if n in ATTRIBUTES.get(tag, ()) and _is_safe(n, v or "")]
    return "".join(f' {name}="{escape(value)}"' for name, value in kept)


def _is_safe(name: str, value: str) -> bool:
    return name not in {"href", "src"} or bool(_SAFE_URL.match(value.strip()))


def html(value: Any) -> str | None:
    """HTML with only the tags and attributes that fields may have, empty paragraphs gone; None when nothing is left."""
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.replace("&nbsp;", " ").replace("\xa0", " ")
    if _MARKUP.search(text):
        cleaner = _Cleaner()
        cleaner.feed(text)
        text = cleaner.text()
    while (shorter := _EMPTY.sub("", text)) != text:
        text = shorter
    return text.strip() or None


def plain(value: Any) -> str | None:
    """Text without markup, its white space collapsed; None when nothing is left."""
    if not isinstance(value, str):
        return None
    if _MARKUP.search(value):
        parser = _Plain()
        parser.feed(value)
        parser.close()
        value = "".join(parser.out)
    return _SPACE.sub(" ", value.replace("\xa0", " ")).strip() or None
