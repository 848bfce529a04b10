"""What a server is to the manager: how to run it and how to know that it is ready."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localcloud import processes

PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"


@dataclass(frozen=True)
class Server:
    """One server, installed and configured, not yet running."""

    name: str
    url: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    ready: str
    timeout: float = 60

    def start(self) -> processes.Process:
        """Run it and wait until it answers."""
        return processes.start(
            self.name, self.argv, env=self.env, cwd=self.cwd, ready=self.ready, timeout=self.timeout, unprivileged=True
        )


def environment(home: Path, **more: str) -> dict[str, str]:
    """A clean environment: what is in ours (credentials, proxies of the shell) must not reach servers and functions."""
    return {"PATH": PATH, "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", **more}
