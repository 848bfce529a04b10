"""What this machine has, and what is out for what it lacks."""

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from localcloud import accounts, pythons
from localcloud.choices import Have
from localcloud.errors import CloudError

JAVA_NEEDED = 21
JAVA_PLACES = (
    "usr/lib/jvm/*",
    "Library/Java/JavaVirtualMachines/*/Contents/Home",
    "opt/homebrew/opt/openjdk*",
    "usr/local/opt/openjdk*",
)


@dataclass(frozen=True)
class Java:
    """A Java installation."""

    home: Path
    version: int


@dataclass(frozen=True)
class Finding:
    """One thing the local cloud can use: where it is, or what is out without it and what to do."""

    name: str
    found: str | None
    without: str
    install: str


ADVICE = {
    "Java 21+": ("SEARCH=opensearch, the engine suite, CLOUD=localstack", "a JDK 21 or later; set JAVA_HOME"),
    "Maven": ("SEARCH=opensearch, the engine suite", "apt install maven, brew install maven"),
    "Python 3.13": ("CLOUD=localstack, the localstack suite", "pyenv install 3.13, uv python install 3.13"),
    "npm": ("CLOUD=localstack, the localstack suite", "Node.js with npm"),
    "Docker Compose": ("CLOUD=compose", "Docker with its compose plugin"),
}


@functools.cache
def java() -> Java | None:
    """The newest Java that OpenSearch can use and the servers' account can run, chosen ones first."""
    usable = [each for home in _java_homes() if (each := _examined(home)) and each.version >= JAVA_NEEDED]
    return next((each for each in usable if _runs(each)), None)


def need_java() -> Java:
    """That Java, or what to do about it."""
    if found := java():
        return found
    raise CloudError(
        f"OpenSearch needs Java {JAVA_NEEDED} or later: install one and set JAVA_HOME, or choose SEARCH=osmem."
    )


def maven() -> Path | None:
    """Apache Maven, the client that fetches OpenSearch."""
    found = shutil.which("mvn")
    return Path(found) if found else None


def need_maven() -> Path:
    """That Maven, or what to do about it."""
    if found := maven():
        return found
    raise CloudError(
        "OpenSearch is fetched with Maven: install it (apt install maven, brew install maven), or choose SEARCH=osmem."
    )


def have(cloud: str | None) -> Have:
    """What the choice of a cloud and an engine may depend on; what costs time is looked for only if it matters."""
    return Have(
        java=java() is not None,
        maven=maven() is not None,
        python313=cloud == "localstack" and pythons.find("3.13") is not None,
        npm=shutil.which("npm") is not None,
        docker=cloud == "compose" and docker() is not None,
        opensearch_url=os.environ.get("OPENSEARCH_URL", ""),
    )


def report() -> list[Finding]:
    """Everything looked for, with what is out where it is missing and what to install."""
    jdk = java()
    found = {
        "Java 21+": f"{jdk.home} ({jdk.version})" if jdk else None,
        "Maven": _text(maven()),
        "Python 3.13": _text(pythons.find("3.13")),
        "npm": shutil.which("npm"),
        "Docker Compose": _text(docker()),
    }
    return [Finding(name, found[name], *advice) for name, advice in ADVICE.items()]


def docker() -> Path | None:
    """Docker, where it has its compose command."""
    found = shutil.which("docker")
    works = found and subprocess.run([found, "compose", "version"], capture_output=True, check=False).returncode == 0
    return Path(found) if found and works else None


def _java_homes() -> Iterator[Path]:
    yield from (Path(home) for name in ("OPENSEARCH_JAVA_HOME", "JAVA_HOME") if (home := os.environ.get(name)))
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve().parent.parent
    found = {home.resolve() for place in JAVA_PLACES for home in Path("/").glob(place)}
    yield from sorted(found, key=lambda home: [int(n) for n in re.findall(r"\d+", home.name)], reverse=True)


def _examined(home: Path) -> Java | None:
    """What its `release` file says; asking each `java -version` would take a second."""
    release = home / "release"
    said = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.is_file() else None
    return Java(home, int(said[1])) if said and (home / "bin" / "java").exists() else None


def _runs(found: Java) -> bool:
    return accounts.can_run([str(found.home / "bin" / "java"), "-version"], accounts.servers_account())


def _text(path: Path | None) -> str | None:
    return str(path) if path else None
