"""Ports on loopback: is one free, and if not, whose is it?"""

import contextlib
import re
import socket
import subprocess
from pathlib import Path

from localcloud.errors import CloudError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server of ours could listen here; one that listens on all addresses counts as in the way."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind((LOOPBACK, port))
            return not _answers(port)
    return False


def claim(port: int, what: str = "this server", setting: str | None = None) -> int:
    """The port asked for if it is free, any free one for 0, an error that names its holder otherwise."""
    if port == 0:
        return free_port()
    if is_free(port):
        return port
    other = f" or choose another with {setting}=PORT (0 for any free one)" if setting else ""
    raise CloudError(
        f"Port {port}, which {what} needs, is taken by {holder(port) or 'another process'}: stop it{other}."
    )


def holder(port: int) -> str | None:
    """Which process listens on a port, as far as this account may know."""
    pid = _pid_by_proc(port) if Path("/proc/net/tcp").exists() else _pid_by_lsof(port)
    return f"pid {pid} ({_command(pid)})" if pid else None


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _pid_by_proc(port: int) -> int | None:
    inodes = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(descriptor.readlink()) in inodes:
                return int(descriptor.parts[2])
    return None


def _listening_inodes(port: int) -> set[str]:
    rows = [row.split() for name in ("tcp", "tcp6") for row in _lines(Path("/proc/net") / name)[1:]]
    return {row[9] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _pid_by_lsof(port: int) -> int | None:
    with contextlib.suppress(OSError):
        asked = ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-t"]
        found = re.match(r"\d+", subprocess.run(asked, capture_output=True, text=True, check=False).stdout)
        return int(found[0]) if found else None
    return None


def _command(pid: int) -> str:
    asked = ["ps", "-o", "args=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()[:80] or "?"
