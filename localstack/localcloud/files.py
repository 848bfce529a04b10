"""Small file habits: whole files or none, one writer at a time."""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a name: the second process waits, and finds the first one's work done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_json(path: Path, value: Any) -> None:
    """Replace a JSON file at once, so that no reader sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w") as out:
        json.dump(value, out, indent=2)
        out.write("\n")
    Path(name).chmod(0o644)
    Path(name).replace(path)


def read_json(path: Path, default: Any) -> Any:
    """What a JSON file holds, or the default where there is none."""
    return json.loads(path.read_text()) if path.exists() else default
