"""The local cloud as a whole: up, down, and what is known of it in between (`.local/cloud.json`)."""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

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
)
from localcloud.choices import Choice
from localcloud.errors import CloudError
from localcloud.servers import Server

Known = dict[str, Any]
Install = Callable[[int, Path], Server]
CLOUDS: Mapping[str, Install] = {"embedded": ministack.server, "localstack": localstack_core.server}
ENGINES: Mapping[str, Install] = {"opensearch": opensearch.server, "osmem": osmem.server}
SERVERS = ("ministack", "localstack", "opensearch", "osmem")
PORTS = {"CLOUD_PORT": 4566, "SEARCH_PORT": 9200}


def up(cloud: str | None = None, search: str | None = None) -> Known:
    """Start what was chosen unless it runs already; returns what `.local/cloud.json` then says."""
    with files.locked(_lock()):
        known = state()
        if known and _is_what_is_asked(known, cloud, search):
            if healthy(known):
                console.say(f"Already running: {known['cloud']} at {known['aws_endpoint_url']}.")
                return known
            _stop()
        elif known and _alive():
            raise CloudError(f"{known['cloud']} with {known['search']} is running: stop it first (`cloud.py down`).")
        choice = choices.choose(cloud, search, prerequisites.have(cloud))
        console.say("\n".join(choice.notes))
        return _start(choice)


def down(*, wipe: bool = False) -> list[str]:
    """Stop everything of the local cloud, and say what that was; with `wipe` also forget what it stored."""
    with files.locked(_lock()):
        stopped = _stop(wipe=wipe)
        if wipe:
            shutil.rmtree(places.data_dir(), ignore_errors=True)
        return stopped


def state() -> Known | None:
    """What is running, as the last `up` wrote it."""
    known: Known | None = files.read_json(_file(), None)
    return known


def healthy(known: Known) -> bool:
    """Whether everything that `up` started is still there and answers."""
    alive, started = processes.running(), known.get("processes")
    if started is None or not all(name in alive for name in started):
        return False
    answering = all(processes.answers(each["ready"], 5) for each in started.values())
    return answering and ("compose" not in (known["cloud"], known["search"]) or compose.healthy())


def exports(known: Known) -> dict[str, str]:
    """The environment that points clients at this cloud."""
    endpoint = {"AWS_ENDPOINT_URL": known["aws_endpoint_url"]} if known["aws_endpoint_url"] else {}
    keys = {} if known["cloud"] == "external" else {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    region = {"AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1")}
    return endpoint | keys | region | {"OPENSEARCH_URL": known["opensearch_url"]}


def _start(choice: Choice) -> Known:
    wanted = _claimed(choice)
    known = _describe(choice, wanted)
    files.write_json(_file(), known)  # from here on `down` knows what there is to stop
    try:
        if "compose" in (choice.cloud, choice.search):
            _start_containers(choice, wanted)
        servers = [install(wanted[setting], places.data_dir()) for setting, install in _installers(choice).items()]
        known["processes"] = {each.name: _run(each) for each in servers}
    except BaseException:
        _stop()
        raise
    files.write_json(_file(), known)
    return known


def _installers(choice: Choice) -> dict[str, Install]:
    found = {"CLOUD_PORT": CLOUDS.get(choice.cloud), "SEARCH_PORT": ENGINES.get(choice.search)}
    return {setting: install for setting, install in found.items() if install}


def _claimed(choice: Choice) -> dict[str, int]:
    """The ports of what has to be started, all of them free before anything is installed or started."""
    names = {"CLOUD_PORT": choice.cloud, "SEARCH_PORT": choice.search}
    elsewhere = {"CLOUD_PORT": choice.cloud == "external", "SEARCH_PORT": choices.is_url(choice.search)}
    return {
        setting: ports.claim(int(os.environ.get(setting) or default), names[setting], setting)
        for setting, default in PORTS.items()
        if not elsewhere[setting]
    }


def _start_containers(choice: Choice, wanted: dict[str, int]) -> None:
    services = [
        name for name, picked in (("localstack", choice.cloud), ("opensearch", choice.search)) if picked == "compose"
    ]
    with console.task(f"Starting {' and '.join(services)} in Docker"):
        compose.up(services, wanted)


def _run(server: Server) -> Known:
    with console.task(f"Starting {server.name} at {server.url}"):
        process = server.start()
    return {"pid": process.pid, "started": process.started, "log": process.log, "ready": server.ready}


def _describe(choice: Choice, wanted: dict[str, int]) -> Known:
    urls = {setting: f"http://{ports.LOOPBACK}:{port}" for setting, port in wanted.items()}
    contained = choice.cloud == "compose"  # there functions are containers, and loopback is their own
    search = urls.get("SEARCH_PORT", choice.search)
    return {
        "cloud": choice.cloud,
        "search": choice.search,
        "aws_endpoint_url": urls.get("CLOUD_PORT", os.environ.get("AWS_ENDPOINT_URL", "")),
        "opensearch_url": search,
        "seen_by_functions": {
            "opensearch_url": "http://opensearch:9200" if contained and choice.search == "compose" else search,
            "host": "host.docker.internal" if contained else ports.LOOPBACK,
        },
        "capabilities": dict(choice.capabilities),
        "notes": list(choice.notes),
    }


def _is_what_is_asked(known: Known, cloud: str | None, search: str | None) -> bool:
    return cloud in (None, known["cloud"]) and search in (None, known["search"])


def _stop(*, wipe: bool = False) -> list[str]:
    stopped = [name for name in SERVERS if processes.stop(name)]
    known = state() or {}
    if "compose" in (known.get("cloud"), known.get("search")):
        compose.down(wipe=wipe)
        stopped.append("containers")
    _file().unlink(missing_ok=True)
    return stopped


def _alive() -> bool:
    return any(name in processes.running() for name in SERVERS)


def _file() -> Path:
    return places.local_dir() / "cloud.json"


def _lock() -> Path:
    return places.local_dir() / "locks" / "cloud"
