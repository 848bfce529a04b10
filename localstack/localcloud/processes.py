"""Background processes of this checkout: start one and wait until it is ready, find it again, stop it and only it."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from localcloud import accounts, files, pids, places
from localcloud.errors import CloudError

Ready = Callable[[], bool] | str


@dataclass(frozen=True)
class Process:
    """One process we started: `started` tells it from any later process with the same pid."""

    name: str
    pid: int
    started: str
    log: str
    argv: tuple[str, ...]

    @property
    def alive(self) -> bool:
        """Whether it is still this process that runs under the pid."""
        _reap(self.pid)
        return pids.identity(self.pid) == self.started


class StartFailed(CloudError):
    """A process ended, or did not become ready in time."""


def start(
    name: str,
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    ready: Ready | None = None,
    log_dir: Path | None = None,
    unprivileged: bool = False,
    timeout: float = 90,
) -> Process:
    """Start a process in the background, record it, and return when it is `ready`: a URL that answers 2xx, or a test.

    One of this name that already runs is returned as it is. `env` is the whole environment (ours, if left out);
    `unprivileged` makes it drop to the servers' account when we are root.
    """
    with files.locked(_lock(name)):
        if found := running().get(name):
            return found
        log = (log_dir or places.local_dir() / "logs") / f"{name}.log"
        account = accounts.servers_account() if unprivileged else None
        process = _spawn(name, [str(word) for word in argv], log, account, env=env, cwd=cwd)
        _record(process)
    try:
        _wait_until_ready(process, ready, timeout)
    except BaseException:
        stop(name)
        raise
    return process


def stop(name: str, grace: float = 20) -> bool:
    """End the process of this name: ask, wait, insist. False if there was none. What it started goes with it."""
    with files.locked(_lock(name)):
        process = running().get(name)
        if process:
            _end(process, grace)
        _forget(name)
        return process is not None


def running() -> dict[str, Process]:
    """The recorded processes that are alive, by name."""
    return {name: process for name, process in _recorded().items() if process.alive}


def answers(url: str, timeout: float = 2) -> bool:
    """Whether a URL answers with success."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return bool(answer.status < 300)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def log_tail(log: str | Path, lines: int = 15) -> str:
    """The last lines of a log."""
    with contextlib.suppress(OSError):
        return "\n".join(Path(log).read_text(errors="replace").splitlines()[-lines:])
    return ""


def _spawn(name: str, argv: list[str], log: Path, account: accounts.Account | None, **options: Any) -> Process:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        child = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # its own group: Ctrl-C at our terminal is not for it, and its children end with it
            **options,
            **accounts.popen_arguments(account),
        )
    child.returncode = 0  # it outlives us by design; without this Popen warns about a child still running
    return Process(name, child.pid, pids.identity(child.pid) or "ended at once", str(log), tuple(argv))


def _wait_until_ready(process: Process, ready: Ready | None, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not _is_ready(ready):
        if not process.alive:
            raise StartFailed(f"{process.name} ended while starting. Its log, {process.log}:\n{log_tail(process.log)}")
        if time.monotonic() > deadline:
            raise StartFailed(f"{process.name} was not ready after {timeout:.0f} s; see {process.log}")
        time.sleep(0.05)
    if not process.alive:
        raise StartFailed(f"{process.name} ended while starting, yet something answers in its place: see {process.log}")


def _is_ready(ready: Ready | None) -> bool:
    if isinstance(ready, str):
        return answers(ready)
    return ready() if ready else True


def _end(process: Process, grace: float) -> None:
    _signal(process, signal.SIGTERM, group=False)
    deadline = time.monotonic() + grace
    while process.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    _signal(process, signal.SIGKILL, group=True)  # a pid stays reserved while its group has members: ours, or nobody's
    while process.alive:
        time.sleep(0.02)


def _signal(process: Process, number: int, *, group: bool) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if group:
            os.killpg(process.pid, number)
        elif process.alive:
            os.kill(process.pid, number)


def _reap(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _registry() -> Path:
    return places.local_dir() / "processes.json"


def _lock(name: str) -> Path:
    return places.local_dir() / "locks" / name


def _recorded() -> dict[str, Process]:
    rows = files.read_json(_registry(), {})
    return {name: Process(**row | {"argv": tuple(row["argv"])}) for name, row in rows.items()}


def _record(process: Process) -> None:
    with files.locked(_lock("registry")):
        files.write_json(_registry(), files.read_json(_registry(), {}) | {process.name: asdict(process)})


def _forget(name: str) -> None:
    with files.locked(_lock("registry")):
        rows = files.read_json(_registry(), {})
        if rows.pop(name, None):
            files.write_json(_registry(), rows)
