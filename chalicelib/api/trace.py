"""The id under which a request is found again in the logs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

_SAFE = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def request_id_of(event: Mapping[str, Any], context: Any) -> str:
    """Lambda's own id, else the gateway's, else a new one."""
    gateway = (event.get("requestContext") or {}).get("requestId")
    found = getattr(context, "aws_request_id", None) or gateway
    return found if isinstance(found, str) and _SAFE.fullmatch(found) else str(uuid.uuid4())
