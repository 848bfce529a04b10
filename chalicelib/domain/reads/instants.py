"""Instants: every moment the rules compare is a whole number of milliseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

SECOND = 1_000
DAY = 86_400 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def instant(moment: datetime) -> int:
    """A moment in ms, what is below a millisecond cut off; one without an offset counts as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MS


@lru_cache(maxsize=16_384)
def parse(text: str | None) -> int | None:
    """The instant that a body's date text names; None for null and for a text that is no date.

    Dirty dates become null rather than an error: one bad record must not take down the page that lists it.
    """
    if not text:
        return None
    try:
        return instant(datetime.fromisoformat(text))
    except ValueError:
        return None


def day(ms: int) -> int:
    """The number of the UTC date an instant falls on."""
    return ms // DAY


def moment(ms: int) -> datetime:
    """The datetime of an instant."""
    return _EPOCH + ms * _MS


def stamp(ms: int) -> str:
    """An instant as search documents write it: ``YYYY-MM-DDTHH:MM:SSZ``, no fraction (course-discovery.md 1.10)."""
    return moment(ms).strftime("%Y-%m-%dT%H:%M:%SZ")
