"""Retirement: many things missing at once mean that we may not see them, not that they are gone."""

from __future__ import annotations

from chalicelib.services.ports import Operations

SLOT_MS = 600_000
SLOTS = 7
"""Misses are counted by ten minutes; seven of these hold any hour."""
MIN_MISSES = 5
SHARE = 100
"""More first 404s in an hour than max(5, 1 %) of what a source is known to have suspend retirement."""
SUSPENDED_MS = 24 * 3_600_000
"""For so long: a day for somebody to find out why, and for them to come back."""


def note_misses(tenant: str, source: str, count: int, *, operations: Operations, now: int) -> None:
    """Count first 404s; too many in an hour suspend retirement."""
    operations.count(_misses(tenant, source, now), count, expires_in=3 * 3600)
    recent = sum(operations.counted(_misses(tenant, source, now - n * SLOT_MS)) for n in range(SLOTS))
    if recent > max(MIN_MISSES, operations.counted(f"known#{tenant}#{source}") // SHARE):
        operations.note(_suspended(tenant, source), now + SUSPENDED_MS)


def note_known(tenant: str, source: str, count: int, *, operations: Operations) -> None:
    """Count things that a source told of for the first time."""
    operations.count(f"known#{tenant}#{source}", count)


def suspended_until(tenant: str, source: str, *, operations: Operations) -> int:
    """Until when (ms) nothing of this source is retired, 0 when it never was suspended; an alarm while it is ahead."""
    return int(operations.noted(_suspended(tenant, source)) or 0)


def _misses(tenant: str, source: str, now: int) -> str:
    return f"misses#{tenant}#{source}#{now // SLOT_MS}"


def _suspended(tenant: str, source: str) -> str:
    return f"retirement#{tenant}#{source}"
