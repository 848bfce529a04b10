"""Query parameters, read within bounds: whatever cannot be read is the caller's 400, never our 500."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from chalicelib.api.errors import bad_request
from chalicelib.domain.reads.instants import instant
from chalicelib.services.browse import uuid_of

MAX_LIST = 1_000
"""Values in one comma list (a page of 1,000 is the largest there is)."""
MAX_VALUE = 255
MAX_PARAMS = 500
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


class Params:
    """The query of a request: each name with all its values, decoded."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        if sum(map(len, values.values())) > MAX_PARAMS:
            raise bad_request(f"A request may have at most {MAX_PARAMS} parameters.")
        if any("\x00" in v for vs in values.values() for v in vs):
            raise bad_request("Null characters are not allowed.")
        self.values = values

    def one(self, name: str) -> str | None:
        """The last value of a parameter, None when it is absent or empty."""
        values = self.values.get(name)
        value = values[-1].strip() if values else ""
        if len(value) > MAX_VALUE:
            raise bad_request(f"{name} may have at most {MAX_VALUE} characters.")
        return value or None

    def listed(self, name: str) -> list[str] | None:
        """A comma list (repeated parameters add up), each value once; None when it is absent or empty."""
        texts = self.values.get(name, ())
        found = list(dict.fromkeys(w for text in texts for v in text.split(",") if (w := v.strip())))
        if len(found) > MAX_LIST:
            raise bad_request(f"{name} takes at most {MAX_LIST} values.")
        if any(len(v) > MAX_VALUE for v in found):
            raise bad_request(f"A value of {name} may have at most {MAX_VALUE} characters.")
        return found or None

    def uuids(self, name: str) -> list[str] | None:
        """A comma list of uuids in their usual spelling; 400 for anything else (the reference fails with 500)."""
        texts = self.listed(name)
        if texts is None:
            return None
        found = []
        for text in texts:
            uuid = uuid_of(text)
            if uuid is None:
                raise bad_request(f"{name}: '{text[:40]}' is not a valid UUID.")
            found.append(uuid)
        return found

    def boolean(self, name: str) -> bool | None:
        """1, 0, true or false in any case; None when it is absent or empty."""
        text = self.one(name)
        if text is None:
            return None
        if text.lower() not in _BOOLEANS:
            raise bad_request(f"{name} must be true or false (or 1 or 0), not '{text[:40]}'.")
        return _BOOLEANS[text.lower()]

    def moment(self, name: str) -> int | None:
        """An ISO date or date-time as ms since 1970; without an offset it is UTC."""
        text = self.one(name)
        if text is None:
            return None
        try:
            # A raw + of an offset arrives as a space.
            return instant(datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", text)).astimezone(UTC))
        except (ValueError, OverflowError):
            raise bad_request(f"{name} must be an ISO 8601 date-time, not '{text[:40]}'.") from None
