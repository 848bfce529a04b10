"""The table for people and the file for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.result import Section, rounded

MET = {True: "[green]met[/green]", False: "[red]missed[/red]", None: ""}


def table(machine: Mapping[str, Any], sections: Sequence[Section]) -> None:
    """Print the machine and every section with its targets beside its figures."""
    console = Console()
    console.print("  ".join(f"{name} [bold]{value}[/bold]" for name, value in machine.items()), soft_wrap=True)
    for section in sections:
        console.print(_section(section))
        for note in section.notes:
            console.print(f"  {note}", soft_wrap=True)
        if section.failed:
            console.print(f"  [red]failed: {section.failed}[/red]", soft_wrap=True)


def _section(section: Section) -> Table:
    title = f"{section.name}: load {section.load_at_start} at its start, took {section.seconds:.0f} s"
    made = Table(title=title, title_justify="left")
    for name, justify in (("measured", "left"), ("figure", "right"), ("target", "right"), ("", "left"), ("", "left")):
        made.add_column(name, justify=justify)  # type: ignore[arg-type]
    for figure in section.figures:
        value = "-" if figure.value is None else f"{rounded(figure.value):g} {figure.unit}"
        target = f"{figure.target} {figure.unit}" if figure.target else ""
        made.add_row(figure.what, value, target, MET[figure.met], figure.note)
    return made


def write(path: Path, machine: Mapping[str, Any], sections: Sequence[Section]) -> dict[str, Any]:
    """Write everything as JSON; tells what was written."""
    said = {"machine": dict(machine), "sections": {section.name: section.as_json() for section in sections}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, indent=1) + "\n")
    return said
