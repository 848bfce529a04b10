"""A consumer is added where it listens; nothing that publishes knows of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest

from chalicelib.adapters.aws import client
from tests.e2e.system import System, eventually


@pytest.fixture
def inbox(system: System) -> Iterator[str]:
    """The URL of a new queue that hears of edited courses."""
    sqs, sns = client("sqs"), client("sns")
    url = sqs.create_queue(QueueName=f"e2e-{uuid.uuid4().hex[:12]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    filter_ = json.dumps({"kind": ["course"], "cause": ["edit"]})
    made = sns.subscribe(
        TopicArn=system.endpoints["changes_topic_arn"],
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"RawMessageDelivery": "true", "FilterPolicy": filter_},
    )
    yield url
    sns.unsubscribe(SubscriptionArn=made["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=url)


@pytest.mark.smoke
def test_a_new_queue_hears_of_changes_and_nothing_else_had_to_change(system: System, inbox: str) -> None:
    made = system.edit("title")
    course = system.run(made["key"])["course"].lower()

    def heard() -> dict[str, object] | None:
        answer = client("sqs").receive_message(QueueUrl=inbox, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        bodies = [json.loads(m["Body"]) for m in answer.get("Messages", [])]
        assert all((b["kind"], b["cause"]) == ("course", "edit") for b in bodies)
        return next((b for b in bodies if b["key"] == course), None)

    change = eventually(heard)
    assert change
    assert (change["tenant"], change["type"]) == ("edx", "org.openedx.catalog.course.changed.v1")
    assert f"run#{made['key'].lower()}" in change["of"]
    eventually(lambda: system.run(made["key"])["title"] == made["after"]["name"])
