"""A system that has loaded nothing: what `run.py up` starts, without workers and without the first load."""

from __future__ import annotations

import json
import os
import sys

from localcloud import files, manager, places
from localrun import system
from localrun.endpoints import write


def main() -> int:
    """Cloud, deployment, campus and tenants; queues and schedules start nothing."""
    cloud = manager.up(os.environ.get("CLOUD"), os.environ.get("SEARCH"))
    env = system.environment(cloud)
    deployed = system.deploy(env, workers_run_here=True)
    env |= {"UPDATES_TOPIC_ARN": deployed["topics"]["updates"], "CHANGES_TOPIC_ARN": deployed["topics"]["changes"]}
    system.start_campus(env, int(os.environ["BENCH_COURSES"]))
    system.command(env, "-m", "localrun.seed", about="tenants, credentials and vocabularies", quiet=True)
    known = write(cloud, deployed, env, containers=True)
    files.write_json(places.local_dir() / "endpoints.json", json.loads(json.dumps(known)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
