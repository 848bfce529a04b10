"""Refresh by hand: walk a tenant's sources, or read one key; a dry run writes nothing and prints the differences."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chalicelib.domain.tenant import Tenant
from chalicelib.runtime.shown import as_json, bars, console, problem, table
from chalicelib.services.refresh import FAILED, Outcome, Refresh
from chalicelib.wiring import house

COLUMNS = ("tenant", "source", "thing", "status", "seen", "changed", "unreadable", "pages", "detail")


def main(argv: Sequence[str], command: str = "refresh") -> int:
    """Exit code 0: all went well; 1: a loader failed; 2: a wrong call."""
    parser = argparse.ArgumentParser(prog=f"runtime {command}", description=__doc__)
    parser.add_argument("--partner", help="a tenant's code; without it, all tenants")
    parser.add_argument("--source", action="append", default=[], help="only this source (may be repeated)")
    parser.add_argument("--kind", default="run", help="kind of --key (default run)")
    parser.add_argument("--key", help="only this key")
    parser.add_argument("--dry-run", action="store_true", help="write nothing, print the differences")
    parser.add_argument("--json", action="store_true", help="outcomes as JSON")
    options = parser.parse_args(argv)
    tenants = [t for t in house().tenants.all() if options.partner in {None, t.code}]
    if not tenants:
        known = ", ".join(t.code for t in house().tenants.all()) or "none"
        return problem(f"there is no tenant {options.partner}; there are: {known}")
    outcomes = [o for tenant in tenants for o in _one(tenant, options)]
    rows = [[asdict(o)[c] for c in COLUMNS] for o in outcomes]
    as_json([asdict(o) for o in outcomes]) if options.json else table("refresh", COLUMNS, rows)
    return 1 if any(o.status == FAILED for o in outcomes) else 0


def _one(tenant: Tenant, options: argparse.Namespace) -> list[Outcome]:
    with bars() as progress:
        tasks: dict[str, Any] = {}

        def told(outcome: Outcome) -> None:
            name = f"{outcome.tenant} {outcome.source} {outcome.thing}"
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=None, note="")
            note = f"{outcome.changed} changed"
            progress.update(tasks[name], completed=outcome.seen, total=outcome.reported or outcome.seen, note=note)

        refresh = Refresh(
            house().collaborators, tenant, time.sleep, told, difference=_differs if options.dry_run else None
        )
        return refresh.one(options.kind, options.key) if options.key else refresh.run(options.source)


def _differs(difference: dict[str, Any]) -> None:
    console.print(f"[bold]{difference['kind']} {difference['key']}[/bold] {difference['record']}")
    before, after = difference["before"] or {}, difference["after"] or {}
    if not (isinstance(before, dict) and isinstance(after, dict)):
        console.print("  the whole list differs")
        return
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            console.print(
                f"  {name}: [red]{before.get(name)!r}[/red] -> [green]{after.get(name)!r}[/green]", soft_wrap=True
            )
