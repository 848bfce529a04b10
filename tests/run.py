"""`make test`: every suite that this machine can run, in order; those it cannot are named with the reason.

Suites on the local cloud start one of their own on free ports, beside whatever runs here, and stop it again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "localstack")]

from localcloud import ports, prerequisites  # noqa: E402

CI = os.environ.get("CI") == "true"
Env = dict[str, str]
OURS = frozenset(
    {"OPENSEARCH_URL", "UPDATES_TOPIC_ARN", "CHANGES_TOPIC_ARN", "ENDPOINTS", "CLOUD", "SEARCH", "MODE", "COURSES"}
)
NEEDS = {"end-to-end": (), "engine": ("Java 21+", "Maven"), "localstack": ("Java 21+", "Maven", "Python 3.13", "npm")}


@dataclass
class Suite:
    """One run of pytest: what it selects, and the system it needs."""

    name: str
    arguments: list[str]
    system: Callable[[Env], Env] | None = None
    needs: tuple[str, ...] = ()
    environment: Env = field(default_factory=dict)


def main(wanted: list[str]) -> int:
    """Run the suites (all, or those named); 0 if none failed and, in CI, none was left out."""
    missing = {f.name: f.install for f in prerequisites.report() if not f.found}
    results, left_out = {}, {}
    for suite in [s for s in SUITES if not wanted or s.name in wanted]:
        lacks = [need for need in suite.needs if need in missing]
        if lacks:
            left_out[suite.name] = "; ".join(f"{need} is not here (install {missing[need]})" for need in lacks)
            continue
        results[suite.name] = _run(suite)
    _summary(results, left_out)
    return 1 if any(results.values()) or (CI and left_out) else 0


def _run(suite: Suite) -> int:
    print(f"\n=== {suite.name} ===", flush=True)
    started = time.monotonic()
    env = {
        **_without_a_cloud(os.environ),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'localstack'}",
        **suite.environment,
    }
    with tempfile.TemporaryDirectory(prefix="catalog-tests-") as place:
        try:
            if suite.system:
                env |= suite.system({**env, **_own_place(place)})
            code = subprocess.run(
                [sys.executable, "-m", "pytest", *suite.arguments], cwd=ROOT, env=env, check=False
            ).returncode
        except subprocess.CalledProcessError as error:
            print(f"the system of this suite did not start: {error}", flush=True)
            code = 1
        finally:
            if suite.system:
                _stop(env | _own_place(place), place, keep=code != 0 if "code" in locals() else True)
    print(
        f"=== {suite.name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s ===", flush=True
    )
    return code


def _without_a_cloud(environ: Mapping[str, str]) -> Env:
    """The caller's environment without the cloud it may point at: tests must never touch a system that is in use."""
    return {k: v for k, v in environ.items() if not k.startswith(("AWS_", "CATALOG_")) and k not in OURS}


def _own_place(place: str) -> Env:
    """A system of its own: state in a directory that goes away, ports that nobody has."""
    if place not in _PLACES:
        base = _free_block()
        _PLACES[place] = {
            "CATALOG_LOCAL_DIR": place,
            "CLOUD_PORT": str(ports.free_port()),
            "SEARCH_PORT": str(ports.free_port()),
            "SERVE_PORT": str(ports.free_port()),
            "CAMPUS_PORT": str(base),
        }
    return _PLACES[place]


_PLACES: dict[str, Env] = {}


def _free_block() -> int:
    """The campus takes every tenth port from its first one on."""
    for base in range(21000, 29000, 100):
        if all(ports.is_free(base + offset) for offset in range(0, 50, 10)):
            return base
    raise SystemExit("no free ports between 21000 and 29000")


def system(*, cloud: str, search: str) -> Callable[[Env], Env]:
    """Start cloud, deployment and campus as `make run` does; tests find them through ENDPOINTS."""

    def start(env: Env) -> Env:
        chosen = {**env, "CLOUD": cloud, **({"SEARCH": search} if search else {}), "OPENSEARCH_REFRESH": "200ms"}
        subprocess.run([sys.executable, "localstack/run.py", "up", "--no-tour"], cwd=ROOT, env=chosen, check=True)
        return _exports(chosen)

    return start


def engines(env: Env) -> Env:
    """Both search engines, for the search adapter's contract."""
    urls = []
    for engine in ("opensearch", "osmem"):
        place = Path(env["CATALOG_LOCAL_DIR"]) / engine
        own = {**env, "CATALOG_LOCAL_DIR": str(place), "CLOUD": "external", "SEARCH": engine}
        own |= {"SEARCH_PORT": str(ports.free_port()), "AWS_ENDPOINT_URL": ""}
        subprocess.run([sys.executable, "localstack/cloud.py", "up"], cwd=ROOT, env=own, check=True)
        _ENGINES.append(own)
        urls.append(json.loads((place / "cloud.json").read_text())["opensearch_url"])
    return {"TEST_OPENSEARCH_URLS": ",".join(urls)}


_ENGINES: list[Env] = []


def _exports(env: Mapping[str, str]) -> Env:
    place = Path(env["CATALOG_LOCAL_DIR"])
    endpoints = json.loads((place / "endpoints.json").read_text())
    return {
        **{name: env[name] for name in ("CATALOG_LOCAL_DIR", "CAMPUS_PORT", "CLOUD_PORT", "SEARCH_PORT", "CLOUD")},
        "ENDPOINTS": str(place / "endpoints.json"),
        "AWS_ENDPOINT_URL": endpoints["aws_endpoint_url"] or "",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "OPENSEARCH_URL": endpoints["opensearch_url"],
        "UPDATES_TOPIC_ARN": endpoints["updates_topic_arn"],
        "CHANGES_TOPIC_ARN": endpoints["changes_topic_arn"],
    }


def _stop(env: Mapping[str, str], place: str, *, keep: bool) -> None:
    for own in _ENGINES:
        subprocess.run([sys.executable, "localstack/cloud.py", "down", "--wipe"], cwd=ROOT, env=own, check=False)
    _ENGINES.clear()
    if keep and (Path(place) / "logs").exists():
        kept = ROOT / ".local" / "failed-logs"
        shutil.copytree(Path(place) / "logs", kept, dirs_exist_ok=True)
        print(f"logs kept in {kept.relative_to(ROOT)}", flush=True)
    subprocess.run([sys.executable, "localstack/run.py", "down", "--wipe"], cwd=ROOT, env=dict(env), check=False)


def _summary(results: Mapping[str, int], left_out: Mapping[str, str]) -> None:
    print("\nSuites:")
    for name, code in results.items():
        print(f"  {name}: {'passed' if code == 0 else 'FAILED'}")
    for name, why in left_out.items():
        print(f"  {name}: left out, {why}")


SUITES = (
    Suite("quick", ["-n", "2", "tests/unit", "tests/app", "tests/contract", "-m", "not engine and not e2e"]),
    Suite("engine", ["tests/contract", "-m", "engine"], engines, NEEDS["engine"]),
    Suite("end-to-end", ["tests/e2e", "tests/contract", "-m", "e2e"], system(cloud="embedded", search="")),
    Suite("localstack", ["tests/e2e", "-m", "smoke"], system(cloud="localstack", search=""), NEEDS["localstack"]),
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
