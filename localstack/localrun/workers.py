"""MODE=containers: the command lines of the container image, as processes of this machine."""

import os
from collections.abc import Mapping

from localrun import ours

RUNTIME = "chalicelib.runtime"
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
    for name, queues in QUEUES.items():
        ours.start(name, RUNTIME, "work", *queues, env=env)
    ours.start("tick", RUNTIME, "tick", "--due-every", 5, env=env)
    ours.start(
        "serve", RUNTIME, "serve", "--host", "127.0.0.1", "--port", SERVE_PORT, env=env, ready=f"{url()}/health/"
    )
