"""The search stand-in: osmem, OpenSearch's REST API in memory, for machines without Java."""

from pathlib import Path

from localcloud import accounts, installs, ports, virtualenvs
from localcloud.servers import Server, environment

BINARY = "import osmem_server, pathlib; print(pathlib.Path(osmem_server.__file__).parent / 'bin' / 'osmem-server')"


def server(port: int, data: Path) -> Server:
    """Install osmem and say how to run it; it forgets everything when it stops."""
    python = virtualenvs.virtualenv("osmem", "3.11")
    binary = Path(installs.run([python, "-c", BINARY], "Finding osmem's binary").strip())
    binary.chmod(0o755)  # some installers drop its run bit
    home = accounts.own(data / "osmem", accounts.servers_account())
    address = f"{ports.LOOPBACK}:{port}"
    argv = (str(binary), "-addr", address, "-no-stdin-watch")
    return Server("osmem", f"http://{address}", argv, environment(home), home, f"http://{address}", 20)
