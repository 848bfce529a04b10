"""The command line of the local cloud."""

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Sequence

from localcloud import console, manager, places, prerequisites, processes
from localcloud.errors import CloudError

NOT_RUNNING = "Not running: start it with `python localstack/cloud.py up`."


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 if it did what it says."""
    arguments = _parser().parse_args(words)
    try:
        return COMMANDS[arguments.command](arguments)
    except CloudError as error:
        print(f"cloud: {error}", file=sys.stderr)
        return 1


def _up(arguments: argparse.Namespace) -> int:
    known = manager.up(arguments.cloud, arguments.search)
    console.say(f"AWS at {known['aws_endpoint_url'] or 'AWS itself'}, search at {known['opensearch_url']}.")
    console.say('For a shell: eval "$(python localstack/cloud.py env)"')
    return 0


def _down(arguments: argparse.Namespace) -> int:
    stopped = manager.down(wipe=arguments.wipe)
    console.say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


def _status(_: argparse.Namespace) -> int:
    known = manager.state()
    well = bool(known and manager.healthy(known))
    console.say("\n".join(known["notes"]) if known else NOT_RUNNING)
    for name, process in processes.running().items():
        console.say(f"{name}: pid {process.pid}, log {process.log}")
    if known and not well:
        console.say("Something of it is gone or does not answer: `python localstack/cloud.py up` starts it anew.")
    for each in prerequisites.report():
        console.say(f"{each.name}: {each.found or f'not here, so without {each.without}. To install: {each.install}'}")
    return 0 if well else 1


def _logs(arguments: argparse.Namespace) -> int:
    log = places.local_dir() / "logs" / f"{arguments.name}.log"
    if not log.exists():
        known = ", ".join(sorted(each.stem for each in log.parent.glob("*.log")))
        raise CloudError(f"No log of {arguments.name}; there are: {known or 'none'}.")
    print(processes.log_tail(log, 200))
    return 0


def _env(_: argparse.Namespace) -> int:
    known = manager.state()
    if not known:
        raise CloudError(NOT_RUNNING)
    for name, value in manager.exports(known).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "up": _up,
    "down": _down,
    "status": _status,
    "logs": _logs,
    "env": _env,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cloud.py", description="AWS's APIs and a search engine, on loopback.")
    verbs = parser.add_subparsers(dest="command", required=True)
    start = verbs.add_parser("up", help="start what is not running yet (ports: CLOUD_PORT, SEARCH_PORT; 0 is any)")
    start.add_argument(
        "--cloud", default=os.environ.get("CLOUD") or None, help="embedded (default), localstack, compose, external"
    )
    start.add_argument("--search", default=os.environ.get("SEARCH") or None, help="opensearch, osmem or a URL")
    stop = verbs.add_parser("down", help="stop everything")
    stop.add_argument("--wipe", action="store_true", help="also forget what was stored")
    verbs.add_parser("status", help="what runs, and what this machine lacks")
    verbs.add_parser("logs", help="the end of a server's log").add_argument("name")
    verbs.add_parser("env", help="shell exports for clients")
    return parser
