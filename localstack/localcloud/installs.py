"""Installing into the cache: once, whole or not at all, also when two processes want the same thing at once."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from localcloud import console, files, places
from localcloud.errors import CloudError


def install(name: str, build: Callable[[Path], None], what: str) -> Path:
    """The cached directory of this name, built in a directory beside it and renamed when complete."""
    target = places.cache_dir() / name
    if target.exists():
        return target
    before = os.umask(0o022)  # the servers' account must be able to read all of it
    try:
        with files.locked(places.cache_dir() / "locks" / name.replace("/", "-")):
            return target if target.exists() else _build(target, build, what)
    finally:
        os.umask(before)


def _build(target: Path, build: Callable[[Path], None], what: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    fresh.chmod(0o755)
    try:
        with console.task(what):
            build(fresh)
        return fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def check_digest(path: Path, algorithm: str, expected: str) -> Path:
    """The file, if it is the one we pinned."""
    with path.open("rb") as body:
        found = hashlib.file_digest(body, algorithm).hexdigest()
    if found != expected:
        raise CloudError(
            f"{path.name} is not the file this version expects ({algorithm} {found}, not {expected}): "
            "the download was damaged or replaced. Delete it where your package client caches it, and try again."
        )
    return path


def run(argv: list[str | Path], doing: str, *, cwd: Path | None = None) -> str:
    """Run an installer, quietly; what it said is shown if it fails."""
    words = [str(word) for word in argv]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CloudError(f"{doing} failed ({' '.join(words[:4])} ...):\n{(done.stdout + done.stderr).strip()[-3000:]}")
    return done.stdout
