"""The change: what the catalog announces after it stored something, for every consumer downstream."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib.domain.keys import Ref

EDIT, TOUCH, REFRESH, CLOCK, REBUILD = "edit", "touch", "refresh", "clock", "rebuild"
CAUSES = (EDIT, TOUCH, REFRESH, CLOCK, REBUILD)
OWN = (EDIT, REFRESH)
"""Causes that are changes by own records: only these travel along edges."""


@dataclass(frozen=True, slots=True)
class Change:
    """``kind`` ``key`` of ``tenant`` is at ``revision``, because of ``cause``."""

    tenant: str
    kind: str
    key: str
    revision: int
    cause: str
    of: tuple[str, ...] = field(default=())
    """The records behind it, ``kind#key`` each: a course changed because of these runs."""

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.key)

    def as_message(self) -> dict[str, Any]:
        """The JSON object that is published."""
        return {"specversion": "1.0", "type": f"org.openedx.catalog.{self.kind}.changed.v1", **asdict(self)}

    @classmethod
    def from_message(cls, body: dict[str, Any]) -> Change:
        """Read it back, tolerating attributes that a newer release added."""
        return cls(
            tenant=body["tenant"],
            kind=body["kind"],
            key=body["key"],
            revision=int(body["revision"]),
            cause=body["cause"],
            of=tuple(body.get("of", ())),
        )
