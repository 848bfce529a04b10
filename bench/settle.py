"""Waiting until nothing is under way: queues empty, nothing due."""

from __future__ import annotations

import time
from typing import Any

import boto3

from bench.place import Place

LANES = (
    *(f"updates-{name}" for name in ("studio", "otto", "drupal", "programs")),
    *(f"{stage}-{lane}" for stage in ("views", "touches") for lane in ("live", "bulk")),
)


def waiting(place: Place, queues: tuple[str, ...] = LANES) -> int:
    """Messages in these queues, those in a worker's hands among them."""
    sqs = _sqs(place)
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    total = 0
    for queue in queues:
        url = place.endpoints["queue_urls"][queue]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))["Attributes"]
        total += sum(int(found[name]) for name in names)
    return total


def _sqs(place: Place) -> Any:
    names = {"aws_access_key_id": "AWS_ACCESS_KEY_ID", "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY"}
    keys = {name: place.env[variable] for name, variable in names.items() if variable in place.env}
    region = place.env.get("AWS_DEFAULT_REGION", "us-east-1")
    return boto3.client("sqs", endpoint_url=place.env.get("AWS_ENDPOINT_URL"), region_name=region, **keys)


def settle(place: Place, seconds: float = 900, every: float = 0.5) -> None:
    """Return when all queues were empty three times in a row."""
    end, quiet = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        quiet = 0 if waiting(place) else quiet + 1
        if quiet == 3:
            return
        time.sleep(every)
    raise RuntimeError(f"{waiting(place)} messages are still waiting after {seconds:.0f} s")
