"""The sources: one module each, one line each here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from chalicelib.domain.sources.base import Source

MODULES = (
    "studio",
    "otto",
    "drupal",
    "programs",
    "registry",
)


def source_of(module: str) -> Source:
    """The table that a source module declares."""
    source: Source = import_module(f"{__name__}.{module}").SOURCE
    return source


SOURCES: Mapping[str, Source] = {source.name: source for source in map(source_of, MODULES)}
