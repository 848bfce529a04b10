"""Telling a person how far a deployment is: one living line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """What a step says while it goes on."""

    def step(self, text: str) -> None:
        """A step begins."""

    def count(self, done: int, of: int) -> None:
        """So many resources are done."""

    def note(self, text: str) -> None:
        """Something a person should read, and keep."""


class Plain:
    """Lines on standard error, with the seconds since the start."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def step(self, text: str) -> None:
        """Write the step with its time."""
        print(f"{time.monotonic() - self.began:6.1f}s  {text}", file=sys.stderr, flush=True)

    def count(self, done: int, of: int) -> None:
        """Nothing: lines that only count are noise in a log."""

    def note(self, text: str) -> None:
        """Write it like a step."""
        self.step(text)


@contextmanager
def progress() -> Iterator[Progress]:
    """A Progress for where standard error goes; without rich installed it is plain everywhere."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars
    except ImportError:
        yield Plain()
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Plain()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Bars(*columns, TimeElapsedColumn(), console=console) as bars:
        yield _Rich(bars)


class _Rich:
    def __init__(self, bars: object) -> None:
        self.bars = bars
        self.task: object = None

    def step(self, text: str) -> None:
        if self.task is not None:
            self.bars.update(self.task, total=1, completed=1)  # type: ignore[attr-defined]
        self.task = self.bars.add_task(text, total=None)  # type: ignore[attr-defined]

    def count(self, done: int, of: int) -> None:
        self.bars.update(self.task, completed=done, total=of)  # type: ignore[attr-defined]

    def note(self, text: str) -> None:
        self.bars.console.print(text)  # type: ignore[attr-defined]
