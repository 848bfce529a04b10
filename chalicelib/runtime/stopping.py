"""Stopping: a process that is told to end finishes what it has in hand."""

from __future__ import annotations

import signal
import threading
from typing import Any


class Stop:
    """Set by SIGTERM or SIGINT; loops look at it between batches."""

    def __init__(self) -> None:
        self._event = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, *_: Any) -> None:
        self._event.set()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleep, unless told to end; tells whether it was."""
        return self._event.wait(seconds)
