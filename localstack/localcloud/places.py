"""Where things are kept: what belongs to this checkout, what is data, what is a cache shared by checkouts."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOCALSTACK = CHECKOUT / "localstack"
REQUIREMENTS = LOCALSTACK / "requirements"


def am_root() -> bool:
    """Whether this process is root, so that servers have to run as somebody else."""
    return os.geteuid() == 0


def local_dir(env: Mapping[str, str] = os.environ) -> Path:
    """What this checkout knows of its running processes; tests set CATALOG_LOCAL_DIR to have a set of their own."""
    return Path(env.get("CATALOG_LOCAL_DIR") or CHECKOUT / ".local").resolve()


def data_dir(env: Mapping[str, str] = os.environ, *, root: bool | None = None) -> Path:
    """What the servers keep; root's is in /var/lib, for a checkout under /root is closed to the servers' account."""
    local = local_dir(env)
    if am_root() if root is None else root:
        return Path("/var/lib/course-catalog") / hashlib.sha256(str(local).encode()).hexdigest()[:12]
    return local / "data"


def cache_dir(env: Mapping[str, str] = os.environ, *, root: bool | None = None) -> Path:
    """Downloads and virtualenvs, shared by all checkouts; for root outside its closed home."""
    if chosen := env.get("COURSE_CATALOG_CACHE"):
        return Path(chosen).expanduser().resolve()
    if am_root() if root is None else root:
        return Path("/var/cache/course-catalog")
    return Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "course-catalog"
