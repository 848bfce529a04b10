"""`.local/endpoints.json`: where everything answers, for people and programs."""

import json
import os
from collections.abc import Mapping
from typing import Any

from campus.config import HOSTS, Addresses, tenant
from localcloud import files, places
from localrun import workers

Endpoints = dict[str, Any]


def campus_port() -> int:
    """The first of the campus's ports."""
    return int(os.environ.get("CAMPUS_PORT", "18100"))


def campus_url() -> str:
    """The campus's own door: identity and administration."""
    return f"http://127.0.0.1:{campus_port()}"


def tenants_config() -> dict[str, Any]:
    """What the catalog must know of each of the campus's tenants; the first one is the default."""
    return {code: tenant(Addresses(code, campus_port())) for code in HOSTS}


def path() -> Any:
    """Where the file is."""
    return places.local_dir() / "endpoints.json"


def read() -> Endpoints | None:
    """What runs here, None when nothing does."""
    return json.loads(path().read_text()) if path().exists() else None


def write(
    cloud: Mapping[str, Any], deployed: Mapping[str, Any], env: Mapping[str, str], *, containers: bool
) -> Endpoints:
    """Make the file anew; what does not exist yet is null."""
    internal = workers.url() if containers else deployed["apis"]["internal"]
    tenants = {code: _tenant(internal, config) for code, config in tenants_config().items()}
    default = next(iter(tenants.values()))
    endpoints = {
        "internal_url": internal,
        "external_url": None,
        "token_url": default["token_url"],
        "jwks_url": default["jwks_url"],
        "admin_url": f"{internal}/admin/v1",
        "updates_topic_arn": deployed["topics"]["updates"],
        "changes_topic_arn": deployed["topics"]["changes"],
        "queue_urls": deployed["queues"],
        "campus_url": campus_url(),
        "opensearch_url": cloud["opensearch_url"],
        "aws_endpoint_url": cloud["aws_endpoint_url"],
        "tenants": tenants,
    }
    files.write_json(path(), endpoints)
    return endpoints


def _tenant(internal: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """A tenant answers under each of its hosts; the last one is an address that needs no name server and no header."""
    host, address = config["hosts"][0], config["hosts"][-1]
    return {
        "host": host,
        "internal_url": internal.replace("127.0.0.1", address, 1),
        "token_url": config["token_url"],
        "jwks_url": config["jwks_url"],
    }
