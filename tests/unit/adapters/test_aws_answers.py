"""Our short way through DynamoDB's answers reads the same as botocore's own."""

from __future__ import annotations

import base64
import json

import botocore.session
import pytest
from botocore.parsers import JSONParser

from chalicelib.adapters.aws_answers import Answers, AnswersFactory

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


def test_only_json_is_read_by_it():
    assert isinstance(AnswersFactory().create_parser("json"), Answers)
    assert not isinstance(AnswersFactory().create_parser("query"), Answers)
