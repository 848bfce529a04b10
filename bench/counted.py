"""``runtime work`` or ``tick`` as it is, with its calls counted; what it called is written where BENCH_CALLS says."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from bench.counting import watch
from chalicelib.runtime import tick, work


def main(words: list[str]) -> int:
    """Run until told to stop."""
    calls = watch()
    code = (work if words[0] == "work" else tick).main(words[1:])
    said = {"count": dict(calls.count), "seconds": {name: round(s, 3) for name, s in calls.seconds.items()}}
    Path(os.environ["BENCH_CALLS"]).write_text(json.dumps(said))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
