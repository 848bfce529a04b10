"""DynamoDB Local as we fetched it, instead of LocalStack's own download, and listening on loopback only."""
# mypy: ignore-errors
# LocalStack is installed in its own virtualenv only, so that mypy cannot see what these build on.

import os
from pathlib import Path

from localstack.runtime import hooks

LAUNCHER = Path(__file__).with_name("LoopbackDynamoDB.java")


@hooks.on_infra_start()
def use_the_fetched_dynamodb() -> None:
    """Point LocalStack's DynamoDB at CATALOG_DYNAMODB_DIR, run by the Java of CATALOG_JAVA_HOME."""
    from localstack.services.dynamodb.packages import DynamoDBLocalPackageInstaller
    from localstack.services.dynamodb.server import DynamodbServer

    DynamoDBLocalPackageInstaller.install = lambda self, target=None: None
    DynamoDBLocalPackageInstaller.get_java_env_vars = lambda self: {}
    DynamodbServer._create_shell_command = _command


def _command(server) -> list[str]:
    jars = Path(os.environ["CATALOG_DYNAMODB_DIR"])
    return [
        f"{os.environ['CATALOG_JAVA_HOME']}/bin/java",
        f"-Xmx{server.heap_size}",
        f"-Djava.library.path={jars / 'DynamoDBLocal_lib'}",
        "-cp",
        f"{jars / 'DynamoDBLocal.jar'}:{jars / 'DynamoDBLocal_lib'}/*",
        str(LAUNCHER),
        *("-port", str(server.port), "-inMemory", "-disableTelemetry"),
    ]
