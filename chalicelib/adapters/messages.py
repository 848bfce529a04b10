"""SNS and SQS: what is published, and the queues that an operator looks into."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.change import Change

BATCH = 10


def _attribute(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


class Topic:
    """One SNS topic; what it does not take is told, never raised: whoever published keeps it due."""

    def __init__(self, sns: Any, arn: str) -> None:
        self.sns, self.arn = sns, arn

    def send(self, bodies: Sequence[tuple[str, Mapping[str, str]]]) -> list[int]:
        """Publish (body, attributes) in batches of ten; returns the positions that were not taken."""
        refused: list[int] = []
        for start in range(0, len(bodies), BATCH):
            part = bodies[start : start + BATCH]
            entries = [
                {"Id": str(i), "Message": body, "MessageAttributes": {k: _attribute(v) for k, v in attributes.items()}}
                for i, (body, attributes) in enumerate(part)
            ]
            try:
                answer = self.sns.publish_batch(TopicArn=self.arn, PublishBatchRequestEntries=entries)
                refused += [start + int(failure["Id"]) for failure in answer.get("Failed", [])]
            except (ClientError, BotoCoreError):
                refused += range(start, start + len(part))
        return refused


class Changes:
    """The second topic: what changed."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic

    def publish(self, changes: Sequence[Change]) -> list[Change]:
        """Publish in batches; returns those that were not taken."""
        bodies = []
        for change in changes:
            message = change.as_message()
            attributes = {"type": message["type"], "kind": change.kind, "cause": change.cause, "tenant": change.tenant}
            bodies.append((json.dumps(message, separators=(",", ":")), attributes))
        return [changes[i] for i in self.topic.send(bodies)]


class Exchange:
    """The first topic: updates, as a source publishes them."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic

    def publish_updates(self, updates: Sequence[Mapping[str, Any]]) -> list[str]:
        """Publish updates (JSON objects with ``type`` and ``source``); returns the ids that were not taken."""
        bodies = [(json.dumps(u), {"type": str(u["type"]), "source": str(u["source"])}) for u in updates]
        return [str(updates[i]["id"]) for i in self.topic.send(bodies)]


class Queues:
    """The queues of a stage, by their short names."""

    def __init__(self, sqs: Any, prefix: str) -> None:
        self.sqs, self.prefix = sqs, prefix
        self._urls: dict[str, str] = {}

    def url(self, name: str) -> str:
        """The queue's URL."""
        if name not in self._urls:
            self._urls[name] = self.sqs.get_queue_url(QueueName=f"{self.prefix}-{name}")["QueueUrl"]
        return self._urls[name]

    def names(self) -> list[str]:
        """Every queue of this stage, dead-letter queues too."""
        pages = self.sqs.get_paginator("list_queues").paginate(QueueNamePrefix=f"{self.prefix}-")
        urls = [url for page in pages for url in page.get("QueueUrls", [])]
        return sorted(url.rsplit("/", 1)[1].removeprefix(f"{self.prefix}-") for url in urls)

    def depth(self, name: str) -> dict[str, int]:
        """Messages waiting and in flight."""
        wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.url(name), AttributeNames=wanted)["Attributes"]
        return {"waiting": int(found[wanted[0]]), "in_flight": int(found[wanted[1]])}

    def send(self, name: str, bodies: Sequence[str]) -> None:
        """Put messages into a queue; raises when any is not taken."""
        for start in range(0, len(bodies), BATCH):
            part = bodies[start : start + BATCH]
            entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(part)]
            answer = self.sqs.send_message_batch(QueueUrl=self.url(name), Entries=entries)
            if answer.get("Failed"):
                raise RuntimeError(f"{name} did not take {len(answer['Failed'])} messages: {answer['Failed'][0]}")

    def receive(self, name: str, *, most: int = BATCH, wait: int = 0, hide: int | None = None) -> list[dict[str, Any]]:
        """Up to ten messages as SQS gives them; ``hide`` seconds instead of the queue's visibility time-out."""
        more = {} if hide is None else {"VisibilityTimeout": hide}
        answer = self.sqs.receive_message(
            QueueUrl=self.url(name),
            MaxNumberOfMessages=most,
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
            **more,
        )
        return list(answer.get("Messages", []))

    def delete(self, name: str, messages: Sequence[Mapping[str, Any]]) -> None:
        """Take handled messages off a queue."""
        for start in range(0, len(messages), BATCH):
            part = messages[start : start + BATCH]
            entries = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(part)]
            self.sqs.delete_message_batch(QueueUrl=self.url(name), Entries=entries)

    def release(self, name: str, handle: str, seconds: int) -> None:
        """Let a message be seen again after so many seconds; where that fails, after its visibility time-out."""
        with suppress(ClientError, BotoCoreError):
            self.sqs.change_message_visibility(QueueUrl=self.url(name), ReceiptHandle=handle, VisibilityTimeout=seconds)

    def look(self, name: str, most: int = 1000) -> Iterator[dict[str, Any]]:
        """Messages of a (dead-letter) queue, hidden from others for the while of the look."""
        seen: set[str] = set()
        while len(seen) < most:
            batch = [m for m in self.receive(name, hide=20) if m["MessageId"] not in seen]
            if not batch:
                return
            seen |= {m["MessageId"] for m in batch}
            yield from batch
