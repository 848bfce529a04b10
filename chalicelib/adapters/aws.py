"""AWS clients: every botocore client is born here, quick to give up and patient in retrying."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

CONFIG = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"max_attempts": 5, "mode": "standard"},
    max_pool_connections=32,
    parameter_validation=False,
    tcp_keepalive=True,
    user_agent="course-catalog",
    account_id_endpoint_mode="disabled",
)
"""A call costs the processor as much as all else that an answer needs: botocore composes its own user agent twice for
each one (a seventh of the call), and asks for an account id that our endpoints do not have in their names."""
LONG_POLL = CONFIG.merge(Config(read_timeout=30))


@cache
def client(service: str) -> Any:
    """The one client of a service in this process; endpoints and region come from botocore's own settings."""
    config = LONG_POLL if service == "sqs" else CONFIG
    return boto3.client(service, config=config)
