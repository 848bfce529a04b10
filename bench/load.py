"""Loading a system: the refresh command as an operator runs it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from bench.place import ROOT, Place


def refresh(place: Place, *words: str) -> tuple[float, list[dict[str, Any]]]:
    """Walk every listing of every source of a tenant; seconds, and what each loader did. Raises when one failed."""
    argv = [sys.executable, "-m", "chalicelib.runtime", "refresh", "--partner", "edx", "--json", *words]
    started = time.monotonic()
    done = subprocess.run(argv, cwd=ROOT, env=place.env, capture_output=True, text=True, check=False)
    took = time.monotonic() - started
    if done.returncode:
        raise RuntimeError(f"refresh ended with {done.returncode}: {done.stdout[-1500:]} {done.stderr[-1500:]}")
    return took, json.loads(done.stdout)
