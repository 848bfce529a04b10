"""Waiting until nothing is under way: queues empty, nothing due."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import boto3

from bench.place import Place

LANES = (
    *(f"updates-{name}" for name in ("studio", "otto", "drupal", "programs")),
    *(f"{stage}-{lane}" for stage in ("views", "touches") for lane in ("live", "bulk")),
)


def waiting(place: Place, queues: tuple[str, ...] = LANES) -> int:
    """Messages in these queues, those in a worker's hands among them."""
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    return _attribute(place, *names, queues=queues)


def begun(place: Place, seconds: float = 60) -> float:
    """Wait until a worker has taken a message; the instant (monotonic)."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if _attribute(place, "ApproximateNumberOfMessagesNotVisible"):
            return time.monotonic()
        time.sleep(0.05)
    raise RuntimeError("no worker takes messages")


def _attribute(place: Place, *names: str, queues: tuple[str, ...] = LANES) -> int:
    sqs, total = _sqs(place), 0
    for queue in queues:
        url = place.endpoints["queue_urls"][queue]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))["Attributes"]
        total += sum(int(found[name]) for name in names)
    return total


@cache
def _client(url: str, region: str, key: str, secret: str) -> Any:
    return boto3.client(
        "sqs", endpoint_url=url or None, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret
    )


def _sqs(place: Place) -> Any:
    names = ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    return _client(*(place.env.get(name, "") for name in names))


def settle(place: Place, seconds: float = 900, every: float = 0.5) -> float:
    """Wait until all queues were empty three times in a row; the instant (monotonic) of the first of these looks."""
    end, quiet, since = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < end:
        now = time.monotonic()
        if waiting(place):
            quiet = 0
        elif quiet == 2:
            return since
        else:
            since, quiet = since if quiet else now, quiet + 1
        time.sleep(every)
    raise RuntimeError(f"{waiting(place)} messages are still waiting after {seconds:.0f} s")
