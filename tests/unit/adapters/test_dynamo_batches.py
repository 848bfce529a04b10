"""What DynamoDB leaves over, refuses or contends for: whole batches all the same, over a scripted client."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.adapters.dynamo import wire
from chalicelib.adapters.dynamo.wire import Dynamo, packs, s
from chalicelib.domain.store import Unavailable


class Scripted:
    """A client that answers each call by the next of its script: an answer, an error, or a function of the request."""

    def __init__(self, *script):
        self.script, self.calls = list(script), []

    def __getattr__(self, operation):
        def call(**arguments):
            self.calls.append((operation, arguments))
            answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
            if isinstance(answer, Exception):
                raise answer
            return answer(arguments) if callable(answer) else answer

        return call


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(wire, "back_off", lambda attempt: None)


def refusal(*codes: str) -> ClientError:
    reasons = [{"Code": code} for code in codes]
    body = {"Error": {"Code": "TransactionCanceledException", "Message": "no"}, "CancellationReasons": reasons}
    return ClientError(body, "TransactWriteItems")


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "PutItem")


def put(name: str, size: int = 1):
    return {"Put": {"TableName": "t", "Item": {"pk": s(name), "sk": s("x"), "z": {"B": b"x" * size}}}}


def test_keys_left_unread_are_read_again_and_a_hundred_go_at_once():
    def halfway(request):
        keys = request["RequestItems"]["t"]["Keys"]
        done, left = keys[: len(keys) // 2 + 1], keys[len(keys) // 2 + 1 :]
        rest = {"t": {**request["RequestItems"]["t"], "Keys": left}} if left else {}
        return {"Responses": {"t": done}, "UnprocessedKeys": rest}

    client = Scripted(halfway)
    found = Dynamo(client).get_many({"t": [(f"k{n}", "x") for n in range(250)] + [("k0", "x")]})["t"]
    assert sorted(item["pk"]["S"] for item in found) == sorted(f"k{n}" for n in range(250))
    requests = [arguments["RequestItems"]["t"] for _, arguments in client.calls]
    assert max(len(r["Keys"]) for r in requests) == 100
    assert all(r["ConsistentRead"] for r in requests)


def test_items_left_unwritten_are_written_again_and_a_key_given_twice_goes_once():
    def halfway(request):
        items = request["RequestItems"]["t"]
        left = items[: len(items) // 2]
        return {"UnprocessedItems": {"t": left} if left else {}}

    client = Scripted(halfway)
    puts = [{"pk": s("a"), "sk": s("x"), "n": s(str(n))} for n in range(3)] + [{"pk": s("b"), "sk": s("x")}]
    Dynamo(client).write_many("t", puts=puts, deletes=[("c", "x")])
    first = client.calls[0][1]["RequestItems"]["t"]
    assert len(first) == 3
    assert first[0]["PutRequest"]["Item"]["n"] == s("2")


@pytest.mark.parametrize("answer", [{"Responses": {}, "UnprocessedKeys": {"t": {"Keys": [{}]}}}])
def test_what_is_never_read_is_unavailable(answer):
    with pytest.raises(Unavailable):
        Dynamo(Scripted(answer)).get_many({"t": [("a", "x")]})


@pytest.mark.parametrize(
    "failure",
    [error("ThrottlingException"), error("InternalServerError"), ReadTimeoutError(endpoint_url="http://x")],
)
def test_what_cannot_be_reached_is_unavailable(failure):
    with pytest.raises(Unavailable):
        Dynamo(Scripted(failure)).call("get_item")


def test_a_refused_transaction_tells_which_actions_stood_in_its_way():
    client = Scripted(refusal("None", "ConditionalCheckFailed", "None"))
    assert Dynamo(client).transact([put("a"), put("b"), put("c")]) == {1}
    assert len(client.calls) == 1


def test_a_transaction_that_meets_another_is_tried_again():
    client = Scripted(refusal("None", "TransactionConflict"), {})
    assert Dynamo(client).transact([put("a"), put("b")]) == frozenset()
    assert len(client.calls) == 2


def test_a_transaction_that_always_meets_others_tells_where():
    assert Dynamo(Scripted(refusal("None", "TransactionConflict"))).transact([put("a"), put("b")]) == {1}


def test_a_throttled_transaction_is_unavailable():
    with pytest.raises(Unavailable):
        Dynamo(Scripted(refusal("ThrottlingError", "None"))).transact([put("a"), put("b")])


def test_a_transaction_that_can_never_be_is_an_error_of_ours():
    with pytest.raises(ClientError):
        Dynamo(Scripted(refusal("ValidationError"))).transact([put("a")])


def test_independent_writes_go_on_without_those_whose_condition_does_not_hold():
    client = Scripted(refusal("None", "ConditionalCheckFailed", "None"), {})
    assert Dynamo(client).each([put("a"), put("b"), put("c")]) == [True, False, True]
    assert [len(arguments["TransactItems"]) for _, arguments in client.calls] == [3, 2]


def test_a_single_write_during_a_transaction_is_tried_again():
    client = Scripted(error("TransactionConflictException"), {})
    assert Dynamo(client).conditional("put_item") is True
    assert Dynamo(Scripted(error("ConditionalCheckFailedException"))).conditional("put_item") is False


def test_packs_hold_no_item_twice_no_more_than_a_hundred_and_not_too_much():
    def shapes(things):
        return [len(pack) for pack in packs(things, lambda thing: [thing])]

    assert shapes([put(f"{n}") for n in range(250)]) == [100, 100, 50]
    assert shapes([put("a"), put("b"), put("a"), put("c")]) == [2, 2]
    assert shapes([put(f"{n}", 1_000_000) for n in range(7)]) == [2, 2, 2, 1]
    assert shapes([]) == []
