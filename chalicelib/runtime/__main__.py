"""``python -m chalicelib.runtime COMMAND``: the same handlers outside Lambda, and the operator's commands."""

from __future__ import annotations

import importlib
import sys

COMMANDS = {
    "serve": ("chalicelib.runtime.serve", "the API, behind a process server"),
    "work": ("chalicelib.runtime.work", "work off one or more queues"),
    "tick": ("chalicelib.runtime.tick", "what the schedules do, once or for ever"),
    "refresh": (
        "chalicelib.runtime.refresh",
        "walk the sources of a tenant, or read one key; --dry-run shows differences",
    ),
    "pause": ("chalicelib.runtime.pause", "hold a source's updates without losing them"),
    "resume": ("chalicelib.runtime.pause", "let them go again"),
    "queues": ("chalicelib.runtime.queues", "depth, age and reasons of what waits, is parked or dead"),
    "redrive": ("chalicelib.runtime.queues", "send parked and dead messages back, by reason or key"),
    "history": ("chalicelib.runtime.history", "what a thing's records were before"),
    "explain": ("chalicelib.runtime.history", "why a thing looks as it does"),
    "tenants": ("chalicelib.runtime.tenants", "list, show and put tenants"),
    "registry": ("chalicelib.runtime.registry", "show, edit and seed what no other source has"),
    "rebuild": ("chalicelib.runtime.rebuild", "make views and search documents anew from the records"),
}


def main(argv: list[str]) -> int:
    """Run one command; returns its exit code."""
    if not argv or argv[0] in {"-h", "--help"} or argv[0] not in COMMANDS:
        lines = [f"  {name:<9} {text}" for name, (_, text) in COMMANDS.items()]
        out = sys.stdout if argv and argv[0] in {"-h", "--help"} else sys.stderr
        print("usage: python -m chalicelib.runtime COMMAND ...\n\n" + "\n".join(lines), file=out)
        return 0 if out is sys.stdout else 2
    module = importlib.import_module(COMMANDS[argv[0]][0])
    return int(module.main(argv[1:], argv[0]) or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
