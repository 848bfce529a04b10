"""Flags: what a request may ask a read to include, leave out or show (course-discovery.md 1.5 and 1.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.keys import shorten

Params = Mapping[str, str | Sequence[str]]
MAX_NAMES = 200
MAX_NAME = 120
MAX_DEPTH = 6
MAX_RESTRICTIONS = 20
EVERYTHING = frozenset({"*", "~all"})
_NAME = re.compile(r"[A-Za-z0-9_~*]+(\.[A-Za-z0-9_~*]+)*")
_WORDS = {"1": True, "true": True, "0": False, "false": False, "": False}


class InvalidFlag(ValueError):
    """A parameter that cannot be read; its text is the answer's ``detail``."""


@dataclass(frozen=True, slots=True)
class Flags:
    """The read flags of one request; a plain ``Flags()`` is a request without any."""

    exclude_utm: bool = False
    editable: bool = False
    include_retired_course_types: bool = False
    include_retired_run_types: bool = False
    include_deleted_programs: bool = False
    include_unpublished_programs: bool = False
    include_retired_programs: bool = False
    include_hidden_course_runs: bool = False
    marketable_course_runs_only: bool = False
    marketable_enrollable_course_runs_with_archived: bool = False
    published_course_runs_only: bool = False
    use_full_course_serializer: bool = False
    uuids_only: bool = False
    extended: bool = False
    include_restricted: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    searched: bool = False
    """``courses?q=``: of the run filters only the restricted one applies then (2.2)."""

    def for_search(self) -> Flags:
        """The same flags for a list of courses found by ``q``."""
        return replace(self, searched=True)


_BOOLEAN = tuple(name for name, kind in Flags.__annotations__.items() if kind == "bool")
_TEXTS = frozenset({"extended"})
"""Any text but the empty one switches these on."""


def parse_flags(params: Params) -> Flags:
    """Read the flags out of query parameters (a text, or all texts of a repeated one); raises InvalidFlag.

    Booleans: 1, 0, true, false in any case; of a repeated one the last counts. Unknown parameters are none of ours.
    """
    switches = {name: _switch(params, name) for name in _BOOLEAN if name != "searched" and name in params}
    return Flags(
        **switches,
        include_restricted=frozenset(_words(params, "include_restricted", MAX_RESTRICTIONS)),
        fields=_names(params, "fields"),
        omit=_names(params, "omit"),
    )


def _switch(params: Params, name: str) -> bool:
    text = (_values(params, name) or ("",))[-1].strip().lower()
    if name in _TEXTS:
        return bool(text)
    if text not in _WORDS:
        raise InvalidFlag(f"{name} must be 1 or 0 (or true or false), not '{shorten(text)}'.")
    return _WORDS[text]


def _names(params: Params, name: str) -> tuple[str, ...]:
    names = [n for parameter in (name, f"{name}[]") for n in _words(params, parameter, MAX_NAMES)]
    for each in names:
        if not _NAME.fullmatch(each) or each.count(".") >= MAX_DEPTH:
            raise InvalidFlag(f"{name}: '{shorten(each)}' is not a field name.")
    return () if EVERYTHING.intersection(names) and name == "fields" else tuple(dict.fromkeys(names))


def _words(params: Params, name: str, most: int) -> list[str]:
    words = [w.strip() for text in _values(params, name) for w in text.split(",") if w.strip()]
    if len(words) > most:
        raise InvalidFlag(f"{name} takes at most {most} names.")
    if too_long := next((w for w in words if len(w) > MAX_NAME), None):
        raise InvalidFlag(f"{name}: '{shorten(too_long)}' is too long.")
    return words


def _values(params: Params, name: str) -> Sequence[str]:
    value = params.get(name, ())
    return (value,) if isinstance(value, str) else value
