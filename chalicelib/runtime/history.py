"""History and explain: what a thing's records were before, and why it looks as it does now."""

from __future__ import annotations

import argparse
import difflib
import json
import time
from collections.abc import Sequence
from typing import Any

from chalicelib.domain.keys import InvalidKey, Ref, ref
from chalicelib.domain.store import HistoryEntry
from chalicelib.domain.tenant import Tenant
from chalicelib.runtime.shown import as_json, out, problem
from chalicelib.wiring import house

KINDS = ("run", "course", "program", "organization")


def main(argv: Sequence[str], command: str = "history") -> int:
    """``history KEY [--diff]`` or ``explain KEY``."""
    parser = argparse.ArgumentParser(prog=f"runtime {command}", description=__doc__)
    parser.add_argument("key")
    parser.add_argument("--kind", help="run, course, program, organization, ...; guessed from the key without it")
    parser.add_argument("--tenant", help="without it, the default tenant")
    parser.add_argument("--diff", action="store_true", help="show what changed, line by line")
    parser.add_argument("--limit", type=int, default=50)
    options = parser.parse_args(argv)
    tenant = house().tenants.get(options.tenant) if options.tenant else house().tenants.at_host("")
    if tenant is None:
        return problem(f"there is no tenant {options.tenant}")
    thing = _guess(options.key, options.kind)
    if thing is None:
        return problem(f"{options.key} is no key of a {options.kind or ', '.join(KINDS)}; name its kind with --kind")
    return _explain(tenant, thing) if command == "explain" else _history(tenant, thing, options)


def _guess(key: str, kind: str | None) -> Ref | None:
    for candidate in [kind] if kind else KINDS:
        try:
            return ref(candidate, key)
        except InvalidKey:
            continue
    return None


def _explain(tenant: Tenant, thing: Ref) -> int:
    found = house().explain(tenant, thing)
    if found is None:
        return problem(f"no source of {tenant.code} ever said anything of {thing.kind} {thing.key}")
    as_json(found)
    return 0


def _history(tenant: Tenant, thing: Ref, options: argparse.Namespace) -> int:
    entries = house().records.history(tenant.code, thing, options.limit)
    now = {r.name: r.payload for r in house().records.aggregates(tenant.code, [thing])[thing].records}
    if not entries:
        out.print(f"nothing of {thing.kind} {thing.key} was ever replaced")
    for entry in entries:
        _show(entry, now, diff=options.diff)
        now[entry.replaced.record.name] = entry.replaced.record.payload
    return 0


def _show(entry: HistoryEntry, after: dict[str, Any], *, diff: bool) -> None:
    record = entry.replaced.record
    when = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(entry.at / 1000))
    why = f"{entry.replaced.cause} by {entry.replaced.who or 'unknown'}"
    out.print(
        f"[bold]{when}[/bold] revision {entry.revision}: {record.name} replaced ({why}), was ticket {record.ticket}"
    )
    if diff:
        lines = difflib.unified_diff(
            _lines(record.payload), _lines(after.get(record.name)), "before", "after", "", "", 0
        )
        for line in lines:
            out.print(
                line, style="green" if line.startswith("+") else "red" if line.startswith("-") else "", markup=False
            )


def _lines(payload: Any) -> list[str]:
    return json.dumps(payload, indent=1, sort_keys=True, ensure_ascii=False).splitlines()
