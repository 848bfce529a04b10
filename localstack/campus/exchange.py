"""The publishing side of the exchange: update messages that say what changed, never how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import uuid4

import boto3
import orjson

BATCH = 10


@dataclass(frozen=True, slots=True)
class Update:
    """One v1 update, a CloudEvent without content."""

    tenant: str
    source: str
    kind: str
    subject: str
    at: float
    id: str = field(default_factory=lambda: str(uuid4()))
    url: str | None = None

    @property
    def type(self) -> str:
        return f"org.openedx.catalog.{self.kind}.updated.v1"

    def message(self) -> dict[str, Any]:
        time = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "tenant": self.tenant,
            "subject": self.subject,
            "time": time,
        }
        return body | ({"url": self.url} if self.url else {})

    def entry(self) -> dict[str, Any]:
        """The arguments of sns.publish."""
        words = {"type": self.type, "source": self.source}
        attributes = {name: {"DataType": "String", "StringValue": word} for name, word in words.items()}
        return {"Message": orjson.dumps(self.message()).decode(), "MessageAttributes": attributes}


@dataclass(slots=True)
class Exchange:
    """An SNS topic, or nothing yet: then updates are counted as not published."""

    topic_arn: str | None = None
    endpoint_url: str | None = None
    region: str = "us-east-1"
    _sns: Any = None

    def configure(self, topic_arn: str | None, endpoint_url: str | None = None, region: str | None = None) -> None:
        self.topic_arn, self.endpoint_url, self.region = topic_arn, endpoint_url, region or self.region
        self._sns = None

    def publish(self, updates: Iterable[Update]) -> int:
        """How many went out; raises what boto3 raises."""
        if not self.topic_arn:
            return 0
        return sum(self._send(batch) for batch in _batches(updates))

    def _send(self, batch: list[Update]) -> int:
        if len(batch) == 1:
            self.client.publish(TopicArn=self.topic_arn, **batch[0].entry())
            return 1
        entries = [{"Id": str(n), **update.entry()} for n, update in enumerate(batch)]
        answer = self.client.publish_batch(TopicArn=self.topic_arn, PublishBatchRequestEntries=entries)
        if answer.get("Failed"):
            raise RuntimeError(f"the exchange refused {len(answer['Failed'])} of {len(batch)} updates")
        return len(batch)

    @property
    def client(self) -> Any:
        if self._sns is None:
            self._sns = boto3.client(
                "sns", region_name=self.region, endpoint_url=self.endpoint_url, **self._credentials()
            )
        return self._sns

    def _credentials(self) -> dict[str, Any]:
        """The local cloud takes any credentials; the real one uses those of the environment."""
        if self.endpoint_url and boto3.session.Session().get_credentials() is None:
            return {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return {}


def _batches(updates: Iterable[Update]) -> Iterator[list[Update]]:
    rest = iter(updates)
    while batch := list(islice(rest, BATCH)):
        yield batch
