"""The stage: one deployed copy of the catalog, and how everything of it is called."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

SERVICE = "catalog"
METRICS = "CourseCatalog"
"""The namespace of our own metrics, as chalicelib/telemetry.py writes it."""
LOCAL_ENDPOINT = "http://127.0.0.1:4566"
LOCAL_SEARCH = "http://127.0.0.1:9200"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage's name and, on the local cloud, the address of its emulator.

    Whatever is named ``local`` or ``local-…`` is an emulator's, everything else is AWS's: the name alone decides, so
    that one command line means the same on every machine.
    """

    name: str
    endpoint: str | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,19}", self.name):
            raise ValueError(f"a stage is 2 to 20 of a-z, 0-9 and -, starting with a letter: {self.name!r}")
        if self.endpoint and not self.local:
            raise ValueError(f"stage {self.name} is AWS's; an emulator's is called local or local-…")

    @classmethod
    def of(cls, name: str, endpoint: str | None = None) -> Stage:
        """The stage of this name; a local one is at ``endpoint``, else AWS_ENDPOINT_URL, else port 4566."""
        if re.match(r"local(-|$)", name):
            endpoint = endpoint or os.environ.get("AWS_ENDPOINT_URL") or LOCAL_ENDPOINT
        return cls(name, endpoint.rstrip("/") if endpoint else None)

    @property
    def local(self) -> bool:
        return bool(re.match(r"local(-|$)", self.name))

    @property
    def prefix(self) -> str:
        return f"{SERVICE}-{self.name}"

    def called(self, name: str) -> str:
        """The full name of a table, topic, queue or function of this stage."""
        return f"{self.prefix}-{name}"
