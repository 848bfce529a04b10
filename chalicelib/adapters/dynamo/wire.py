"""DynamoDB's wire form and batches: attribute values, packed JSON, reads and writes that finish what was left over."""

from __future__ import annotations

import json
import random
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.store import Unavailable

Item = dict[str, dict[str, Any]]
T = TypeVar("T")

GET_LIMIT, WRITE_LIMIT, TRANSACTION_LIMIT = 100, 25, 100
BUSY = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded", "InternalServerError"}


def s(value: str) -> dict[str, str]:
    """A string attribute."""
    return {"S": value}


def n(value: int) -> dict[str, str]:
    """A number attribute."""
    return {"N": str(value)}


def b(value: bytes) -> dict[str, bytes]:
    """A binary attribute."""
    return {"B": value}


def text(item: Mapping[str, Any], name: str, default: str = "") -> str:
    """A string attribute's value."""
    return str(item[name]["S"]) if name in item else default


def number(item: Mapping[str, Any], name: str, default: int = 0) -> int:
    """A number attribute's value."""
    return int(item[name]["N"]) if name in item else default


def pack(value: Any) -> bytes:
    """JSON, compressed. The standard library's JSON: it keeps integers of any size as they came."""
    return zlib.compress(
        json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"), 1
    )


def unpack(data: bytes) -> Any:
    """The value that ``pack`` was given."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


def unpack_own(data: bytes) -> Any:
    """Like ``unpack``, quicker, for JSON that we rendered ourselves."""
    return orjson.loads(zlib.decompress(data))


def pack_own(value: Any) -> bytes:
    """Like ``pack``, quicker, for JSON that we rendered ourselves."""
    return zlib.compress(orjson.dumps(value), 1)


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Slices of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def code_of(error: Exception) -> str:
    """The service's own name for an error."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


class Dynamo:
    """A botocore client with the habits every table needs: whole batches, errors in our words."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def call(self, operation: str, **arguments: Any) -> Any:
        """One call; a service that cannot be reached or is out of capacity raises Unavailable."""
        try:
            return getattr(self.client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) in BUSY:
                raise Unavailable(f"DynamoDB: {error}") from error
            raise
        except BotoCoreError as error:
            raise Unavailable(f"DynamoDB: {error}") from error

    def get_many(self, keys: Mapping[str, Iterable[tuple[str, str]]], **options: Any) -> dict[str, list[Item]]:
        """Items by table, strongly consistent; ``keys`` are (pk, sk) by table, in as few calls as they fit."""
        wanted = [(table, key) for table, pairs in keys.items() for key in dict.fromkeys(pairs)]
        found: dict[str, list[Item]] = {table: [] for table in keys}
        for part in chunks(wanted, GET_LIMIT):
            request: dict[str, Any] = {}
            for table, (pk, sk) in part:
                entry = request.setdefault(table, {"ConsistentRead": True, "Keys": [], **options.get(table, {})})
                entry["Keys"].append({"pk": s(pk), "sk": s(sk)})
            self._drain_reads(request, found)
        return found

    def _drain_reads(self, request: dict[str, Any], found: dict[str, list[Item]]) -> None:
        for attempt in range(8):
            answer = self.call("batch_get_item", RequestItems=request)
            for table, items in answer["Responses"].items():
                found[table] += items
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                return
            back_off(attempt)
        raise Unavailable("DynamoDB left keys unread")

    def write_many(self, table: str, puts: Iterable[Item] = (), deletes: Iterable[tuple[str, str]] = ()) -> None:
        """Unconditional puts and deletes, all of them."""
        requests: list[Any] = [{"PutRequest": {"Item": item}} for item in puts]
        requests += [{"DeleteRequest": {"Key": {"pk": s(pk), "sk": s(sk)}}} for pk, sk in deletes]
        for part in chunks(requests, WRITE_LIMIT):
            self._drain_writes({table: list(part)})

    def _drain_writes(self, request: dict[str, Any]) -> None:
        for attempt in range(8):
            request = self.call("batch_write_item", RequestItems=request).get("UnprocessedItems") or {}
            if not request:
                return
            back_off(attempt)
        raise Unavailable("DynamoDB left items unwritten")

    def transact(self, actions: Sequence[Mapping[str, Any]]) -> bool:
        """All of these or none; False when a condition did not hold or another transaction was in the way."""
        try:
            self.call("transact_write_items", TransactItems=list(actions))
        except ClientError as error:
            if code_of(error) != "TransactionCanceledException":
                raise
            reasons = {r.get("Code") for r in error.response.get("CancellationReasons", [])}
            if reasons & {"ThrottlingError", "ProvisionedThroughputExceeded"}:
                raise Unavailable("DynamoDB is throttling transactions") from error
            if reasons & {"ValidationError"}:
                raise
            return False
        return True

    def conditional(self, operation: str, **arguments: Any) -> bool:
        """One conditional write; False when its condition did not hold."""
        try:
            self.call(operation, **arguments)
        except ClientError as error:
            if code_of(error) == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def query(self, table: str, pk: str, prefix: str = "", **options: Any) -> Any:
        """One page of the items under ``pk`` whose ``sk`` begins with ``prefix``."""
        values: dict[str, Any] = {":pk": s(pk)}
        condition = "pk = :pk"
        if prefix:
            values[":sk"] = s(prefix)
            condition += " AND begins_with(sk, :sk)"
        options.setdefault("ConsistentRead", True)
        return self.call(
            "query",
            TableName=table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            **options,
        )


def back_off(attempt: int) -> None:
    """Wait a little, longer each time, never in step with others."""
    time.sleep(random.uniform(0, 0.02 * 2**attempt))
