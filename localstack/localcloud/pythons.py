"""Python interpreters for the servers: found where people keep them, copied where the servers' account cannot go."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from localcloud import accounts, installs
from localcloud.errors import CloudError

PLACES = (
    "~/.pyenv/versions/{v}*/bin",
    "$PYENV_ROOT/versions/{v}*/bin",
    "~/.local/share/uv/python/cpython-{v}*/bin",
    "$UV_PYTHON_INSTALL_DIR/cpython-{v}*/bin",
    "/opt/homebrew/bin",
    "/usr/local/bin",
    "/usr/bin",
    "/Library/Frameworks/Python.framework/Versions/{v}/bin",
)
NOT_COPIED = shutil.ignore_patterns(
    "test", "tests", "__pycache__", "idlelib", "config-*", "*.a", "site-packages", "include", "share"
)
WORKS = (
    "import ctypes, os, sqlite3, ssl, sys, venv;"
    "print(os.path.realpath(sys.executable), '%d.%d' % sys.version_info[:2], sep='\\n')"
)


def find(version: str) -> Path | None:
    """An interpreter of this version; one that the servers' account can run is preferred."""
    found = list(dict.fromkeys(real for each in _candidates(version) if (real := _working(each, version))))
    reachable = [each for each in found if _reachable(each)]
    return next(iter(reachable or found), None)


def for_servers(version: str) -> Path:
    """An interpreter of this version that the servers' account can run: a copy in the cache, if need be."""
    found = find(version)
    if not found:
        raise CloudError(
            f"No Python {version} found: install it (pyenv install {version}, uv python install {version})."
        )
    return found if _reachable(found) else _copy(found, version)


def _candidates(version: str) -> Iterator[Path]:
    name = f"python{version}"
    yield Path(sys.base_prefix) / "bin" / name
    if on_path := shutil.which(name):
        yield Path(on_path)
    for place in PLACES:
        pattern = os.path.expandvars(os.path.expanduser(place.format(v=version)))  # noqa: PTH111 - also variables
        yield from sorted(Path("/").glob(f"{pattern}/{name}".lstrip("/")), reverse=True)


def _working(candidate: Path, version: str) -> Path | None:
    """Where it really is, if it runs and is complete (a pyenv shim of another version does not run)."""
    try:
        asked = subprocess.run([candidate, "-Ic", WORKS], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    real, _, found = asked.stdout.strip().partition("\n")
    return Path(real) if asked.returncode == 0 and found == version else None


def _reachable(python: Path) -> bool:
    account = accounts.servers_account()
    return account is None or accounts.can_run([str(python), "-Ic", "import ssl, sqlite3"], account)


def _copy(python: Path, version: str) -> Path:
    prefix = python.parent.parent

    def build(fresh: Path) -> None:
        shutil.copytree(prefix, fresh, symlinks=True, ignore=NOT_COPIED, dirs_exist_ok=True)
        _look_for_libraries_beside(fresh / "bin" / python.name, prefix)

    what = f"Copying Python {version} to where the servers can read it"
    copied = installs.install(f"python/{prefix.name}", build, what) / "bin" / python.name
    if not _reachable(copied):
        raise CloudError(
            f"Other accounts can run neither {python} nor a copy: install Python {version} under /usr/local."
        )
    return copied


def _look_for_libraries_beside(binary: Path, prefix: Path) -> None:
    """A binary linked with a shared libpython looks for it where it was built: overwrite that path in place."""
    old, new = f"{prefix}/lib\0".encode(), b"$ORIGIN/../lib\0"
    body = binary.read_bytes()
    if old in body and len(new) <= len(old):
        binary.write_bytes(body.replace(old, new.ljust(len(old), b"\0")))
