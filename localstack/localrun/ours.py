"""Our own processes: which python and which code they run with, and as whom. None runs as root."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localcloud import accounts, places, processes, virtualenvs

CODE = ("app.py", "chalicelib", "localstack/campus")


@dataclass(frozen=True)
class Home:
    """Where our processes live: a python, the code, and a directory they may write."""

    python: str
    code: Path
    state: Path

    @property
    def path(self) -> str:
        """PYTHONPATH."""
        return os.pathsep.join([str(self.code), str(self.code / "localstack")])


def home() -> Home:
    """The checkout itself; for root a copy and a virtualenv that the servers' account can read."""
    account, state = accounts.servers_account(), places.data_dir() / "ours"
    accounts.own(state, account)
    if account is None:
        return Home(sys.executable, places.CHECKOUT, state)
    return Home(str(virtualenvs.virtualenv("processes", "3.11")), _copied(places.data_dir() / "code"), state)


def start(name: str, module: str, *arguments: object, env: Mapping[str, str], ready: str | None = None) -> None:
    """Start ``python -m MODULE`` in the background as the servers' account, and wait until it is ready."""
    at = home()
    argv = [at.python, "-m", module, *map(str, arguments)]
    own = {**env, "PYTHONPATH": at.path, "HOME": str(at.state), "PYTHONDONTWRITEBYTECODE": "1"}
    processes.start(name, argv, env=own, cwd=at.code, ready=ready, unprivileged=True, timeout=120)


def _copied(target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    for name in CODE:
        source, copy = places.CHECKOUT / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    for each in (target, *target.rglob("*")):
        each.chmod(0o755 if each.is_dir() else 0o644)
    return target
