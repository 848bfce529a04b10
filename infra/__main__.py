"""The command line of infra: ``python -m infra template|package|deploy|outputs|destroy|kubernetes|generate``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from infra.alone import check_imports
from infra.clients import Clients
from infra.cloudformation.template import PARAMETERS, REQUIRED, template
from infra.deploy import Wish, addresses, deploy, destroy, outputs_file
from infra.generated import generated
from infra.manifests import IMAGE, Place, as_yaml, manifests
from infra.package import ROOT, TARGETS, build
from infra.progress import progress
from infra.stack import DeployFailed, Stack
from infra.stage import Stage


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what was asked."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given) or 0)
    except (DeployFailed, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, about in (
        ("template", _template, "print the CloudFormation template"),
        ("deploy", _deploy, "package, upload and bring the stack up to date"),
        ("outputs", _outputs, "print the addresses of what is deployed"),
        ("destroy", _destroy, "delete the stack (tables and bucket of a stage on AWS are retained)"),
    ):
        command = commands.add_parser(name, help=about)
        command.set_defaults(run=run)
        command.add_argument("--stage", required=True, help="local, local-… (an emulator) or a stage on AWS")
        command.add_argument("--endpoint-url", help="the emulator (default: AWS_ENDPOINT_URL, then port 4566)")
        command.add_argument("--region")
        if name == "deploy":
            _deploy_options(command)
        if name == "destroy":
            command.add_argument("--yes", action="store_true", help="without asking")
    kubernetes = commands.add_parser("kubernetes", help="print the Kubernetes manifests")
    kubernetes.set_defaults(run=_kubernetes)
    kubernetes.add_argument("--stage", default="prod")
    kubernetes.add_argument("--image", default=IMAGE)
    kubernetes.add_argument("--region", default="us-east-1")
    kubernetes.add_argument("--outputs", type=Path, help="a deployment's addresses, as deploy writes them")
    generate = commands.add_parser("generate", help="write anew what is made from the tables and kept in the checkout")
    generate.set_defaults(run=_generate)
    package = commands.add_parser("package", help="build the functions' zip and print where it is")
    package.set_defaults(run=_package)
    package.add_argument("--target", choices=TARGETS, default="x86_64")
    package.add_argument("--check", action="store_true", help="import all of it with nothing else at hand (local only)")
    return parser


def _deploy_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--root", type=Path, default=ROOT, help="where app.py and chalicelib are")
    command.add_argument("--architecture", choices=[t for t in TARGETS if t != "local"], default="x86_64")
    command.add_argument("--json", type=Path, help="where the outputs go (default: .local/deploy/STAGE.json)")
    for name, about in PARAMETERS.items():
        if name not in (*REQUIRED, "Architecture"):
            command.add_argument(_option(name), dest=name, help=about)


def _option(parameter: str) -> str:
    return "--" + "".join(f"-{c.lower()}" if c.isupper() else c for c in parameter).lstrip("-")


def _stage(given: argparse.Namespace) -> Stage:
    return Stage.of(given.stage, given.endpoint_url)


def _template(given: argparse.Namespace) -> None:
    print(json.dumps(template(_stage(given)), indent=1))


def _package(given: argparse.Namespace) -> None:
    built = build(TARGETS[given.target])
    if given.check:
        check_imports(built)
    print(json.dumps({"path": str(built.path), "digest": built.digest, "size": built.size, "unzipped": built.unzipped}))


def _kubernetes(given: argparse.Namespace) -> None:
    addresses = json.loads(given.outputs.read_text()) if given.outputs else {}
    print(as_yaml(manifests(Place(Stage.of(given.stage), given.image, given.region, addresses))), end="")


def _generate(_: argparse.Namespace) -> None:
    for name, text in generated().items():
        (ROOT / name).write_text(text)
        print(name)


def _deploy(given: argparse.Namespace) -> None:
    stage = _stage(given)
    parameters = {name: value for name in PARAMETERS if (value := getattr(given, name, None)) is not None}
    with progress() as told:
        wish = Wish(given.root.resolve(), given.architecture, parameters)
        done = deploy(stage, wish, Clients(stage, given.region), told)
    text = json.dumps(done.outputs, indent=1)
    path = given.json or outputs_file(stage)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")
    print(text)


def _outputs(given: argparse.Namespace) -> int:
    stage = _stage(given)
    with progress() as told:
        found = Stack(Clients(stage, given.region), told).outputs()
    if not found:
        print(f"{stage.prefix} is not deployed", file=sys.stderr)
        return 1
    print(json.dumps(addresses(stage, found), indent=1))
    return 0


def _destroy(given: argparse.Namespace) -> int:
    stage = _stage(given)
    if not given.yes and input(f"delete {stage.prefix}? Its name: ") != stage.prefix:
        return 1
    with progress() as told:
        destroy(stage, Clients(stage, given.region), told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
