"""Deploying a stage: package, upload, change set, and what the emulators leave undone; the same steps on AWS."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.clients import Clients
from infra.cloudformation.template import template
from infra.cloudformation.words import logical
from infra.exchange import QUEUES, TOPICS
from infra.functions import API_STAGE, FUNCTIONS
from infra.package import ROOT, TARGETS, build
from infra.progress import Progress
from infra.stack import Stack
from infra.stage import Stage
from infra.stores import BUCKETS, TABLES, TTL


@dataclass(frozen=True, slots=True)
class Wish:
    """What to deploy: where from, for which processor, and the template's parameters."""

    root: Path = ROOT
    target: str = "x86_64"
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deployed:
    """What came of it: whether anything changed, and the addresses of everything."""

    changed: bool
    outputs: dict[str, Any]


def deploy(stage: Stage, wish: Wish, clients: Clients, progress: Progress) -> Deployed:
    """Bring the stage to what the tables and the code say; idempotent. Raises DeployFailed."""
    progress.step("packaging the functions")
    target = TARGETS["local" if stage.local else wish.target]
    package = build(target, wish.root)
    progress.note(f"code {package.digest}: {package.size / 1e6:.1f} MB, {package.unzipped / 1e6:.0f} MB unpacked")
    progress.step("uploading")
    store = _Artifacts(stage, clients)
    key = store.put(f"code/{package.path.name}", package.path.read_bytes())
    made = template(stage)
    body = json.dumps(made, sort_keys=True).encode()
    url = store.url(store.put(f"templates/{package.digest}-{len(body)}.json", body, always=True))
    given = {
        "CodeBucket": store.bucket,
        "CodeKey": key,
        "Release": package.digest,
        "Architecture": target.architecture,
        **wish.parameters,
    }
    progress.step(f"change set of {stage.prefix}")
    stack = Stack(clients, progress)
    changed = stack.apply(url, given, len(made["Resources"]))
    _settle_ttl(stage, clients)
    progress.note("deployed" if changed else "nothing has changed")
    return Deployed(changed, addresses(stage, stack.outputs()))


def destroy(stage: Stage, clients: Clients, progress: Progress) -> None:
    """Delete the stack. On the local cloud the objects go too; on AWS tables and bucket are retained."""
    stack = Stack(clients, progress)
    if stage.local:
        progress.step("emptying the buckets")
        for bucket in BUCKETS:
            _empty(clients, stage.called(bucket))
    progress.step(f"deleting {stage.prefix}")
    stack.delete()
    progress.note("deleted")


def addresses(stage: Stage, outputs: dict[str, str]) -> dict[str, Any]:
    """The stack's outputs by our own names: ``queues["updates-studio-dead"]`` is that queue's URL."""
    names = {
        "topics": [("topic", t) for t in TOPICS],
        "queues": [("queue", n) for q in QUEUES for n in (q.name, q.dead)],
        "tables": [("table", t.name) for t in TABLES],
        "buckets": [("bucket", b) for b in BUCKETS],
        "functions": [("function", f.name) for f in FUNCTIONS],
    }
    found: dict[str, Any] = {"stage": stage.name, "prefix": stage.prefix, "endpoint": stage.endpoint}
    for group, rows in names.items():
        found[group] = {name: outputs[logical(sort, name)] for sort, name in rows}
    found["apis"] = {API_STAGE: outputs["ApiUrl"]}
    return found


def outputs_file(stage: Stage, root: Path = ROOT) -> Path:
    """Where a deployment's addresses are written for scripts to read."""
    return root / ".local" / "deploy" / f"{stage.name}.json"


class _Artifacts:
    """The bucket of code and templates. It is outside the stack, which cannot be made before they are there."""

    def __init__(self, stage: Stage, clients: Clients) -> None:
        self.s3 = clients["s3"]
        self.stage = stage
        self.region = clients.region
        self.bucket = f"{stage.called('artifacts')}-{clients.account}-{clients.region}"
        self._ensure()

    def _ensure(self) -> None:
        try:
            self.s3.head_bucket(Bucket=self.bucket)
        except ClientError:
            place = {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
            self.s3.create_bucket(Bucket=self.bucket, **({} if self.region == "us-east-1" else place))
            blocked = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
            closed = dict.fromkeys(blocked, True)
            self.s3.put_public_access_block(Bucket=self.bucket, PublicAccessBlockConfiguration=closed)

    def put(self, key: str, body: bytes, always: bool = False) -> str:
        if always or not self._has(key):
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return key

    def _has(self, key: str) -> bool:
        try:
            self.s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError:
            return False
        return True

    def url(self, key: str) -> str:
        if self.stage.local:
            return f"{self.stage.endpoint}/{self.bucket}/{key}"
        return f"https://{self.bucket}.s3.{self.region}.amazonaws.com/{key}"


def _settle_ttl(stage: Stage, clients: Clients) -> None:
    """ministack 1.5.33 takes a table's TimeToLiveSpecification and forgets it; elsewhere this finds nothing to do."""
    for table in TABLES:
        name = stage.called(table.name)
        found = clients["dynamodb"].describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        if found["TimeToLiveStatus"] not in ("ENABLED", "ENABLING"):
            wanted = {"Enabled": True, "AttributeName": TTL}
            clients["dynamodb"].update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)


def _empty(clients: Clients, bucket: str) -> None:
    try:
        pages = list(clients["s3"].get_paginator("list_objects_v2").paginate(Bucket=bucket))
    except ClientError:
        return
    for page in pages:
        if keys := [{"Key": o["Key"]} for o in page.get("Contents", ())]:
            clients["s3"].delete_objects(Bucket=bucket, Delete={"Objects": keys})
