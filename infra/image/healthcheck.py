"""Whether the container's role is alive: the API answers /health/, a worker's heartbeat is young; exit code 0 or 1."""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from pathlib import Path

OLDEST = 300
"""Seconds; longer than any batch may take, as a worker's heart beats between batches."""


def main() -> int:
    """Look at process 1 to learn the role: this runs beside it."""
    command = Path("/proc/1/cmdline").read_bytes().split(b"\0")
    return 0 if (_answers() if b"serve" in command else _beats()) else 1


def _answers() -> bool:
    url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/health/"
    try:
        with urllib.request.urlopen(url, timeout=8) as answer:
            return bool(answer.status == 200)
    except OSError as error:
        print(f"{url}: {error}", file=sys.stderr)
        return False


def _beats() -> bool:
    """A role that keeps no heartbeat is alive as long as it runs."""
    heart = Path(os.environ.get("HEARTBEAT_FILE", "/tmp/heartbeat"))
    return not heart.exists() or time.time() - heart.stat().st_mtime < OLDEST


if __name__ == "__main__":
    sys.exit(main())
