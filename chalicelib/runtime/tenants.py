"""Tenants: list, show and put, by compare-and-set; no deploy needed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from chalicelib.domain.store import Conflict
from chalicelib.domain.tenant import Tenant
from chalicelib.runtime.shown import as_json, out, problem, table
from chalicelib.wiring import house


def main(argv: Sequence[str], command: str = "tenants") -> int:
    """``tenants [list] | show CODE | put FILE``."""
    parser = argparse.ArgumentParser(prog=f"runtime {command}", description=__doc__)
    parser.add_argument("action", nargs="?", default="list", choices=["list", "show", "put"])
    parser.add_argument("argument", nargs="?", help="a code for show, a JSON file (- for standard input) for put")
    options = parser.parse_args(argv)
    if options.action == "list":
        return _list()
    if not options.argument:
        return problem(f"tenants {options.action} needs an argument")
    return _show(options.argument) if options.action == "show" else _put(options.argument)


def _list() -> int:
    kept = house().tenants.kept()
    rows = [
        [
            k.tenant.code,
            k.revision,
            ", ".join(k.tenant.hosts),
            ", ".join(k.tenant.sources),
            "yes" if k.tenant.default else "",
        ]
        for k in kept
    ]
    table("tenants", ("code", "revision", "hosts", "sources", "default"), rows)
    return 0


def _show(code: str) -> int:
    kept = house().tenants.kept_one(code)
    if kept is None:
        return problem(f"there is no tenant {code}")
    as_json({"revision": kept.revision, **kept.tenant.model_dump(mode="json")})
    return 0


def _put(source: str) -> int:
    """The file is what ``show`` prints; ``revision`` is the one that was seen, without it the newest is replaced."""
    try:
        body = json.loads(sys.stdin.read() if source == "-" else Path(source).read_text())
        revision = body.pop("revision", None)
        tenant = Tenant.model_validate(body)
    except (OSError, ValueError, ValidationError, AttributeError) as error:
        return problem(f"not a tenant: {error}")
    kept = house().tenants.kept_one(tenant.code)
    try:
        new = house().tenants.put(tenant, revision if revision is not None else (kept.revision if kept else 0))
    except Conflict as error:
        return problem(f"{error}; show it again and edit that")
    out.print(f"tenant {tenant.code} is at revision {new}")
    return 0
