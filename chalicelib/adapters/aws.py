"""AWS clients: every botocore client is born here, quick to give up and patient in retrying."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

from chalicelib.adapters.aws_lean import AnswersFactory, lean

CONFIG = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"max_attempts": 5, "mode": "standard"},
    max_pool_connections=32,
    parameter_validation=False,
    tcp_keepalive=True,
    # What a call costs the processor is most of what an answer costs it, and botocore composes its own user agent anew
    # for every call (a seventh of that), and looks for an account's own endpoint of DynamoDB.
    user_agent="course-catalog",
    account_id_endpoint_mode="disabled",
)
LONG_POLL = CONFIG.merge(Config(read_timeout=30))


@cache
def client(service: str) -> Any:
    """The one client of a service in this process; endpoints and region come from botocore's own settings."""
    config = LONG_POLL if service == "sqs" else CONFIG
    return lean(_session().create_client(service, config=config), service)


@cache
def _session() -> botocore.session.Session:
    """botocore's own: boto3 would add its imports to a cold start, and nothing that we use."""
    session = botocore.session.get_session()
    session.register_component("response_parser_factory", AnswersFactory())
    return session
