"""Which cloud and which search engine to run, and what that leaves out. Pure: what the machine has is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from localcloud.errors import CloudError

CLOUDS = ("embedded", "localstack", "compose", "external")
ENGINES = ("opensearch", "osmem")


@dataclass(frozen=True)
class Have:
    """What of the prerequisites is here, and what the environment says of an engine that is elsewhere."""

    java: bool = False
    maven: bool = False
    python313: bool = False
    npm: bool = False
    docker: bool = False
    opensearch_url: str = ""


@dataclass(frozen=True)
class Choice:
    """What will run, what it can do, and what is worth knowing about it. `search` may be a URL."""

    cloud: str
    search: str
    capabilities: Mapping[str, bool] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


CLOUD_CAN = {
    "embedded": {"persistence": True, "scheduler": True, "authorizers": True, "chalice_deploy": False},
    "localstack": {"persistence": False, "scheduler": False, "authorizers": False, "chalice_deploy": True},
    "compose": {"persistence": False, "scheduler": False, "authorizers": False, "chalice_deploy": True},
    "external": {"persistence": True, "scheduler": True, "authorizers": True, "chalice_deploy": True},
}
GENUINE = {"percolator": True, "synonyms": True, "search_persistence": True}
STAND_IN = {"percolator": False, "synonyms": False, "search_persistence": False}
NEEDS = {"localstack": ("java", "python313", "npm"), "compose": ("docker",), "opensearch": ("java", "maven")}
NAMES = {
    "java": "Java 21 or later",
    "maven": "Maven",
    "python313": "Python 3.13",
    "npm": "npm",
    "docker": "Docker with its compose plugin",
}
FORGETS = "forgets at `down`, EventBridge Scheduler never fires (rules do), API Gateway authorizers are not enforced"
CLOUD_NOTES = {
    "embedded": "cloud: ministack; state survives `down`, not a kill -9. Closer to AWS: CLOUD=localstack, compose.",
    "localstack": f"cloud: LocalStack on this host; it {FORGETS}.",
    "compose": f"cloud: LocalStack in Docker; it {FORGETS}.",
    "external": "cloud: what AWS_ENDPOINT_URL names, AWS itself where it is unset; nothing is started for it.",
}
SEARCH_NOTES = {
    "opensearch": "search: OpenSearch itself, nothing is off.",
    "compose": "search: OpenSearch in Docker, nothing is off.",
    "osmem": "search: osmem, a stand-in in memory without percolator, synonyms, persistence; rankings differ. ",
}


def choose(cloud: str | None, search: str | None, have: Have) -> Choice:
    """The cloud and engine to run: what was asked for, else the embedded cloud, with OpenSearch where it can run."""
    cloud = cloud or "embedded"
    _check(f"CLOUD={cloud}", cloud, CLOUDS, have)
    search = search or _default_search(cloud, have)
    if not is_url(search):
        _check(f"SEARCH={search}", search, ("compose",) if search == cloud else ENGINES, have)
    can = CLOUD_CAN[cloud] | (STAND_IN if search == "osmem" else GENUINE)
    return Choice(cloud, search, can, (CLOUD_NOTES[cloud], _search_note(search, have)))


def is_url(search: str) -> bool:
    """Whether SEARCH names an engine that runs already."""
    return search.startswith(("http://", "https://"))


def missing(name: str, have: Have) -> list[str]:
    """What a choice needs and the machine lacks."""
    return [NAMES[each] for each in NEEDS.get(name, ()) if not getattr(have, each)]


def _check(asked: str, name: str, known: tuple[str, ...], have: Have) -> None:
    if name not in known:
        raise CloudError(f"{asked} is none of {', '.join(known)}{' and no URL' if known is ENGINES else ''}.")
    if lacks := missing(name, have):
        raise CloudError(f"{asked} needs {' and '.join(lacks)}, which is not here: install it, or leave {asked} out.")


def _default_search(cloud: str, have: Have) -> str:
    if cloud == "external" and not have.opensearch_url:
        raise CloudError("CLOUD=external needs OPENSEARCH_URL as well (or SEARCH): the engine that goes with it.")
    defaults = {"compose": "compose", "external": have.opensearch_url}
    return defaults.get(cloud) or ("osmem" if missing("opensearch", have) else "opensearch")


def _search_note(search: str, have: Have) -> str:
    if is_url(search):
        return f"search: {search}, taken for a genuine OpenSearch."
    if search != "osmem":
        return SEARCH_NOTES[search]
    lacks = missing("opensearch", have)
    return SEARCH_NOTES["osmem"] + (
        f"For the engine itself: {' and '.join(lacks)}." if lacks else "SEARCH=opensearch runs here."
    )
