"""Payloads too large for an item: in a bucket under their content's hash, written before the item that names them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.dynamo.wire import b, s, unpack

INLINE_LIMIT = 300_000
CROWDED_LIMIT = 30_000
"""What is kept in the items of a transaction that would hold too much otherwise."""


class Objects:
    """The objects bucket, as the tables use it."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self.s3, self.bucket = s3, bucket

    def store(self, data: bytes, inline: int = INLINE_LIMIT) -> dict[str, Any]:
        """Attributes that hold these compressed bytes, or the name of the object that does."""
        if len(data) <= inline:
            return {"z": b(data)}
        name = f"payloads/{hashlib.sha256(data).hexdigest()}"
        self.s3().put_object(Bucket=self.bucket, Key=name, Body=data)
        return {"object": s(name)}

    def load(self, item: Mapping[str, Any]) -> Any:
        """The payload of an item."""
        if "z" in item:
            return unpack(bytes(item["z"]["B"]))
        answer = self.s3().get_object(Bucket=self.bucket, Key=item["object"]["S"])
        return unpack(answer["Body"].read())
