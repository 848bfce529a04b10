"""Pause and resume: a source's updates are held as due, and done when it is let go."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from chalicelib.domain.sources import SOURCES
from chalicelib.runtime.shown import out, problem
from chalicelib.wiring import house


def main(argv: Sequence[str], command: str = "pause") -> int:
    """``pause SOURCE --tenant T`` or ``resume SOURCE --tenant T``."""
    parser = argparse.ArgumentParser(prog=f"runtime {command}", description=__doc__)
    parser.add_argument("source", choices=sorted(SOURCES))
    parser.add_argument("--tenant", required=True)
    options = parser.parse_args(argv)
    if house().tenants.get(options.tenant) is None:
        return problem(f"there is no tenant {options.tenant}")
    house().operations.set_paused(options.tenant, options.source, command == "pause")
    done = "held; nothing is lost" if command == "pause" else "let go; what waited is read within a minute"
    out.print(f"{options.tenant} {options.source}: updates are {done}")
    return 0
