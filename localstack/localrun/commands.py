"""The command line of the local system."""

import argparse
import os
import sys
from collections.abc import Sequence

from localcloud import console
from localcloud.errors import CloudError
from localrun import endpoints, system, tour


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 if it did what it says."""
    arguments = _parser().parse_args(words)
    try:
        return int(arguments.run(arguments))
    except CloudError as error:
        print(f"run: {error}", file=sys.stderr)
        return 1


def _up(arguments: argparse.Namespace) -> int:
    known = system.up(arguments.mode, arguments.courses)
    if not arguments.no_tour:
        tour.edit(known, "title")
        _say_where(known)
    return 0


def _say_where(known: endpoints.Endpoints) -> None:
    jwt = tour.token(known, "staff")
    console.say(f"\nThe internal API: {known['internal_url']}/api/v1/courses/")
    console.say(f"The campus:       {known['campus_url']}/admin/")
    console.say("Everything else:  .local/endpoints.json\n")
    console.say(f"A staff token (make token ROLE=staff|learner|service prints a new one):\n{jwt}\n")
    console.say(
        f'curl -H "Authorization: JWT $(make -s token ROLE=staff)" "{known["internal_url"]}/api/v1/courses/?limit=1"'
    )
    console.say("Change something and watch it arrive: make edit WHAT=price    Stop everything: make down")


def _needed() -> endpoints.Endpoints:
    known = endpoints.read()
    if known is None:
        raise CloudError("nothing runs here yet: `make run` starts it")
    return known


def _edit(arguments: argparse.Namespace) -> int:
    tour.edit(_needed(), arguments.what, arguments.tenant, arguments.key, arguments.value)
    return 0


def _token(arguments: argparse.Namespace) -> int:
    print(tour.token(_needed(), arguments.role, arguments.tenant))
    return 0


def _env(_: argparse.Namespace) -> int:
    """What an operator's commands need beside what the cloud itself exports."""
    known = _needed()
    print(f"export UPDATES_TOPIC_ARN={known['updates_topic_arn']} CHANGES_TOPIC_ARN={known['changes_topic_arn']}")
    print(f"export CATALOG_STAGE={system.STAGE}")
    return 0


def _down(arguments: argparse.Namespace) -> int:
    stopped = system.down(wipe=arguments.wipe)
    console.say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="The whole system on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start everything, load the campus, show a change arriving")
    up.add_argument("--mode", choices=["functions", "containers"], default=os.environ.get("MODE") or "functions")
    up.add_argument("--courses", type=int, default=int(os.environ.get("COURSES") or 0) or None)
    up.add_argument("--no-tour", action="store_true", help="make no change to watch")
    up.set_defaults(run=_up)
    edit = commands.add_parser("edit", help="change something in the campus and watch it arrive")
    edit.add_argument("--what", default=os.environ.get("WHAT") or "title")
    edit.add_argument("--tenant", default=os.environ.get("TENANT") or "edx")
    edit.add_argument("--key", default=os.environ.get("KEY") or None)
    edit.add_argument("--value", default=os.environ.get("VALUE") or None)
    edit.set_defaults(run=_edit)
    token = commands.add_parser("token", help="print a signed JWT")
    token.add_argument("--role", choices=["staff", "learner", "service"], default=os.environ.get("ROLE") or "staff")
    token.add_argument("--tenant", default=os.environ.get("TENANT") or None)
    token.set_defaults(run=_token)
    commands.add_parser("env", help="print what an operator's commands need").set_defaults(run=_env)
    down = commands.add_parser("down", help="stop everything")
    down.add_argument("--wipe", action="store_true", help="forget the data too")
    down.set_defaults(run=_down)
    return parser
