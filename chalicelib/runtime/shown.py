"""How the operator's commands show things: rich on a terminal, plain lines or JSON elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

console = Console(stderr=True)
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else 180)


@contextmanager
def bars() -> Iterator[Progress]:
    """Progress bars on a terminal; silent where there is none."""
    columns = [
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    ]
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield progress


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table on standard output."""
    shown = Table(*columns, title=title, title_justify="left")
    for row in rows:
        shown.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(shown)


def as_json(value: Any) -> None:
    """JSON on standard output, for other programs."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def problem(text: str) -> int:
    """Say what is wrong and what to do; the exit code of a wrong call."""
    console.print(f"[red]{text}[/red]")
    return 2
