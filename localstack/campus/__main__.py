"""Command line: serve the campus, print its tenants, make edits, switch faults."""

from __future__ import annotations

import argparse
import json
import os
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from campus import config
from campus.config import BASE_PORT, HOSTS, Addresses


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(arguments)
    return options.work(options) or 0


def serve(options: argparse.Namespace) -> None:
    """Run all systems until told to stop."""
    from campus import campus, serve

    ready = campus.found(
        campus.Options(
            seed=options.seed,
            courses=options.courses,
            pyrite_courses=options.pyrite_courses,
            base_port=options.base_port,
            host=options.host,
            bind=options.bind,
            state_dir=options.state_dir,
            now=options.now,
        )
    )
    ready.exchange.configure(
        options.updates_topic_arn, os.environ.get("AWS_ENDPOINT_URL"), os.environ.get("AWS_REGION")
    )
    serve.run(ready)


def tenants(options: argparse.Namespace) -> None:
    """Print what a catalog must know of each tenant, as JSON."""
    print(
        json.dumps({code: config.tenant(Addresses(code, options.base_port, options.host)) for code in HOSTS}, indent=2)
    )


def edit(options: argparse.Namespace) -> int:
    """Make one edit and tell it."""
    body = {"what": options.what, "key": options.key, "value": options.value, "publish": not options.quiet}
    told = _post(options, f"/admin/{options.tenant}/edits", body)
    print(json.dumps(told, indent=2, ensure_ascii=False) if options.json else _story(told))
    return 0 if "after" in told else 1


def bulk(options: argparse.Namespace) -> None:
    """Make many random edits."""
    body = {name: getattr(options, name) for name in ("count", "seed", "rate", "duplicates", "shuffle")}
    told = _post(options, f"/admin/{options.tenant}/edits/bulk", body)
    told.pop("subjects", None)
    print(json.dumps(told, indent=2))


def faults(options: argparse.Namespace) -> None:
    """Switch faults on or off."""
    body: dict[str, Any] = {"tenant": options.tenant, "source": options.source, "clear": options.clear}
    body |= {"for_seconds": options.for_seconds} if options.for_seconds else {}
    body |= {"preset": options.preset} if options.preset else {}
    for setting in options.settings:
        name, _, text = setting.partition("=")
        body[name] = _value(text)
    print(json.dumps(_post(options, "/admin/faults", body), indent=2))


def _value(text: str) -> Any:
    try:
        return json.loads(text or "true")
    except json.JSONDecodeError:
        return text


def _story(told: dict[str, Any]) -> str:
    """An edit for people."""
    if "after" not in told:
        return f"no edit: {told.get('detail')}"
    lines = [f"{told['tenant']}: {told['what']} of {told['key']}"]
    for name, after in told["after"].items():
        lines += [f"  {name}", f"    before  {told['before'].get(name)}", f"    after   {after}"]
    for update in told["updates"]:
        lines.append(f"  update  {update['id']}  {update['source']}  {update['type']}  {update['subject']}")
    lines.append(
        f"  published at {told['published_at']}" if told["published"] else "  not published: no exchange is set"
    )
    return "\n".join(lines)


def _post(options: argparse.Namespace, path: str, body: dict[str, Any]) -> dict[str, Any]:
    url = f"http://{options.host}:{options.base_port}{path}"
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=3600) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))
    except urllib.error.URLError as error:
        raise SystemExit(f"no campus answers at {url}: {error.reason}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="campus", description=__doc__)
    commands = parser.add_subparsers(required=True)
    _serve_options(_command(commands, "serve", serve))
    _command(commands, "tenants", tenants)
    one = _command(commands, "edit", edit)
    one.add_argument("--tenant", default="edx")
    one.add_argument("--what", default="title")
    one.add_argument("--key")
    one.add_argument("--value", type=_value)
    one.add_argument("--quiet", action="store_true", help="edit without publishing")
    one.add_argument("--json", action="store_true")
    _bulk_options(_command(commands, "bulk", bulk))
    _fault_options(_command(commands, "faults", faults))
    return parser


def _command(commands: Any, name: str, work: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=work.__doc__)
    parser.add_argument("--base-port", type=int, default=int(os.environ.get("CAMPUS_PORT", BASE_PORT)))
    parser.add_argument("--host", default="127.0.0.1")
    parser.set_defaults(work=work)
    return parser


def _serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--courses", type=int, default=60, help="courses of the first tenant")
    parser.add_argument("--pyrite-courses", type=int, default=15, help="courses of the second tenant")
    parser.add_argument("--bind", help="address to listen on, if not --host")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--now", type=_moment, help="the day the campus is founded on; today by default")
    parser.add_argument("--state-dir", type=Path, help="where keys and edits are kept; nowhere by default")
    parser.add_argument("--updates-topic-arn", default=os.environ.get("UPDATES_TOPIC_ARN"))


def _bulk_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tenant", default="edx")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0, help="messages a second; 0 is as fast as possible")
    parser.add_argument("--duplicates", type=float, default=0, help="share of messages sent twice")
    parser.add_argument("--shuffle", action="store_true")


def _fault_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("settings", nargs="*", help="name=value, such as rate_limit=40")
    parser.add_argument("--tenant", default="*")
    parser.add_argument("--source", default="*")
    parser.add_argument("--for-seconds", type=float)
    parser.add_argument("--preset", choices=["realistic"])
    parser.add_argument("--clear", action="store_true")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    raise SystemExit(main())
