"""How the servers are configured: on loopback, pinned, with nothing of the developer's environment."""

import re

import pytest
import yaml

from localcloud import localstack_core, manager, ministack, opensearch, osmem, places, virtualenvs
from localcloud.servers import environment

LOCKS = ("ministack", "osmem", "localstack", "functions")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Every installer says it is done."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jvm.options").write_text("-Xlog:gc*:file=logs/gc.log\n-XX:HeapDumpPath=data\n-Xss1m\n")
    monkeypatch.setattr(virtualenvs, "virtualenv", lambda *_, **__: tmp_path / "python")
    monkeypatch.setattr("localcloud.installs.install", lambda *_: tmp_path)
    monkeypatch.setattr("localcloud.installs.run", lambda *_: str(tmp_path / "osmem-server"))
    monkeypatch.setattr("localcloud.prerequisites.need_java", lambda: opensearch.prerequisites.Java(tmp_path, 25))
    monkeypatch.setattr("localcloud.accounts.servers_account", lambda: None)
    (tmp_path / "osmem-server").touch()
    return tmp_path


def test_a_server_sees_nothing_of_the_shell_it_was_started_from(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    assert set(environment(tmp_path)) == {"PATH", "HOME", "TMPDIR", "LANG"}


def test_ministack_listens_on_loopback_only_and_keeps_its_state(installed):
    env = ministack.server(4566, installed / "data").env
    assert env["BIND_HOST"] == "127.0.0.1"
    assert env["IOT_MTLS_ENABLED"] == env["SFTP_ENABLED"] == "0"
    assert env["PERSIST_STATE"] == env["S3_PERSIST"] == "1"
    assert env["STATE_DIR"].startswith(str(installed / "data"))


def test_localstack_listens_on_loopback_only_and_runs_functions_as_processes(installed):
    server = localstack_core.server(4577, installed / "data")
    assert server.env["GATEWAY_LISTEN"] == "127.0.0.1:4577"
    assert server.env["GATEWAY_SERVER"] == "hypercorn"
    assert server.env["LAMBDA_RUNTIME_EXECUTOR"] == "process"


def test_osmem_listens_on_loopback_only(installed):
    assert "127.0.0.1:9201" in osmem.server(9201, installed / "data").argv


def test_opensearch_writes_outside_the_shared_tree_and_listens_on_loopback_only(installed):
    server = opensearch.server(9202, installed / "data")
    home = installed / "data" / "opensearch"
    settings = yaml.safe_load((home / "config" / "opensearch.yml").read_text())
    options = (home / "config" / "jvm.options").read_text()
    assert settings["network.host"] == "127.0.0.1"
    assert settings["http.port"] == 9202
    assert settings["path.data"] == str(home / "data")
    assert "Xlog:gc" not in options
    assert f"-XX:HeapDumpPath={home}/data" in options
    assert server.env["OPENSEARCH_PATH_CONF"] == str(home / "config")


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_with_hashes_and_names_no_index(name):
    lock = (places.REQUIREMENTS / f"{name}.txt").read_text()
    pins = re.findall(r"(?m)^([\w.\[\]-]+)==", lock)
    assert pins
    assert len(re.findall(r"(?m)^[\w.\[\]-]+==[^\n]*\\\n    --hash=sha256:", lock)) == len(pins)
    assert "http" not in lock.replace("httpcore", "").replace("httpx", "")


def test_the_packages_of_localstack_that_want_a_licence_are_not_installed():
    lock = (places.REQUIREMENTS / "localstack.txt").read_text()
    assert "localstack-core==4.14.0" in lock
    assert not re.search(r"(?m)^localstack(-ext)?==", lock)


def test_docker_publishes_on_loopback_only_and_pins_its_images():
    services = yaml.safe_load((places.LOCALSTACK / "compose.yaml").read_text())["services"]
    assert set(services) == {"localstack", "opensearch"}
    for service in services.values():
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
        assert re.fullmatch(r"[\w/-]+:\d+\.\d+\.\d+", service["image"])
        assert "healthcheck" in service
    assert services["localstack"]["image"] == "localstack/localstack:4.14.0"
    assert "LOCALSTACK_AUTH_TOKEN" in services["localstack"]["environment"]
    assert services["opensearch"]["environment"]["DISABLE_SECURITY_PLUGIN"] == "true"


def test_docker_runs_the_engine_that_the_host_runs():
    services = yaml.safe_load((places.LOCALSTACK / "compose.yaml").read_text())["services"]
    assert services["opensearch"]["image"].endswith(f":{opensearch.VERSION}")


@pytest.mark.parametrize(("cloud", "keys"), [("embedded", True), ("external", False)])
def test_test_credentials_are_exported_for_our_own_clouds_only(cloud, keys):
    known = {"cloud": cloud, "aws_endpoint_url": "http://127.0.0.1:1", "opensearch_url": "http://127.0.0.1:2"}
    exports = manager.exports(known)
    assert ("AWS_ACCESS_KEY_ID" in exports) == keys
    assert exports["OPENSEARCH_URL"] == "http://127.0.0.1:2"


def test_aws_itself_is_meant_where_there_is_no_endpoint():
    assert "AWS_ENDPOINT_URL" not in manager.exports(
        {"cloud": "external", "aws_endpoint_url": "", "opensearch_url": ""}
    )
