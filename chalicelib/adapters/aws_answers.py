"""How botocore reads answers, with a short way through DynamoDB's items, of which a page of a list has thousands."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from botocore.parsers import JSONParser, ResponseParserFactory

PLAIN = frozenset({"S", "N", "BOOL", "NULL"})


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
