"""How values are written on the wire: instants, money, numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")


def instant(text: Any) -> str | None:
    """ISO 8601 UTC with ``Z``, microseconds only where there are some; None for null and for what is no date."""
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return written(value if value.tzinfo else value.replace(tzinfo=UTC))


def from_seconds(value: Any) -> str | None:
    """The instant of unix seconds, which some send as text."""
    try:
        return None if value in (None, "") else written(datetime.fromtimestamp(int(value), UTC))
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def from_ms(value: int) -> str:
    """The instant of milliseconds since the epoch."""
    return written(datetime.fromtimestamp(value // 1000, UTC).replace(microsecond=value % 1000 * 1000))


def written(value: datetime) -> str:
    """A date-time as answers show it."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def money(value: Any) -> str | None:
    """A decimal as text with two places, such as ``49.00``; None for what is no amount."""
    if value is None or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value).strip())
        return str(amount.quantize(CENT)) if amount.is_finite() else None
    except InvalidOperation:
        return None


def whole(value: Any) -> int | None:
    """A whole number, though it may have been sent as text; None for anything else."""
    try:
        return None if value is None or isinstance(value, bool) else int(str(value).strip())
    except ValueError:
        return None


def object_in(value: Any) -> dict[str, Any]:
    """An object, empty where there is none: some write ``[]`` or null for it."""
    return value if isinstance(value, dict) else {}


def objects_in(values: Any) -> list[dict[str, Any]]:
    """The objects of a list; empty lists occur among them."""
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []


def text_in(value: Any) -> str | None:
    """A text that says something."""
    return value.strip() or None if isinstance(value, str) else None


def last_segment(url: Any) -> str | None:
    """The slug at the end of a URL: what stands behind its last slash."""
    if not isinstance(url, str):
        return None
    return url.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1] or None
