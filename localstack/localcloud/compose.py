"""LocalStack and OpenSearch in Docker, for machines that have it."""

from localcloud import installs, places, prerequisites
from localcloud.errors import CloudError

FILE = places.LOCALSTACK / "compose.yaml"


def up(services: list[str], ports: dict[str, int]) -> None:
    """Start containers of these services and wait until they are healthy."""
    environment = [f"{name}={port}" for name, port in ports.items()]
    installs.run(["env", *environment, *_compose(), "up", "--detach", "--wait", *services], "Starting the containers")


def down(*, wipe: bool) -> None:
    """Stop the containers; with `wipe` their volumes go too."""
    installs.run([*_compose(), "down", *(["--volumes"] if wipe else [])], "Stopping the containers")


def healthy() -> bool:
    """Whether a container of ours runs."""
    return bool(installs.run([*_compose(), "ps", "--quiet", "--status", "running"], "Asking Docker").strip())


def _compose() -> list[str]:
    found = prerequisites.docker()
    if not found:
        raise CloudError("CLOUD=compose needs Docker with its compose plugin: install it, or leave CLOUD out.")
    return [str(found), "compose", "--file", str(FILE)]
