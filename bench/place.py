"""Where a benchmark runs: a system of its own on free ports, or the one that ENDPOINTS names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localcloud import manager, ports

ROOT = Path(__file__).resolve().parents[1]
Env = dict[str, str]


@dataclass
class Place:
    """A running system: its endpoints, the environment its processes have, and how it was started."""

    endpoints: dict[str, Any]
    env: Env
    mode: str
    own: bool
    cloud: str = ""
    logs: Path = field(default_factory=Path)

    @property
    def campus_url(self) -> str:
        return str(self.endpoints["campus_url"])

    def internal_url(self, tenant: str = "edx") -> str:
        """Where the internal API answers for a tenant."""
        return str(self.endpoints["tenants"][tenant]["internal_url"])


@contextmanager
def system(mode: str = "containers", courses: int = 60, **more: str) -> Iterator[Place]:
    """A system for one benchmark; stopped and forgotten at the end unless ENDPOINTS named it.

    ``mode``: ``functions``, ``containers``, or ``bare``: nothing loaded, and nobody works off its queues.
    """
    if given := os.environ.get("ENDPOINTS"):
        yield _place(Path(given).parent, dict(os.environ), mode, own=False)
        return
    with tempfile.TemporaryDirectory(prefix="catalog-bench-") as directory:
        env = {**os.environ, **_own(directory), "CLOUD": "embedded", "BENCH_COURSES": str(courses), **more}
        words = ["localstack/run.py", "up", "--no-tour", "--mode", mode, "--courses", str(courses)]
        try:
            _run(env, ["-m", "bench.bare"] if mode == "bare" else words)
            yield _place(Path(directory), env, mode, own=True)
        finally:
            _run(env, ["localstack/run.py", "down", "--wipe"])


def _own(directory: str) -> Env:
    """Ports that nobody has; the campus takes every tenth from its first one on."""
    return {
        "CATALOG_LOCAL_DIR": directory,
        "CLOUD_PORT": str(ports.free_port()),
        "SEARCH_PORT": str(ports.free_port()),
        "SERVE_PORT": str(ports.free_port()),
        "CAMPUS_PORT": str(_block()),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'localstack'}",
    }


def _block() -> int:
    for base in range(29000, 32000, 100):
        if all(ports.is_free(base + offset) for offset in range(0, 50, 10)):
            return base
    raise SystemExit("no free ports between 29000 and 32000")


def _run(env: Mapping[str, str], words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"python {' '.join(words)} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


def _place(directory: Path, env: Env, mode: str, *, own: bool) -> Place:
    endpoints = json.loads((directory / "endpoints.json").read_text())
    cloud = json.loads((directory / "cloud.json").read_text())
    env |= manager.exports(cloud)
    env |= {
        "CATALOG_LOCAL_DIR": str(directory),
        "CATALOG_STAGE": "local",
        "UPDATES_TOPIC_ARN": endpoints["updates_topic_arn"],
        "CHANGES_TOPIC_ARN": endpoints["changes_topic_arn"],
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'localstack'}",
    }
    return Place(endpoints, env, mode, own, str(cloud["cloud"]), directory / "logs")
