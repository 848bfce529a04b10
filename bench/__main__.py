"""``python -m bench [NAME ...]``: run benchmarks one after the other and print what they found."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from bench import machine, show
from bench.result import Section

NAMES = {
    "serve": "a read's time, its calls, four clients",
    "cold": "a new process to its first answer, per function",
    "freshness": "from an update published to the right answer",
    "drain": "thousands of updates, from queue to view and index",
    "refresh": "3,000 courses from slow sources, first and again",
    "growth": "what one update costs while the catalog grows",
}
KEPT = Path(__file__).resolve().parents[1] / ".local" / "bench.json"


def main(words: Sequence[str] | None = None) -> int:
    """0 if every target that was measured is met."""
    arguments = _parser().parse_args(words)
    facts, sections = machine.facts(), []
    for name in arguments.names or list(NAMES):
        sections.append(_measure(name, quick=arguments.quick))
        said = show.write(arguments.out, facts, sections)
    if arguments.json:
        print(json.dumps(said))
    else:
        show.table(facts, sections)
    return int(any(s.failed or any(f.met is False for f in s.figures) for s in sections))


def _measure(name: str, *, quick: bool) -> Section:
    """One benchmark; one that breaks does not take the others with it."""
    section = Section(name, load_at_start=machine.load())
    print(f"{name}: {NAMES[name]} (load {section.load_at_start}) ...", file=sys.stderr, flush=True)
    started = time.monotonic()
    try:
        importlib.import_module(f"bench.{name}").run(section, quick=quick)
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        section.failed = f"{type(error).__name__}: {error}"
    section.seconds = time.monotonic() - started
    return section


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:<10} {text}" for name, text in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="bench",
        description=f"{__doc__}\n\n{listed}\n\nENDPOINTS=.local/endpoints.json measures a system that runs already.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *NAMES], help="all of them if none is given")
    parser.add_argument("--quick", action="store_true", help="smaller counts: minutes instead of half an hour")
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of the table")
    parser.add_argument("--out", type=Path, default=KEPT, help="where the JSON is kept (default .local/bench.json)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
