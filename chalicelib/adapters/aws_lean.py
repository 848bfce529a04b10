"""What botocore does for every call and ours do without: together it was more than half of what a call cost.

Each part is botocore's own with a shorter way for what we send and get; tests hold each of them against botocore's.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import quote_plus

import orjson
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.serialize import JSONSerializer

ONE_ENDPOINT = frozenset({"dynamodb", "sns", "sqs"})
"""Not S3: there the bucket is part of it."""
PLAIN = frozenset({"S", "N", "BOOL", "NULL"})
SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~"
QUOTED = {code: "+" if chr(code) == " " else f"%{code:02X}" for code in range(128) if chr(code) not in SAFE}


class Answers(JSONParser):
    """An attribute value has one of ten types. botocore looks for each of them, in every value; we look at the one."""

    def _handle_map(self, shape: Any, value: Any) -> Any:
        if shape.value.name == "AttributeValue":
            return {name: self._attribute(shape.value, held) for name, held in value.items()}
        return super()._handle_map(shape, value)  # type: ignore[misc]  # the stubs leave it out

    def _attribute(self, shape: Any, value: Any) -> Any:
        ((kind, held),) = value.items()
        if kind in PLAIN:
            return value
        if kind == "B":
            return {"B": b64decode(held)}
        return self._parse_shape(shape, value)  # type: ignore[attr-defined]


class AnswersFactory(ResponseParserFactory):
    """Gives our parser where JSON is spoken, botocore's own elsewhere."""

    def create_parser(self, protocol_name: str) -> Any:
        return Answers() if protocol_name == "json" else super().create_parser(protocol_name)


class Asks(JSONSerializer):
    """DynamoDB's arguments are its JSON already, but for bytes. botocore walks them beside the model of the service."""

    def serialize_to_request(self, parameters: Any, operation_model: Any) -> Any:
        try:
            body = orjson.dumps(parameters, default=_text)
        except TypeError:  # half a surrogate pair in a text: botocore escapes it
            return super().serialize_to_request(parameters, operation_model)
        return super().serialize_to_request({}, operation_model) | {"body": body}


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(type(value).__name__)


def lean(client: Any, service: str) -> Any:
    """The client, made lighter.

    Where the endpoint is known from region or URL, the rules that botocore asks at every call say nothing else.
    """
    if service in ONE_ENDPOINT:
        client._ruleset_resolver = None
    if service == "dynamodb":
        client._serializer = Asks()
    if service == "sns":
        client.meta.events.register("before-call.sns", _as_form)
    return client


def _as_form(params: Any, **_: Any) -> None:
    """The form of a call, quoted by one table; botocore would do it character by character."""
    if isinstance(params["body"], dict) and all(isinstance(value, str) for value in params["body"].values()):
        fields = params["body"].items()
        params["body"] = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields).encode()


def quoted(text: str) -> str:
    """A text as a form holds it."""
    return text.translate(QUOTED) if text.isascii() else quote_plus(text)
