"""Stands in until the search documents are merged."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.keys import Ref
from chalicelib.domain.view import Body, Document


def documents(ref: Ref, bodies: Mapping[Ref, Body], now_ms: int) -> tuple[Document, ...]:
    """No documents yet."""
    return ()


def valid_until(ref: Ref, bodies: Mapping[Ref, Body], now_ms: int) -> int | None:
    """Nothing that time changes yet."""
    return None
