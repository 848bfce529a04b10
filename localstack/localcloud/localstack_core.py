"""LocalStack itself on the host."""

from pathlib import Path

from localcloud.servers import Server

PYTHON = "3.13"


def server(port: int, data: Path) -> Server:
    """Install LocalStack and say how to run it."""
    raise NotImplementedError
