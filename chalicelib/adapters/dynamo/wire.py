"""DynamoDB's wire form and batches: attribute values, packed JSON, reads and writes that finish what was left over."""

from __future__ import annotations

import json
import random
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.store import Unavailable

Item = dict[str, dict[str, Any]]
Action = Mapping[str, Any]
T = TypeVar("T")

GET_LIMIT, WRITE_LIMIT, TRANSACTION_LIMIT = 100, 25, 100
TRANSACTION_BYTES = 3_500_000
"""A transaction holds 4 MB; the rest is for what our count of bytes leaves out."""
LUMP = 500
"""Names, key, expression and condition of one action."""
BUSY = {
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
    "ServiceUnavailable",
}
THROTTLED = {"ThrottlingError", "ProvisionedThroughputExceeded"}
FAILED = "ConditionalCheckFailed"
CONTENDED = 5
"""Times that a write is tried while other transactions are at its items."""


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


def packs(things: Iterable[T], actions_of: Callable[[T], Sequence[Action]]) -> Iterator[list[T]]:
    """Lists whose actions fit into a transaction each: so many items, so many bytes, and no item twice."""
    pack: list[T] = []
    places: set[tuple[str, str, str]] = set()
    size = 0
    for thing in things:
        actions = actions_of(thing)
        own, more = {place_of(action) for action in actions}, weight(actions)
        full = len(places) + len(own) > TRANSACTION_LIMIT or size + more > TRANSACTION_BYTES or places & own
        if pack and full:
            yield pack
            pack, places, size = [], set(), 0
        pack.append(thing)
        places, size = places | own, size + more
    if pack:
        yield pack


def place_of(action: Action) -> tuple[str, str, str]:
    """The item an action writes: a transaction may hold only one for each."""
    [body] = action.values()
    key = body.get("Key") or body["Item"]
    return body["TableName"], key["pk"]["S"], key["sk"]["S"]


def weight(actions: Iterable[Action]) -> int:
    """Bytes (about) that these actions take of a transaction: those of its values, and a lump for all the rest."""
    return sum(LUMP + _held(body) for action in actions for body in action.values())


def _held(body: Mapping[str, Any]) -> int:
    """Binary values count as they are sent, in base64: emulators count that, DynamoDB the bytes themselves."""
    values = (body.get(part) or {} for part in ("Item", "ExpressionAttributeValues"))
    held = (one for each in values for value in each.values() for one in value.values())
    return sum(len(one) * 4 // 3 if isinstance(one, bytes) else len(one) for one in held)


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
        """Unconditional puts and deletes, all of them; of two about the same item the last."""
        by_key: dict[tuple[str, str], Any] = {
            (text(item, "pk"), text(item, "sk")): {"PutRequest": {"Item": item}} for item in puts
        }
        by_key |= {(pk, sk): {"DeleteRequest": {"Key": {"pk": s(pk), "sk": s(sk)}}} for pk, sk in deletes}
        for part in chunks(list(by_key.values()), WRITE_LIMIT):
            self._drain_writes({table: list(part)})

    def _drain_writes(self, request: dict[str, Any]) -> None:
        for attempt in range(8):
            request = self.call("batch_write_item", RequestItems=request).get("UnprocessedItems") or {}
            if not request:
                return
            back_off(attempt)
        raise Unavailable("DynamoDB left items unwritten")

    def transact(self, actions: Sequence[Action]) -> frozenset[int]:
        """All of these or none: the positions that stood in the way, an empty set when all were written.

        Where another transaction is at the same items just now, it is tried again a few times first.
        """
        for attempt in range(CONTENDED):
            refused = self._transact(actions)
            if not refused or FAILED in refused.values():
                break
            back_off(attempt)
        failed = frozenset(position for position, code in refused.items() if code == FAILED)
        return failed or frozenset(refused)

    def _transact(self, actions: Sequence[Action]) -> dict[int, str]:
        try:
            self.call("transact_write_items", TransactItems=list(actions))
        except ClientError as error:
            if code_of(error) != "TransactionCanceledException":
                raise
            reasons = [str(r.get("Code")) for r in error.response.get("CancellationReasons", [])]
            if THROTTLED.intersection(reasons):
                raise Unavailable("DynamoDB is throttling transactions") from error
            refused = {i: code for i, code in enumerate(reasons) if code in {FAILED, "TransactionConflict"}}
            if not refused:
                raise
            return refused
        return {}

    def each(self, actions: Iterable[Action]) -> list[bool]:
        """Conditional writes that do not depend on each other, in as few transactions as they fit; tells which held."""
        waiting = list(enumerate(actions))
        held = [False] * len(waiting)
        for part in packs(waiting, lambda pair: [pair[1]]):
            left = part
            while left:
                refused = self.transact([action for _, action in left])
                if not refused:
                    for place, _ in left:
                        held[place] = True
                    break
                left = [pair for i, pair in enumerate(left) if i not in refused]
        return held

    def conditional(self, operation: str, **arguments: Any) -> bool:
        """One conditional write; False when its condition did not hold."""
        for attempt in range(CONTENDED):
            try:
                self.call(operation, **arguments)
            except ClientError as error:
                if code_of(error) == "ConditionalCheckFailedException":
                    return False
                if code_of(error) != "TransactionConflictException":
                    raise
                back_off(attempt)
            else:
                return True
        raise Unavailable("DynamoDB: other transactions were at this item all the time")

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
