"""Bringing the system up: cloud, deployment, campus, tenants, first load; each step says what it does."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from localcloud import accounts, console, manager, places, processes
from localcloud.errors import CloudError
from localrun import ours, workers
from localrun.endpoints import Endpoints, campus_port, campus_url, write

STAGE = "local"
PYTHONPATH = os.pathsep.join([str(places.CHECKOUT), str(places.LOCALSTACK)])


def up(mode: str = "functions", courses: int | None = None) -> Endpoints:
    """Start everything that does not run yet and load the campus; idempotent. Raises CloudError."""
    cloud = manager.up(os.environ.get("CLOUD"), os.environ.get("SEARCH"))
    env = environment(cloud)
    deployed = deploy(env, workers_run_here=mode == "containers")
    env |= {"UPDATES_TOPIC_ARN": deployed["topics"]["updates"], "CHANGES_TOPIC_ARN": deployed["topics"]["changes"]}
    start_campus(env, courses)
    command(env, "-m", "localrun.seed", about="tenants, credentials and vocabularies")
    command(env, "-m", "chalicelib.runtime", "rebuild", "--if-empty", "--here", about="views, where they are missing")
    if mode == "containers":
        workers.start(env)
    endpoints = write(cloud, deployed, env, containers=mode == "containers")
    command(env, "-m", "chalicelib.runtime", "refresh", about="everything the sources have")
    command(env, "-m", "localrun.settle", about="views and documents of it")
    return endpoints


def environment(cloud: dict[str, Any]) -> dict[str, str]:
    """What every process of ours is started with."""
    return {
        **os.environ,
        **manager.exports(cloud),
        "PYTHONPATH": PYTHONPATH,
        "CATALOG_STAGE": STAGE,
        "POWERTOOLS_METRICS_NAMESPACE": "CourseCatalog",
        "POWERTOOLS_SERVICE_NAME": "catalog",
    }


def deploy(env: Mapping[str, str], *, workers_run_here: bool) -> dict[str, Any]:
    """The same command that deploys to AWS. With workers of our own, queues and schedules start no functions.

    The functions must be told this cloud's own search engine: two systems side by side would share one otherwise.
    """
    outputs = places.local_dir() / "deploy.json"
    options = ["--triggers", "disabled" if workers_run_here else "enabled"]
    if url := env.get("OPENSEARCH_URL"):
        options += ["--search-url", url]
    arguments = ["-m", "infra", "deploy", "--stage", STAGE, "--json", str(outputs)]
    command(env, *arguments, *options, about="deployment", quiet=True)
    return dict(json.loads(outputs.read_text()))


def start_campus(env: Mapping[str, str], courses: int | None) -> None:
    """The sample sources; an edit made there survives `down` and `up`."""
    state = accounts.own(places.data_dir() / "ours" / "campus", accounts.servers_account())
    more = ["--courses", courses] if courses else []
    options = ["--base-port", campus_port(), "--state-dir", state, *more]
    ours.start("campus", "campus", "serve", *options, env=env, ready=f"{campus_url()}/health")


def command(env: Mapping[str, str], *arguments: str, about: str, quiet: bool = False) -> None:
    """Run one of our own commands to its end. Raises CloudError with what it said."""
    console.say(f"{about} ...")
    argv = [sys.executable, *arguments]
    done = subprocess.run(argv, env=dict(env), cwd=places.CHECKOUT, capture_output=quiet, text=True, check=False)
    if done.returncode:
        said = f"\n{done.stdout[-2000:]}{done.stderr[-4000:]}" if quiet else ""
        raise CloudError(f"{about} failed: python {' '.join(arguments)} ended with {done.returncode}.{said}")


def down(*, wipe: bool = False) -> list[str]:
    """Stop what runs, workers first, the cloud last: it saves its state on a clean stop. ``wipe``: forget the data."""
    stopped = [name for name in [*workers.names(), "campus"] if processes.stop(name)]
    return stopped + list(manager.down(wipe=wipe))
