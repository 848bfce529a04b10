"""The outline of a course from one hash: enough to count runs, pages and products without building them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from campus import dice
from campus.generate import identity
from campus.spec import Spec

MEAN_RUNS = 4.07
_STAY = math.log(1 - 1 / MEAN_RUNS)
_STATES = (("ended", 0.30), ("current", 0.60), ("soon", 0.72), ("upcoming", 0.87), ("open", 0.95), ("undated", 1.0))


@dataclass(frozen=True, slots=True)
class Sketch:
    """How many of what a course has."""

    runs: int
    state: str
    paid: bool
    described: bool
    pages: int
    invisible: int | None
    legacy: bool
    bulk: bool

    @property
    def visible(self) -> int:
        return self.runs - (self.invisible is not None)


@lru_cache(maxsize=100_000)
def sketch(spec: Spec, i: int) -> Sketch:
    """Course i in outline; what shapes its run keys follows whoever lent the key."""
    owning, j = identity.owner(spec, i)
    keyed = dice.units(owning.space("keyed", j))
    own = dice.units(spec.space("own", i))
    runs = min(38, 1 + int(math.log(1 - keyed[0]) / _STAY))
    return Sketch(
        runs=runs,
        state=next(name for name, limit in _STATES if keyed[1] < limit),
        paid=own[0] < 0.48,
        described=own[1] < 0.92,
        pages=_pages(own[2], runs),
        invisible=runs - 1 if own[3] < 0.03 else None,
        legacy=keyed[2] < 0.08 and runs > 1,
        bulk=own[4] < 0.25,
    )


def _pages(chance: float, runs: int) -> int:
    """Most runs have a page; the marketing site has forgotten some old ones, and a few courses altogether."""
    if chance < 0.04:
        return 0
    return runs if chance < 0.80 else max(1, runs // 2)
