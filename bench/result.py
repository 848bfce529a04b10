"""What a benchmark found: figures in sections, each beside its target where it has one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One number. ``most`` or ``least`` is its target; ``note`` says what it must be read with."""

    what: str
    value: float | None
    unit: str = ""
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        """The target in words, empty where there is none."""
        if self.most is not None:
            return f"<= {self.most:g}"
        return f">= {self.least:g}" if self.least is not None else ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target. What could not be measured meets nothing."""
        if not self.target:
            return None
        if self.value is None:
            return False
        return self.value <= self.most if self.most is not None else self.value >= (self.least or 0)

    def as_json(self) -> dict[str, Any]:
        """Plain values, those that say nothing left out."""
        said = {
            "what": self.what,
            "value": rounded(self.value),
            "unit": self.unit,
            "target": self.target,
            "met": self.met,
            "note": self.note,
        }
        return {name: value for name, value in said.items() if value not in ("", None)}


@dataclass
class Section:
    """One benchmark's figures, how loaded the machine was, and what to know about them."""

    name: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    load_at_start: float = 0.0
    seconds: float = 0.0
    failed: str = ""

    def add(self, what: str, value: float | None, unit: str = "", **more: Any) -> None:
        """One figure more."""
        self.figures.append(Figure(what, value, unit, **more))

    def percentiles(self, what: str, seconds: Iterable[float], unit: str = "s", **targets: float) -> None:
        """p50, p90, p99 and the most of many measurements; ``p50=0.3`` is a target for one of them."""
        scale = {"s": 1.0, "ms": 1000.0}[unit]
        values = [value * scale for value in seconds]
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("most", 1.0)):
            self.add(f"{what}: {name}", percentile(values, share), unit, most=targets.get(name))

    def as_json(self) -> Mapping[str, Any]:
        """The section as a JSON object."""
        return {
            "load_at_start": self.load_at_start,
            "seconds": rounded(self.seconds),
            "figures": [figure.as_json() for figure in self.figures],
            "notes": self.notes,
            **({"failed": self.failed} if self.failed else {}),
        }


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value that this share of the values does not exceed (nearest rank); None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 1).__int__() - 1)] if ordered else None


def rounded(value: float | None) -> float | None:
    """Three digits that count, more for large numbers: what is beyond is noise."""
    if value is None or value == 0:
        return value
    return round(value, 1) if abs(value) >= 100 else float(f"{value:.3g}")
