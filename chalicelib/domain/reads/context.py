"""What one request brings to every body it finishes: the instant, the reader's mark on links, the flags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.reads.flags import Flags
from chalicelib.domain.reads.instants import instant
from chalicelib.domain.reads.reader import Reader
from chalicelib.domain.reads.select import Selection, selection


@dataclass(frozen=True, slots=True)
class Context:
    """``now`` in ms; ``utm`` is empty where links stay plain."""

    now: int
    reader: Reader
    flags: Flags
    utm: str
    selection: Selection | None


def context(now: datetime, reader: Reader, flags: Flags) -> Context:
    """Made once per request or per body: it costs a microsecond."""
    chosen = selection(flags.fields, flags.omit) if flags.fields or flags.omit else None
    return Context(instant(now), reader, flags, "" if flags.exclude_utm else reader.utm, chosen)
