"""Organizations: named ones first, then as many more as the campus needs."""

from __future__ import annotations

from functools import lru_cache

from campus import dice
from campus.facts import Organization
from campus.spec import Spec
from campus.words import places

_TAGS = ("founder", "charter", "contributor", "partner")


@lru_cache(maxsize=20_000)
def _names(spec: Spec, n: int) -> tuple[str, str]:
    named = places.PYRITE if spec.lender else places.NAMED
    if n < len(named):
        return named[n]
    rest, sort = divmod(n - len(named), len(places.SORTS))
    rest, tail = divmod(rest, len(places.TAILS))
    head = places.HEADS[(rest + tail * 7) % len(places.HEADS)]
    place = head + places.TAILS[tail] + ("" if rest < len(places.HEADS) else f" {rest // len(places.HEADS) + 1}")
    suffix, pattern = places.SORTS[sort]
    return place.replace(" ", "") + suffix, pattern.format(place)


def short_name(spec: Spec, n: int) -> str:
    """The short name of organization n, in its own spelling."""
    return _names(spec, n)[0]


def build(spec: Spec, n: int, short: str | None = None) -> Organization:
    """Organization n; one borrowed from the lender keeps its short name and nothing else."""
    own_short, name = _names(spec, n) if short is None else (short, f"{short} at {spec.tenant.title()}")
    chance = dice.units(spec.space("organization", own_short))
    about = f"{name} brings its classrooms online for learners everywhere."
    return Organization(
        index=n,
        short_name=own_short,
        name=name,
        description=about,
        active=True,
        uuid=dice.slot_uuid(spec.space("school"), n),
        school_name=name,
        school_description=f"<p>{about}</p>\n<p>Founded in {1780 + int(chance[0] * 220)}.&nbsp;</p>",
        has_logo=chance[1] > 0.08,
        tags=tuple(tag for tag, draw in zip(_TAGS, chance[2:], strict=False) if draw < 0.25),
    )
