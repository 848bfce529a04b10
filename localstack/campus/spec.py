"""What a tenant's campus is generated from: a few values, from which everything follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campus.words.subjects import SUBJECTS

BASE_SUBJECTS = len(SUBJECTS)


@dataclass(frozen=True, eq=False)
class Spec:
    """Seed, size and the day it is there; `lender` is the tenant whose first keys this one shares."""

    tenant: str
    seed: int
    size: int
    now: datetime
    lender: Spec | None = None
    shared: int = 0

    def space(self, *parts: object) -> str:
        return "/".join(map(str, (self.seed, self.tenant, *parts)))

    @property
    def organizations(self) -> int:
        return max(4, round(float(self.size**0.6)))

    @property
    def people(self) -> int:
        return max(12, round(self.size * 0.9))

    @property
    def subjects(self) -> int:
        return min(545, BASE_SUBJECTS + self.size // 8)

    @property
    def sponsors(self) -> int:
        return min(60, max(3, self.size // 40))

    @property
    def block(self) -> int:
        """A program stands at the head of every block of this many courses."""
        return 6 if self.size <= 100 else 12

    @property
    def programs(self) -> int:
        return self.size // self.block
