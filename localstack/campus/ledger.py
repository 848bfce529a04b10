"""What has been edited, in order: the generated campus plus these entries is the campus of today."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

Address = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Fields of one entity that changed at one instant."""

    at: float
    entity: str
    key: str
    fields: dict[str, Any]
    # The course whose views are out of date through this; None for what belongs to no course.
    course: int | None = None

    @property
    def structural(self) -> bool:
        """Whether the number of things a source lists may have changed."""
        return self.entity == "new_run" or bool({"visible", "retired"} & self.fields.keys())


@dataclass(slots=True, eq=False)
class Ledger:
    """Append-only; read as of an instant, because sources may lag behind their own events."""

    path: Path | None = None
    entries: list[Entry] = field(default_factory=list)
    _by_course: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _by_address: dict[Address, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    structural: list[Entry] = field(default_factory=list)

    def load(self) -> None:
        if self.path and self.path.exists():
            for line in self.path.read_bytes().splitlines():
                self._note(Entry(**orjson.loads(line)))

    def add(self, entry: Entry) -> None:
        self._note(entry)
        if self.path:
            with self.path.open("ab") as file:
                file.write(orjson.dumps(asdict(entry)) + b"\n")

    def of_course(self, index: int, as_of: float) -> list[Entry]:
        return _until(self._by_course.get(index, ()), as_of)

    def of(self, entity: str, key: str, as_of: float) -> list[Entry]:
        return _until(self._by_address.get((entity, key.lower()), ()), as_of)

    def length(self, as_of: float) -> int:
        return len(self.entries) if as_of == float("inf") else len(_until(self.entries, as_of))

    def fields(self, entity: str, key: str, as_of: float) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for entry in self.of(entity, key, as_of):
            merged |= entry.fields
        return merged

    def _note(self, entry: Entry) -> None:
        self.entries.append(entry)
        if entry.course is not None:
            self._by_course[entry.course].append(entry)
        self._by_address[entry.entity, entry.key.lower()].append(entry)
        if entry.structural:
            self.structural.append(entry)


def _until(entries: Any, as_of: float) -> list[Entry]:
    return list(entries) if as_of == float("inf") else [entry for entry in entries if entry.at <= as_of]
