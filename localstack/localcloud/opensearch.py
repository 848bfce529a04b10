"""OpenSearch itself, on the host: the minimal distribution from Maven Central, run by a Java that is already here."""

import os
import re
import shutil
import zipfile
from pathlib import Path

from localcloud import accounts, installs, ports, prerequisites
from localcloud.servers import Server, environment

VERSION = "3.6.0"
ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
SHA512 = (
    "b82066a97902879c47e26608848d068c09e74d2128edee2802e622867abd451d"
    "34a366acc6519d0b40fc97acc89d61c5bb330ab8b2086cf6ffa0f9fe4b9acaa4"
)
FETCH = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
SETTINGS = """\
cluster.name: course-catalog
discovery.type: single-node
network.host: {host}
http.port: {port}
transport.port: {transport}
path.data: {home}/data
path.logs: {home}/logs
cluster.routing.allocation.disk.threshold_enabled: false
"""


def server(port: int, data: Path) -> Server:
    """Install OpenSearch and say how to run it; its indices survive a stop."""
    unpacked = installs.install(f"opensearch/{VERSION}", _fetch, f"Fetching OpenSearch {VERSION} (155 MB)")
    account = accounts.servers_account()
    home = accounts.own(data / "opensearch", account)
    _configure(unpacked, home, port)
    for part in ("data", "logs", "tmp"):
        accounts.own(home / part, account)
    accounts.own_tree(home / "config", account)
    heap = os.environ.get("SEARCH_HEAP", "1g")
    env = environment(
        home,
        OPENSEARCH_JAVA_HOME=str(prerequisites.need_java().home),
        OPENSEARCH_JAVA_OPTS=f"-Xms{heap} -Xmx{heap}",
        OPENSEARCH_PATH_CONF=str(home / "config"),
        OPENSEARCH_TMPDIR=str(home / "tmp"),
    )
    url = f"http://{ports.LOOPBACK}:{port}"
    ready = f"{url}/_cluster/health?wait_for_status=yellow&timeout=1s"
    return Server("opensearch", url, (str(unpacked / "bin" / "opensearch"),), env, home, ready, 120)


def _fetch(fresh: Path) -> None:
    maven = prerequisites.need_maven()
    installs.run(
        [maven, "-q", "-B", FETCH, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={fresh}"],
        "Fetching with Maven",
        cwd=fresh,
    )
    archive = installs.check_digest(fresh / f"opensearch-{VERSION}.zip", "sha512", SHA512)
    with zipfile.ZipFile(archive) as body:
        body.extractall(fresh)
    archive.unlink()
    inner = fresh / f"opensearch-{VERSION}"
    for each in list(inner.iterdir()):
        each.rename(fresh / each.name)
    inner.rmdir()
    for program in (fresh / "bin").iterdir():
        program.chmod(0o755)  # zipfile drops run bits


def _configure(unpacked: Path, home: Path, port: int) -> None:
    """Everything it writes goes under `home`: the unpacked tree is shared, and not ours to write."""
    shutil.copytree(unpacked / "config", home / "config", dirs_exist_ok=True)
    settings = SETTINGS.format(host=ports.LOOPBACK, port=port, transport=ports.free_port(), home=home)
    (home / "config" / "opensearch.yml").write_text(settings)
    options = (unpacked / "config" / "jvm.options").read_text()
    options = re.sub(r"(?m)^.*-Xlog:gc.*$", "", options)
    options = options.replace("=logs/", f"={home}/logs/").replace("=data", f"={home}/data")
    (home / "config" / "jvm.options").write_text(options)
