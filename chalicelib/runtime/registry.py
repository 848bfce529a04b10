"""The registry by hand: seed it, show what it has of a thing, edit that."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from chalicelib.domain.keys import InvalidKey, ref
from chalicelib.domain.merging.seeds import seeds
from chalicelib.domain.store import Conflict
from chalicelib.domain.tenant import Tenant
from chalicelib.runtime.shown import as_json, out, problem
from chalicelib.wiring import house


def main(argv: Sequence[str], command: str = "registry") -> int:
    """``registry seed | show KIND KEY | edit KIND KEY JSON [--revision N]``."""
    parser = argparse.ArgumentParser(prog=f"runtime {command}", description=__doc__)
    parser.add_argument("action", choices=["seed", "show", "edit"])
    parser.add_argument("kind", nargs="?")
    parser.add_argument("key", nargs="?")
    parser.add_argument("fields", nargs="?", help="a JSON object that replaces what is edited")
    parser.add_argument("--tenant", help="without it, all tenants for seed, the default one else")
    parser.add_argument("--revision", type=int, help="the revision you saw; without it, the newest is replaced")
    options = parser.parse_args(argv)
    if options.action == "seed":
        return _seed(options.tenant)
    if not (options.kind and options.key):
        return problem(f"registry {options.action} needs KIND and KEY")
    tenant = house().tenants.get(options.tenant) if options.tenant else house().tenants.at_host("")
    return _one(tenant, options) if tenant else problem(f"there is no tenant {options.tenant}")


def _seed(code: str | None) -> int:
    for tenant in house().tenants.all():
        if code in {None, tenant.code}:
            out.print(f"{tenant.code}: {seed(tenant)} things seeded")
    return 0


def seed(tenant: Tenant) -> int:
    """Give a tenant what it must have to begin with; what is there stays as it is. Tells how many were new."""
    new = 0
    for thing, payload in seeds().items():
        if house().registry.read(tenant, thing) is None:
            house().registry.edit(tenant, thing, payload, 0, "seed")
            new += 1
    return new


def _one(tenant: Tenant, options: argparse.Namespace) -> int:
    registry = house().registry
    try:
        thing = ref(options.kind, options.key)
        found = registry.read(tenant, thing)
        if options.action == "edit":
            seen = options.revision if options.revision is not None else (found or {}).get("revision", 0)
            found = registry.edit(tenant, thing, json.loads(options.fields or ""), seen, "cli")
    except (InvalidKey, ValueError, Conflict) as error:
        return problem(str(error))
    if found is None:
        return problem(f"nothing is known of {options.kind} {options.key}")
    as_json(found)
    return 0
