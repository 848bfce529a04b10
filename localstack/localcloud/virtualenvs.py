"""Virtualenvs of the servers: one per lock file, checked by hash, never the project's own."""

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from localcloud import installs, places, pythons

SOURCES = (".py", ".toml", ".java")


def virtualenv(name: str, version: str, *, source: Path | None = None) -> Path:
    """The python of the virtualenv for `requirements/NAME.txt`, with a package of ours from `source` on top."""
    base = pythons.for_servers(version)
    lock = places.REQUIREMENTS / f"{name}.txt"
    key = hashlib.sha256(b"\0".join([lock.read_bytes(), str(base).encode(), *_contents(source)])).hexdigest()[:12]

    def build(fresh: Path) -> None:
        installs.run([base, "-m", "venv", "--without-pip", fresh], f"Making the virtualenv of {name}")
        _pip(fresh, "--require-hashes", "-r", lock)
        if source:
            with tempfile.TemporaryDirectory() as scratch:  # building writes beside the source
                copied = shutil.copytree(source, Path(scratch) / "source")
                _pip(fresh, "--no-deps", "--no-build-isolation", copied)

    return installs.install(f"virtualenvs/{name}-{key}", build, f"Installing {name}") / "bin" / "python"


def _pip(venv: Path, *arguments: str | Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(venv / "bin" / "python")]
    installs.run([*pip, "install", "--quiet", *arguments], "Installing with pip")


def _contents(source: Path | None) -> list[bytes]:
    return (
        [path.read_bytes() for path in sorted(source.rglob("*.*")) if path.suffix in (".py", ".toml")] if source else []
    )
