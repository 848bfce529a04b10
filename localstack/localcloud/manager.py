"""The local cloud as a whole: up, down, and what is known of it in between (`.local/cloud.json`)."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from localcloud import (
    choices,
    compose,
    console,
    files,
    localstack_core,
    ministack,
    opensearch,
    osmem,
    places,
    ports,
    prerequisites,
    processes,
    pythons,
)
from localcloud.choices import Choice, Have
from localcloud.errors import CloudError
from localcloud.servers import Server

Install = Callable[[int, Path], Server]
CLOUDS: Mapping[str, Install] = {"embedded": ministack.server, "localstack": localstack_core.server}
ENGINES: Mapping[str, Install] = {"opensearch": opensearch.server, "osmem": osmem.server}
SERVERS = ("ministack", "localstack", "opensearch", "osmem")


def up(cloud: str | None = None, search: str | None = None) -> dict:
    """Start what was chosen and is not running yet; returns what `.local/cloud.json` then says."""
    with files.locked(places.local_dir() / "locks" / "cloud"):
        known = state()
        if known and _same(known, cloud, search) and healthy(known):
            console.say(
                f"Already running: {known['cloud']} at {known['aws_endpoint_url']}, search at {known['opensearch_url']}."
            )
            return known
        _refuse_a_mixture()
        choice = choices.choose(cloud, search, have(cloud, search))
        for note in choice.notes:
            console.say(note)
        return _start(choice)


def down(*, wipe: bool = False) -> list[str]:
    """Stop everything of the local cloud, the cloud first; with `wipe` also forget what it stored."""
    with files.locked(places.local_dir() / "locks" / "cloud"):
        stopped = [name for name in SERVERS if processes.stop(name)]
        if (state() or {}).get("cloud") == "compose":
            compose.down(wipe=wipe)
            stopped.append("compose")
        _file().unlink(missing_ok=True)
        if wipe:
            shutil.rmtree(places.data_dir(), ignore_errors=True)
        return stopped


def state() -> dict | None:
    """What is running, as the last `up` wrote it."""
    return files.read_json(_file(), None)


def healthy(known: dict) -> bool:
    """Whether every server that `up` started is still there and answers."""
    alive = processes.running()
    return all(name in alive and processes.answers(each["ready"], 5) for name, each in known["processes"].items())


def exports(known: dict) -> dict[str, str]:
    """The environment that points clients at this cloud."""
    keys = {} if known["cloud"] == "external" else {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    endpoint = {"AWS_ENDPOINT_URL": known["aws_endpoint_url"]} if known["aws_endpoint_url"] else {}
    region = {"AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1")}
    return endpoint | keys | region | {"OPENSEARCH_URL": known["opensearch_url"]}


def have(cloud: str | None, search: str | None) -> Have:
    """What of the prerequisites is here; only what the choice may depend on is looked for."""
    return Have(
        java=prerequisites.java() is not None,
        maven=prerequisites.maven() is not None,
        python313=cloud == "localstack" and pythons.find(localstack_core.PYTHON) is not None,
        npm=shutil.which("npm") is not None,
        docker=cloud == "compose" and prerequisites.docker() is not None,
    )


def _start(choice: Choice) -> dict:
    data = places.data_dir()
    installed = list(_installed(choice, data))
    started = {}
    try:
        for server in installed:
            with console.task(f"Starting {server.name} at {server.url}"):
                started[server.name] = server.start()
    except BaseException:
        for name in started:
            processes.stop(name)
        raise
    known = _describe(choice, installed) | {
        "processes": {
            server.name: {"pid": started[server.name].pid, "started": started[server.name].started,
                          "log": started[server.name].log, "ready": server.ready}
            for server in installed
        }
    }  # fmt: skip
    files.write_json(_file(), known)
    return known


def _installed(choice: Choice, data: Path) -> Iterator[Server]:
    """The servers of a choice. All ports are claimed before anything is installed or started."""
    wanted = [
        (table[name], ports.claim(int(os.environ.get(setting, default)), name, setting))
        for table, name, setting, default in (
            (CLOUDS, choice.cloud, "CLOUD_PORT", "4566"),
            (ENGINES, choice.search, "SEARCH_PORT", "9200"),
        )
        if name in table
    ]
    for install, port in wanted:
        yield install(port, data)


def _describe(choice: Choice, installed: list[Server]) -> dict:
    urls = {server.name: server.url for server in installed}
    cloud_url = urls.get("ministack") or urls.get("localstack") or os.environ.get("AWS_ENDPOINT_URL", "")
    search_url = urls.get("opensearch") or urls.get("osmem") or choice.search
    return {
        "cloud": choice.cloud,
        "search": choice.search,
        "aws_endpoint_url": cloud_url,
        "opensearch_url": search_url,
        "capabilities": dict(choice.capabilities),
        "notes": list(choice.notes),
    }


def _same(known: dict, cloud: str | None, search: str | None) -> bool:
    return (cloud or known["cloud"]) == known["cloud"] and (search or known["search"]) == known["search"]


def _refuse_a_mixture() -> None:
    left = [name for name in SERVERS if name in processes.running()]
    if left:
        raise CloudError(
            f"Running already, but not as asked for: {', '.join(left)}. Stop it with `cloud.py down` first."
        )


def _file() -> Path:
    return places.local_dir() / "cloud.json"
