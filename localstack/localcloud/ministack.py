"""The embedded cloud: ministack, AWS's APIs in one small process; functions run as its children."""

import shutil
from pathlib import Path

from localcloud import accounts, ports, virtualenvs
from localcloud.servers import Server, environment

PYTHON = "3.11"  # ministack runs functions with its own interpreter, and their zips hold wheels for this version


def server(port: int, data: Path) -> Server:
    """Install ministack and say how to run it; what it stores survives a clean stop."""
    python = virtualenvs.virtualenv("ministack", PYTHON)
    account = accounts.servers_account()
    home = accounts.own(data / "ministack", account)
    shutil.rmtree(home / "tmp", ignore_errors=True)  # functions unpacked by the last run
    state, objects, scratch = (accounts.own(home / part, account) for part in ("state", "s3", "tmp"))
    url = f"http://{ports.LOOPBACK}:{port}"
    env = environment(
        home,
        BIND_HOST=ports.LOOPBACK,
        GATEWAY_PORT=str(port),
        MINISTACK_HOST=ports.LOOPBACK,
        LOG_LEVEL="WARNING",
        IOT_MTLS_ENABLED="0",  # these two listen on all interfaces, whatever BIND_HOST says
        SFTP_ENABLED="0",
        PERSIST_STATE="1",
        STATE_DIR=str(state),
        S3_PERSIST="1",
        S3_DATA_DIR=str(objects),
    ) | {"TMPDIR": str(scratch)}
    return Server("ministack", url, (str(python), "-m", "ministack"), env, home, f"{url}/_localstack/health", 30)
