"""Retirement: many things missing at once mean that we may not see them, not that they are gone."""

from __future__ import annotations

from chalicelib.services.ports import Operations

HOUR_MS = 3_600_000
MIN_MISSES = 5
SHARE = 100
"""More first 404s in an hour than max(5, 1 %) of what a source is known to have suspend retirement."""


def note_misses(tenant: str, source: str, count: int, *, operations: Operations, now: int) -> None:
    """Count first 404s of this hour."""
    operations.count(_misses(tenant, source, now), count, expires_in=3 * 3600)


def note_known(tenant: str, source: str, count: int, *, operations: Operations) -> None:
    """Count things that a source told of for the first time."""
    operations.count(f"known#{tenant}#{source}", count)


def may_retire(tenant: str, source: str, *, operations: Operations, now: int) -> bool:
    """Whether a second 404 may retire a thing now."""
    allowed = max(MIN_MISSES, operations.counted(f"known#{tenant}#{source}") // SHARE)
    recent = [operations.counted(_misses(tenant, source, at)) for at in (now, now - HOUR_MS)]
    return max(recent) <= allowed


def _misses(tenant: str, source: str, now: int) -> str:
    return f"misses#{tenant}#{source}#{now // HOUR_MS}"
