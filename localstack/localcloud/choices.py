"""Which cloud and which search engine to run, and what that leaves out. Pure: what the machine has is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from localcloud.errors import CloudError

CLOUDS = ("embedded", "localstack", "compose", "external")
SEARCHES = ("opensearch", "osmem")


@dataclass(frozen=True)
class Have:
    """What of the prerequisites is here."""

    java: bool = False
    maven: bool = False
    python313: bool = False
    npm: bool = False
    docker: bool = False


@dataclass(frozen=True)
class Choice:
    """What will run, what it can do, and what is worth knowing about it."""

    cloud: str
    search: str
    capabilities: Mapping[str, bool] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


CLOUD_CAN = {
    "embedded": {"persistence": True, "scheduler": True, "authorizers": True, "import_rest_api": False},
    "localstack": {"persistence": False, "scheduler": False, "authorizers": False, "import_rest_api": True},
    "compose": {"persistence": False, "scheduler": False, "authorizers": False, "import_rest_api": True},
    "external": {"persistence": True, "scheduler": True, "authorizers": True, "import_rest_api": True},
}
SEARCH_CAN = {
    "opensearch": {"percolator": True, "synonyms": True, "search_persistence": True},
    "osmem": {"percolator": False, "synonyms": False, "search_persistence": False},
}
NEEDS = {"localstack": ("java", "python313", "npm"), "compose": ("docker",), "opensearch": ("java", "maven")}
NAMES = {
    "java": "Java 21 or later",
    "maven": "Maven",
    "python313": "Python 3.13",
    "npm": "npm",
    "docker": "Docker Compose",
}
CLOUD_NOTES = {
    "embedded": "cloud: embedded (ministack; state survives `down`, not a kill -9). Closer to AWS: CLOUD=localstack or CLOUD=compose.",
    "localstack": "cloud: LocalStack on this host (forgets at `down`; EventBridge Scheduler never fires; authorizers not enforced).",
    "compose": "cloud: LocalStack in Docker (forgets at `down`; needs its images, and for later tags LOCALSTACK_AUTH_TOKEN).",
    "external": "cloud: external, as AWS_ENDPOINT_URL says (unset means AWS itself); nothing is started for it.",
}
SEARCH_NOTES = {
    "opensearch": "search: OpenSearch itself; nothing is off.",
    "osmem": "search: osmem, a stand-in in memory: no percolator, synonyms or persistence, rankings only similar.",
    "compose": "search: OpenSearch in Docker; nothing is off.",
    "url": "search: {url}, taken for a genuine OpenSearch.",
}


def choose(cloud: str | None, search: str | None, have: Have) -> Choice:
    """The cloud and engine to run: what was asked for, else embedded, with OpenSearch where it can run."""
    cloud = cloud or "embedded"
    if cloud not in CLOUDS:
        raise CloudError(f"CLOUD={cloud} is none of {', '.join(CLOUDS)}.")
    _require(f"CLOUD={cloud}", cloud, have)
    picked = search or _default_search(cloud, have)
    if picked not in (*SEARCHES, "compose") and not _is_url(picked):
        raise CloudError(f"SEARCH={picked} is none of {', '.join(SEARCHES)}, nor a URL.")
    if picked != "compose":
        _require(f"SEARCH={picked}", picked, have)
    can = CLOUD_CAN[cloud] | SEARCH_CAN.get(picked, SEARCH_CAN["opensearch"])
    return Choice(cloud, picked, can, (CLOUD_NOTES[cloud], _search_note(picked, search, have)))


def missing(name: str, have: Have) -> list[str]:
    """What a choice needs and the machine lacks."""
    return [NAMES[each] for each in NEEDS.get(name, ()) if not getattr(have, each)]


def _require(asked: str, name: str, have: Have) -> None:
    if lacks := missing(name, have):
        raise CloudError(
            f"{asked} needs {' and '.join(lacks)}, which this machine lacks: install it, or leave the choice to us."
        )


def _default_search(cloud: str, have: Have) -> str:
    if cloud == "compose":
        return "compose"
    return "osmem" if missing("opensearch", have) else "opensearch"


def _search_note(picked: str, asked: str | None, have: Have) -> str:
    if _is_url(picked):
        return SEARCH_NOTES["url"].format(url=picked)
    lacks = missing("opensearch", have)
    better = f" Better: {' and '.join(lacks)}." if picked == "osmem" and lacks else ""
    return SEARCH_NOTES[picked] + (better or (" Better: SEARCH=opensearch." if picked == "osmem" else ""))


def _is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))
