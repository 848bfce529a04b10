"""``…/{key}/explain``: why a thing looks as it does, for staff (ours; the reference has no such route)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.api.auth import staff
from chalicelib.api.http import Call, Handler, Routes
from chalicelib.api.internal import reads

explain = Routes()

NOUNS = (
    ("/api/v1/courses/{course_key}/explain", "course"),
    ("/api/v1/course_runs/{run_key}/explain", "run"),
    ("/api/v1/programs/{uuid}/explain", "program"),
    ("/api/v1/organizations/{key}/explain", "organization"),
)


def _explains(kind: str) -> Handler:
    def explained(call: Call, **values: str) -> Mapping[str, Any]:
        (key,) = values.values()
        return reads.explained(call, kind, key)

    return explained


for _path, _kind in NOUNS:
    explain.route(_path, access=staff)(_explains(_kind))
