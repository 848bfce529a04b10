"""The update: the small immutable message a source publishes. Who, what kind, which key; never content."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from chalicelib.domain.keys import InvalidKey, Ref, ref
from chalicelib.domain.tenant import CODE

MAX_BYTES = 8_192
TYPE = re.compile(r"org\.openedx\.catalog\.([a-z_]+)\.updated\.v1")


def type_of(kind: str) -> str:
    """The CloudEvents type of an update about a kind; consumers filter on it."""
    return f"org.openedx.catalog.{kind}.updated.v1"


class InvalidUpdate(ValueError):
    """An update that can never be taken; ``reason`` is a short code, the text is for people."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class Update(BaseModel):
    """One update, version 1 (CloudEvents 1.0 attributes). ``url`` is for people to read and is never fetched."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Update")

    specversion: str = Field("1.0", pattern=r"^1\.0$")
    id: str = Field(min_length=1, max_length=128)
    type: str = Field(pattern=rf"^{TYPE.pattern}$", max_length=128)
    source: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    tenant: str = Field(pattern=CODE)
    subject: str = Field(min_length=1, max_length=255, description="The thing's key, in its source's spelling")
    time: datetime = Field(description="When it changed, RFC 3339 with an offset")
    url: str | None = Field(None, max_length=2048)

    @field_validator("time")
    @classmethod
    def _with_offset(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("needs an offset such as Z")
        return value

    @property
    def kind(self) -> str:
        """Our word for what changed, taken from the type."""
        match = TYPE.fullmatch(self.type)
        assert match
        return match[1]

    @property
    def ref(self) -> Ref:
        """What is to be read again; raises InvalidKey."""
        return ref(self.kind, self.subject)


def parse_update(body: str | bytes | dict[str, Any]) -> Update:
    """Read an update from a message; raises InvalidUpdate with a reason a person understands."""
    if not isinstance(body, dict):
        body = _decoded(body)
    try:
        update = Update.model_validate(body)
        assert update.ref
    except ValidationError as error:
        raise InvalidUpdate("malformed", _first(error)) from None
    except InvalidKey as error:
        raise InvalidUpdate("invalid_key", str(error)) from None
    return update


def _decoded(body: str | bytes) -> dict[str, Any]:
    size = len(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body)
    if size > MAX_BYTES:
        raise InvalidUpdate(
            "oversized", f"an update has at most {MAX_BYTES} bytes, this one {size}: it names, it does not carry"
        )
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidUpdate("malformed", f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise InvalidUpdate("malformed", "an update is a JSON object")
    return value


def _first(error: ValidationError) -> str:
    detail = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(p) for p in detail["loc"]) or "update"
    return f"{place}: {detail['msg']}"
