"""Keys: which organization and number course i has, and back again without a table."""

from __future__ import annotations

import re
from functools import lru_cache

from campus import dice
from campus.generate import organizations
from campus.generate.tongues import native
from campus.spec import Spec
from campus.words.subjects import TOPICS

_ALL_TOPICS = tuple((subject, topic, code) for subject, topics in TOPICS.items() for topic, code in topics)
_BY_LETTERS = {topic[2]: topic for topic in _ALL_TOPICS}
_NUMBER = re.compile(r"^([a-z]{3})(\d{3,7})x?$", re.IGNORECASE)
# Coprime to every span below, so that it shuffles numbers without a collision.
_STRIDE, _OFFSET = 271, 17


def owner(spec: Spec, i: int) -> tuple[Spec, int]:
    """Whose key course i wears: its own tenant's, or for shared courses the lender's."""
    if spec.lender and i < spec.shared:
        return spec.lender, i * max(1, spec.lender.size // spec.shared)
    return spec, i


def topic(spec: Spec, i: int) -> tuple[str, str, str]:
    """Subject, topic and letters of a course."""
    owning, j = owner(spec, i)
    own = native(owning, j)
    return _BY_LETTERS[own[1]] if own else dice.pick(_ALL_TOPICS, owning.space("topic", j))


def org_index(spec: Spec, i: int) -> int:
    """Few organizations have many courses; the courses of one program have the same one."""
    block, place = divmod(i, spec.block)
    draw = ("block", block) if place < program_length(spec, block) else ("course", i)
    return int(spec.organizations * dice.unit(spec.space("org", *draw)) ** 1.8)


def program_length(spec: Spec, block: int) -> int:
    """How many courses at the head of a block form its program."""
    if block >= spec.programs:
        return 0
    return 2 + dice.number(spec.space("program-length", block)) % 4


@lru_cache(maxsize=100_000)
def identity(spec: Spec, i: int) -> tuple[str, str]:
    """Organization and number of course i."""
    owning, j = owner(spec, i)
    letters = topic(owning, j)[2]
    suffix = "x" if dice.number(owning.space("x", j)) % 3 == 0 else ""
    return organizations.short_name(owning, org_index(owning, j)), f"{letters}{_digits(owning, j)}{suffix}"


def index_of(spec: Spec, org: str, number: str) -> int | None:
    """The course with this key in any spelling, or None."""
    for i in _candidates(spec, number):
        have_org, have_number = identity(spec, i)
        if (have_org.lower(), have_number.lower()) == (org.lower(), number.lower()):
            return i
    return None


def _candidates(spec: Spec, number: str) -> list[int]:
    found = _NUMBER.match(number)
    if not found:
        return []
    digits = int(found[2])
    own = _undigits(spec, digits)
    lent = range(spec.shared) if spec.lender else ()
    return [i for i in (own, *lent) if 0 <= i < spec.size]


def _span(spec: Spec) -> int:
    span = 900
    while span < spec.size:
        span *= 10
    return span


def _digits(spec: Spec, i: int) -> int:
    span = _span(spec)
    return span // 9 + (i * _STRIDE + _OFFSET) % span


def _undigits(spec: Spec, digits: int) -> int:
    span = _span(spec)
    return (digits - span // 9 - _OFFSET) * pow(_STRIDE, -1, span) % span
