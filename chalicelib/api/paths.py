"""Which of the app's routes a path means: slashes, percent-encoding and keys that contain slashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from chalicelib.api.errors import bad_request, not_found

MAX_PATH = 2_048
_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PARAMETER = re.compile(r"\{(\w+)\}")

SHAPES = {
    "course_key": r"[^/]+(?:/[^/]+)?",
    "run_key": r"[^/]+(?:/[^/]+/[^/]+)?",
    "any_key": r"[^/]+(?:/[^/]+){0,2}",
}
"""Parameters that may hold slashes: a course is also ``Org/Number``, a run also ``Org/Number/Run``."""


@dataclass(frozen=True, slots=True)
class Match:
    """A route of the app (its pattern) and the decoded values of the pattern's parameters."""

    pattern: str
    values: Mapping[str, str]


def decoded(path: str) -> str:
    """A path as meant: percent-decoded once, ``+`` kept, no slash at the end.

    Gateways differ: AWS hands the path on encoded, emulators decode it. A key has no ``%``, so decoding what
    was decoded already changes nothing. Raises ApiError 400 for broken encoding or control characters, 404 for
    a path longer than any key.
    """
    if len(path) > MAX_PATH:
        raise not_found()
    if _BROKEN.search(path):
        raise bad_request("The path is not percent-encoded UTF-8.")
    try:
        plain = unquote(path, errors="strict") if "%" in path else path
        plain.encode()
    except UnicodeError:
        raise bad_request("The path is not percent-encoded UTF-8.") from None
    if _CONTROL.search(plain):
        raise bad_request("The path has control characters.")
    return plain[:-1] if len(plain) > 1 and plain.endswith("/") else plain


class Table:
    """The app's patterns, ready to be matched; literal ones win over ones with parameters."""

    def __init__(self, patterns: Iterable[str]) -> None:
        patterns = list(patterns)
        self._literal = {_slashless(p): p for p in patterns if "{" not in p}
        shaped = sorted((p for p in patterns if "{" in p), key=_rank)
        self._shaped = [(re.compile(_expression(p)), p) for p in shaped]

    def match(self, path: str) -> Match | None:
        """The route of a decoded path."""
        if pattern := self._literal.get(path):
            return Match(pattern, {})
        for expression, pattern in self._shaped:
            if found := expression.fullmatch(path):
                return Match(pattern, found.groupdict())
        return None


def _slashless(pattern: str) -> str:
    return pattern.rstrip("/") or "/"


def _rank(pattern: str) -> tuple[int, int, str]:
    """More literal text first, so that ``{key}/explain`` is seen before a bare ``{key}``."""
    return pattern.count("{"), -len(_PARAMETER.sub("", pattern)), pattern


def _expression(pattern: str) -> str:
    parts = _PARAMETER.split(_slashless(pattern))
    named = (f"(?P<{p}>{SHAPES.get(p, '[^/]+')})" if i % 2 else re.escape(p) for i, p in enumerate(parts))
    return "".join(named)
