"""Rights: what the words in the tables of functions allow, as exact actions on exact resources.

A word is ``thing:may``. Things are the tables and buckets of infra/stores.py, the topics, ``queue`` (the function's
own), ``search`` (the search domain) and ``secrets`` (those whose names begin with the stage's prefix and a slash).
"""

from __future__ import annotations

from infra.exchange import TOPICS
from infra.stores import BUCKETS, TABLES

_READ = ("GetItem", "BatchGetItem", "Query")
_WRITE = (*_READ, "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem")

ACTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("table", "read"): tuple(f"dynamodb:{a}" for a in _READ),
    ("table", "write"): tuple(f"dynamodb:{a}" for a in _WRITE),
    ("bucket", "read"): ("s3:GetObject",),
    ("bucket", "write"): ("s3:GetObject", "s3:PutObject"),
    ("topic", "publish"): ("sns:Publish",),
    ("queue", "consume"): (
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
    ),
    ("queue", "send"): ("sqs:SendMessage", "sqs:GetQueueUrl"),
    ("search", "read"): ("es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost"),
    ("search", "write"): ("es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpDelete"),
    ("secrets", "read"): ("secretsmanager:GetSecretValue",),
}

SORTS = {
    **{table.name: "table" for table in TABLES},
    **dict.fromkeys(BUCKETS, "bucket"),
    **dict.fromkeys(TOPICS, "topic"),
    **{one: one for one in ("queue", "search", "secrets")},
}


def parse(words: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """``records:read changes:publish`` -> (thing, its sort, the actions) each; raises KeyError for an unknown word."""
    rights = []
    for word in words.split():
        thing, _, may = word.partition(":")
        rights.append((thing, SORTS[thing], ACTIONS[SORTS[thing], may]))
    return tuple(rights)
