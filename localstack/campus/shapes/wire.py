"""Small habits of the wire that several sources share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from campus import dice


def iso(moment: datetime | None) -> str | None:
    """An instant as these systems write it."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(moment: datetime | None) -> str | None:
    """Unix time as text, as the marketing site sends it."""
    return None if moment is None else str(int(moment.timestamp()))


def happens(share: float, *address: Any) -> bool:
    """Whether a quirk with this share falls on this address; always the same answer."""
    return share > 0 and dice.unit("quirk", *address) < share
