"""Tables and buckets; on AWS they outlive the stack and can be put back to any second of the last 35 days."""

from __future__ import annotations

from infra.cloudformation.words import TLS_ONLY, Json, Resources, att, logical, policy, ref, resource, statement, sub
from infra.stage import Stage
from infra.stores import BUCKETS, TABLES, TTL, Index, Table


def resources(stage: Stage) -> Resources:
    """Tables, buckets and the buckets' policies by logical id."""
    made: Resources = {}
    for table in TABLES:
        made[logical("table", table.name)] = _kept(stage, "DynamoDB::Table", _table(stage, table))
    for bucket in BUCKETS:
        name = logical("bucket", bucket)
        made[name] = _kept(stage, "S3::Bucket", _bucket(stage, bucket))
        made[f"{name}Policy"] = _tls_only(name)
    return made


def bucket_name(stage: Stage, bucket: str) -> Json | str:
    """Bucket names are everybody's on AWS, so account and region are part of them there."""
    name = stage.called(bucket)
    return name if stage.local else sub(f"{name}-${{AWS::AccountId}}-${{AWS::Region}}")


def _kept(stage: Stage, kind: str, properties: Json) -> Json:
    fate = "Delete" if stage.local else "Retain"
    return resource(kind, properties, DeletionPolicy=fate, UpdateReplacePolicy=fate)


def _table(stage: Stage, table: Table) -> Json:
    attributes = dict([("pk", "S"), ("sk", "S"), *(key for i in table.indexes for key in (i.hash, i.range))])
    made: Json = {
        "TableName": stage.called(table.name),
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in attributes.items()],
        "KeySchema": _keys("pk", "sk"),
        "TimeToLiveSpecification": {"AttributeName": TTL, "Enabled": True},
    }
    if table.indexes:
        made["GlobalSecondaryIndexes"] = [_index(i) for i in table.indexes]
    if not stage.local:
        made["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": True}
        made["SSESpecification"] = {"SSEEnabled": True}
        made["DeletionProtectionEnabled"] = True
    return made


def _keys(hash_key: str, range_key: str) -> list[Json]:
    return [{"AttributeName": hash_key, "KeyType": "HASH"}, {"AttributeName": range_key, "KeyType": "RANGE"}]


def _index(index: Index) -> Json:
    return {
        "IndexName": index.name,
        "KeySchema": _keys(index.hash[0], index.range[0]),
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }


def _bucket(stage: Stage, bucket: str) -> Json:
    blocked = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    unfinished = {"Id": "unfinished", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}}
    encrypted = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {
        "BucketName": bucket_name(stage, bucket),
        "PublicAccessBlockConfiguration": dict.fromkeys(blocked, True),
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [encrypted]},
        "LifecycleConfiguration": {"Rules": [unfinished]},
    }


def _tls_only(bucket: str) -> Json:
    everything = [att(bucket), sub(f"${{{bucket}.Arn}}/*")]
    deny = statement("s3:*", everything, "Deny", Principal="*", Condition=TLS_ONLY)
    return resource("S3::BucketPolicy", {"Bucket": ref(bucket), "PolicyDocument": policy(deny)})
