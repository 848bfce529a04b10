"""The account the servers run under: ours, or `nobody` when we are root (OpenSearch refuses root; nothing needs it)."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud import places


@dataclass(frozen=True)
class Account:
    """An unprivileged uid and gid."""

    uid: int
    gid: int


def servers_account() -> Account | None:
    """Who servers run as, or None where that is simply us."""
    if not places.am_root():
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def popen_arguments(account: Account | None) -> dict[str, Any]:
    """What makes `subprocess` drop to the account, with all groups and capabilities left behind."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def own(path: Path, account: Account | None) -> Path:
    """Make a directory that the account can write, closed to others."""
    path.mkdir(parents=True, exist_ok=True)
    if account:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path


def own_tree(path: Path, account: Account | None) -> None:
    """Hand a directory and everything in it to the account."""
    for each in (path, *path.rglob("*")) if account else ():
        os.chown(each, account.uid, account.gid, follow_symlinks=False)  # type: ignore[union-attr]


def can_run(argv: list[str], account: Account | None) -> bool:
    """Whether the account can run a command: the only honest test of a path's permissions."""
    try:
        done = subprocess.run(argv, cwd="/", capture_output=True, timeout=30, check=False, **popen_arguments(account))
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
