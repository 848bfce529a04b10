"""MODE=containers: the command lines of the container image, as processes of this machine."""

import os
import sys
from collections.abc import Mapping

from localcloud import places, processes

SERVE_PORT = int(os.environ.get("SERVE_PORT", "8800"))
QUEUES = {
    "work-updates": ("updates-studio", "updates-otto", "updates-drupal", "updates-programs", "updates-unknown"),
    "work-views": ("views-live", "views-bulk"),
    "work-touches": ("touches-live", "touches-bulk"),
}


def url() -> str:
    """Where `serve` answers."""
    return f"http://127.0.0.1:{SERVE_PORT}"


def names() -> list[str]:
    """Every process this mode starts."""
    return ["serve", "tick", *QUEUES]


def start(env: Mapping[str, str]) -> None:
    """Start them all and wait until the API answers."""
    runtime = [sys.executable, "-m", "chalicelib.runtime"]
    for name, queues in QUEUES.items():
        processes.start(name, [*runtime, "work", *queues], env=env, cwd=places.CHECKOUT)
    processes.start("tick", [*runtime, "tick", "--due-every", "5"], env=env, cwd=places.CHECKOUT)
    argv = [*runtime, "serve", "--host", "127.0.0.1", "--port", str(SERVE_PORT)]
    processes.start("serve", argv, env=env, cwd=places.CHECKOUT, ready=f"{url()}/health/")
