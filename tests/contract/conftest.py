"""The three places that every contract of the stores is held against: memory, moto in this process, the local cloud."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from chalicelib.adapters.dynamo.due import DueStore
from chalicelib.adapters.dynamo.objects import Objects
from chalicelib.adapters.dynamo.operations import OperationsStore
from chalicelib.adapters.dynamo.records import RecordStore
from chalicelib.adapters.dynamo.views import ViewStore
from chalicelib.adapters.dynamo.wire import Dynamo
from infra.stores import TABLES
from tests.fakes.store import FakeClock, Store

PLACES = [
    "fake",
    "moto",
    pytest.param(
        "cloud",
        marks=[
            pytest.mark.e2e,
            pytest.mark.skipif("AWS_ENDPOINT_URL" not in os.environ, reason="AWS_ENDPOINT_URL names no local cloud"),
        ],
    ),
]


@dataclass
class Rig:
    """The stores under test and the clock they share."""

    records: Any
    due: Any
    views: Any
    operations: Any
    clock: FakeClock
    s3: Any = None
    bucket: str = ""
    objects: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=PLACES)
def place(request) -> Iterator[Any]:
    """Clients and tables of one place, made once per module."""
    if request.param == "fake":
        yield None
        return
    prefix = f"laws-{uuid4().hex[:8]}"
    if request.param == "cloud":
        yield from _tables(prefix)
        return
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        yield from _tables(prefix)


def _tables(prefix: str) -> Iterator[tuple[Any, Any, str]]:
    config = Config(region_name=os.environ.get("AWS_DEFAULT_REGION", "us-east-1"), parameter_validation=False)
    dynamo, s3 = boto3.client("dynamodb", config=config), boto3.client("s3", config=config)
    for table in TABLES:
        _make(dynamo, prefix, table)
    s3.create_bucket(Bucket=f"{prefix}-objects")
    yield dynamo, s3, prefix
    for table in TABLES:
        dynamo.delete_table(TableName=f"{prefix}-{table.name}")


def _make(dynamo: Any, prefix: str, table: Any) -> None:
    keys = [{"AttributeName": n, "KeyType": t} for n, t in (("pk", "HASH"), ("sk", "RANGE"))]
    attributes = {("pk", "S"), ("sk", "S")} | {pair for i in table.indexes for pair in (i.hash, i.range)}
    indexes = [
        {
            "IndexName": i.name,
            "KeySchema": [
                {"AttributeName": i.hash[0], "KeyType": "HASH"},
                {"AttributeName": i.range[0], "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
        for i in table.indexes
    ]
    dynamo.create_table(
        TableName=f"{prefix}-{table.name}",
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": t} for n, t in sorted(attributes)],
        BillingMode="PAY_PER_REQUEST",
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )


@pytest.fixture
def rig(place) -> Rig:
    """Stores; tests keep apart by tenants of their own."""
    if place is None:
        store = Store()
        return Rig(store.records, store.due, store.views, store.operations, store.clock)
    client, s3, prefix = place
    clock, dynamo = FakeClock(), Dynamo(client)
    objects = Objects(lambda: s3, f"{prefix}-objects")
    records = RecordStore(dynamo, records=f"{prefix}-records", history=f"{prefix}-history", objects=objects, now=clock)
    return Rig(
        records,
        DueStore(dynamo, table=f"{prefix}-records"),
        ViewStore(dynamo, table=f"{prefix}-views", records=f"{prefix}-records"),
        OperationsStore(dynamo, table=f"{prefix}-operations"),
        clock,
        s3,
        f"{prefix}-objects",
    )


@pytest.fixture
def tenant() -> str:
    """A tenant that no other test has."""
    return f"t{uuid4().hex[:8]}"
