"""Course and run keys: how they are read, compared and written (no opaque-keys: that is AGPL)."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_KEY = 255
_PART = r"[^\s+/:@?#%&]+"
_MODERN = re.compile(rf"(?:course-v1|ccx-v1):({_PART})\+({_PART})\+({_PART})(?:\+ccx@\d+)?", re.ASCII | re.IGNORECASE)
_LEGACY = re.compile(rf"({_PART})/({_PART})/({_PART})")
_COURSE = re.compile(rf"({_PART})[+/]({_PART})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f#]")


class InvalidKey(ValueError):
    """A key that no thing in the catalog can have; its text says why."""


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Names one thing of a tenant: its kind and the normal form of its key."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}#{self.key}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        kind, _, key = text.partition("#")
        return cls(kind, key)


@dataclass(frozen=True, slots=True)
class RunKey:
    """The parts of a run's key, in the spelling they were given."""

    org: str
    number: str
    run: str
    legacy: bool = False

    @property
    def course_key(self) -> str:
        """The key of the course this run belongs to unless the registry says otherwise: ``Org+Number``."""
        return f"{self.org}+{self.number}"


def parse_run_key(text: str) -> RunKey:
    """Read ``course-v1:Org+Number+Run`` or the old ``Org/Number/Run``; raises InvalidKey."""
    if len(text) <= MAX_KEY:
        if match := _MODERN.fullmatch(text):
            return RunKey(match[1], match[2], match[3])
        if match := _LEGACY.fullmatch(text):
            return RunKey(match[1], match[2], match[3], legacy=True)
    raise InvalidKey(f"not a course run key: {shorten(text)}")


def parse_course_key(text: str) -> tuple[str, str]:
    """Read ``Org+Number`` or ``Org/Number`` into its two parts; raises InvalidKey."""
    match = _COURSE.fullmatch(text) if len(text) <= MAX_KEY else None
    if not match:
        raise InvalidKey(f"not a course key: {shorten(text)}")
    return match[1], match[2]


def normal(kind: str, text: str) -> str:
    """The form under which a key is stored and compared; raises InvalidKey before any store is asked."""
    if kind == "run":
        parse_run_key(text)
        return text.lower()
    if kind == "course":
        return "+".join(parse_course_key(text)).lower()
    if not text.strip() or len(text) > MAX_KEY or _CONTROL.search(text):
        raise InvalidKey(f"not a key of a {kind}: {shorten(text)}")
    return text.strip().lower()


def ref(kind: str, text: str) -> Ref:
    """The Ref of a key as somebody spelled it; raises InvalidKey."""
    return Ref(kind, normal(kind, text))


def course_of(run_key: str) -> Ref:
    """The course a run belongs to by its key alone."""
    return ref("course", parse_run_key(run_key).course_key)


def shorten(text: str, limit: int = 60) -> str:
    """A text that is safe to put into a message, however long it came."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
