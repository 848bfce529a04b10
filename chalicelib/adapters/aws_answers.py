"""How botocore reads answers, with a short way through DynamoDB's items, of which a page of a list has thousands."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from botocore.parsers import JSONParser, ResponseParserFactory

PLAIN = frozenset({"S", "N", "BOOL", "NULL"})


class Answers(JSONParser):
    """An attribute value has one of ten types. botocore looks for each of them, in every value; we look at the one."""

    def _handle_structure(self, shape: Any, value: Any) -> Any:
        if shape.name == "AttributeValue" and value and len(value) == 1:
            ((kind, held),) = value.items()
            if kind in PLAIN:
                return value
            if kind == "B":
                return {"B": b64decode(held)}
        return super()._handle_structure(shape, value)  # type: ignore[misc]  botocore's stubs leave it out


class AnswersFactory(ResponseParserFactory):
    """Gives our parser where JSON is spoken, botocore's own elsewhere."""

    def create_parser(self, protocol_name: str) -> Any:
        if protocol_name == "json":
            return Answers()
        return super().create_parser(protocol_name)
