"""Our short ways through botocore come to the same as botocore's own."""

from __future__ import annotations

import base64
import contextlib
import json
from urllib.parse import quote_plus

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.parsers import JSONParser
from botocore.serialize import JSONSerializer
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.aws_lean import Answers, AnswersFactory, Asks, lean, quoted

VALUES = {
    "text": {"S": "é"},
    "number": {"N": "12"},
    "bytes": {"B": base64.b64encode(b"\x00\xff").decode()},
    "flag": {"BOOL": False},
    "nothing": {"NULL": True},
    "set": {"SS": ["a", "b"]},
    "byte set": {"BS": [base64.b64encode(b"x").decode()]},
    "list": {"L": [{"S": "a"}, {"M": {"deep": {"B": base64.b64encode(b"y").decode()}}}]},
    "map": {"M": {"a": {"L": []}}},
}


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("BatchGetItem", {"Responses": {"t": [VALUES, {}]}, "UnprocessedKeys": {"t": {"Keys": [{"pk": {"S": "a"}}]}}}),
        ("Query", {"Items": [VALUES], "Count": 1, "LastEvaluatedKey": {"pk": {"S": "a"}}}),
        ("UpdateItem", {"Attributes": VALUES}),
        ("DescribeTable", {"Table": {"TableName": "t", "ItemCount": 3, "CreationDateTime": 1.5}}),
    ],
)
def test_an_answer_reads_as_botocore_reads_it(operation, body):
    shape = botocore.session.get_session().get_service_model("dynamodb").operation_model(operation).output_shape
    response = {"status_code": 200, "headers": {"x-amzn-RequestId": "1"}, "body": json.dumps(body).encode()}
    assert Answers().parse(response, shape) == JSONParser().parse(response, shape)


ITEM = {"pk": {"S": "é"}, "n": {"N": "1"}, "z": {"B": b"\x00\xff"}, "flag": {"BOOL": True}, "l": {"L": [{"B": b"x"}]}}


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("PutItem", {"TableName": "t", "Item": ITEM, "ConditionExpression": "a = :a"}),
        ("BatchGetItem", {"RequestItems": {"t": {"ConsistentRead": True, "Keys": [{"pk": {"S": "a"}}]}}}),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "t", "Item": ITEM}}]}),
        ("PutItem", {"TableName": "t", "Item": {"pk": {"S": "half a pair: \ud800"}}}),
    ],
)
def test_arguments_are_sent_as_botocore_sends_them(operation, arguments):
    model = botocore.session.get_session().get_service_model("dynamodb").operation_model(operation)
    ours, own = (made.serialize_to_request(arguments, model) for made in (Asks(), JSONSerializer()))
    assert json.loads(ours.pop("body")) == json.loads(own.pop("body"))
    assert ours == own


@given(st.text())
def test_a_form_is_quoted_as_the_standard_library_does(text):
    text = text.encode("utf-8", "ignore").decode()
    assert quoted(text) == quote_plus(text)


@pytest.mark.parametrize("service", ["dynamodb", "sns", "sqs", "s3"])
def test_a_lean_client_asks_the_same_of_the_same_place(service):
    calls = {
        "dynamodb": ("get_item", {"TableName": "t", "Key": {"pk": {"S": "é"}}}),
        "sns": ("publish", {"TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": '{"a b": "é&="}'}),
        "sqs": ("send_message", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/q", "MessageBody": "é"}),
        "s3": ("get_object", {"Bucket": "b", "Key": "k é"}),
    }
    name, arguments = calls[service]
    assert _sent(lean(_client(service), service), name, arguments) == _sent(_client(service), name, arguments)


def _client(service):
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    return botocore.session.get_session().create_client(service, region_name="us-east-1", **keys)


def _sent(client, name, arguments):
    """What a client puts on the wire: URL, body, and the headers that do not tell the time."""
    seen = []

    def keep(request, **_):
        seen.append(request)
        return AWSResponse(request.url, 500, {}, None)

    client.meta.events.register_first("before-send", keep)
    with contextlib.suppress(Exception):
        getattr(client, name)(**arguments)
    request = seen[0]
    signed = request.headers["Authorization"].decode().partition("Signature=")[0]
    kinds = {name: request.headers.get(name) for name in ("Content-Type", "X-Amz-Target")}
    body = request.body.encode() if isinstance(request.body, str) else request.body
    return request.url, json.loads(body) if body and body[:1] == b"{" else body, signed, kinds


def test_only_json_is_read_by_it():
    assert isinstance(AnswersFactory().create_parser("json"), Answers)
    assert not isinstance(AnswersFactory().create_parser("query"), Answers)
