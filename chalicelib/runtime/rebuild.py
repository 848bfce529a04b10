"""Rebuild: views and search documents made anew from the records, while readers read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from chalicelib.domain.change import REBUILD
from chalicelib.runtime.shown import bars, out
from chalicelib.services.rebuild import rebuild
from chalicelib.wiring import house
from chalicelib.workers import project_refs


def main(argv: Sequence[str], command: str = "rebuild") -> int:
    """Scan the records; announce every thing with cause ``rebuild`` (default), or make its views here and now."""
    parser = argparse.ArgumentParser(prog=f"runtime {command}", description=__doc__)
    parser.add_argument("--here", action="store_true", help="make the views in this process instead of announcing")
    parser.add_argument("--if-empty", action="store_true", help="only where the views table or the index is empty")
    options = parser.parse_args(argv)
    rooms = house()
    if options.if_empty and not rooms.views.empty() and rooms.indices.ready():
        out.print("views and index are there; nothing to rebuild")
        return 0
    rooms.indices.ensure()
    with bars() as progress:
        task = progress.add_task("rebuild", total=None, note="")
        total = rebuild(
            records=rooms.records,
            announce=rooms.announce,
            project=(lambda code, refs: project_refs(rooms, code, refs, again=True)) if options.here else None,
            cause=REBUILD,
            progress=lambda done: progress.update(task, completed=done),
        )
    out.print(f"{total} things {'made anew' if options.here else 'announced'}")
    return 0
