"""``/api/v1/courses`` (course-discovery 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.api.errors import bad_request, forbidden
from chalicelib.api.http import Call, Routes
from chalicelib.api.internal import reads
from chalicelib.services import wanted as want

courses = Routes()
EDITABLE_AND_Q = "Specifying both editable=1 and a q parameter is not supported."


@courses.route("/api/v1/courses")
def list_courses(call: Call) -> Mapping[str, Any]:
    """A page of courses, by key unless ``ordering`` says otherwise."""
    return reads.page(call, "course", _wanted(call))


@courses.route("/api/v1/courses/{course_key}", etag=True)
def read_course(call: Call, course_key: str) -> Mapping[str, Any]:
    """A course by its key (``Org+Number``, ``Org/Number``) or uuid."""
    check_editable(call)
    return reads.one(call, "course", course_key)


def _wanted(call: Call) -> want.Wanted:
    check_editable(call)
    reads.refuse(call, "q", "pubq")
    p, flags = call.params, call.flags
    wanted = want.Wanted()
    wanted.any_of("key_lower", want.normal_keys("course", p.listed("keys")))
    wanted.any_of("uuid", p.uuids("uuids"))
    wanted.any_of("course_run_statuses", p.listed("course_run_statuses"))
    wanted.any_of("editors", p.listed("editors"))
    wanted.since("data_modified_timestamp", p.moment("timestamp"))
    want.of_course_type(wanted, p.one("course_type"))
    if not flags.include_retired_course_types:
        wanted.terms["type_retired"] = [False]
    return wanted


def check_editable(call: Call) -> None:
    """``editable=1`` is for staff (no store of editors yet); without drafts their list is the official one (2.2)."""
    if not call.flags.editable:
        return
    if call.params.one("q") is not None:
        raise bad_request(EDITABLE_AND_Q)
    if not call.principal.sees_everything:
        raise forbidden()
