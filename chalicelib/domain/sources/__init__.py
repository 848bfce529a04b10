"""The sources: one module each, one line each here."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import cast

from chalicelib.domain.sources import otto, registry, studio
from chalicelib.domain.sources.base import Source

MODULES: tuple[ModuleType, ...] = (
    studio,
    otto,
    registry,
)

SOURCES: Mapping[str, Source] = {source.name: source for source in (cast(Source, m.SOURCE) for m in MODULES)}
