"""``/api/v1/course_runs`` (course-discovery 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.api.http import Call, Routes
from chalicelib.api.internal import reads
from chalicelib.api.internal.courses import check_editable
from chalicelib.domain.instants import instant
from chalicelib.services import wanted as want

course_runs = Routes()


@course_runs.route("/api/v1/course_runs")
def list_course_runs(call: Call) -> Mapping[str, Any]:
    """A page of runs, by lower-cased key unless ``ordering`` says ``start``."""
    return reads.page(call, "run", _wanted(call))


@course_runs.route("/api/v1/course_runs/{run_key}", etag=True)
def read_course_run(call: Call, run_key: str) -> Mapping[str, Any]:
    """A run by its key, the old ``Org/Number/Run`` included, or its uuid."""
    check_editable(call)
    return reads.one(call, "run", run_key)


def _wanted(call: Call) -> want.Wanted:
    check_editable(call)
    reads.refuse(call, "q")
    p, flags = call.params, call.flags
    wanted = want.Wanted()
    wanted.any_of("key", want.normal_keys("run", p.listed("keys")))
    wanted.any_of("restriction_type", want.restrictions(flags))
    wanted.any_of("hidden", want.exactly(p.boolean("hidden")))
    wanted.any_of("license", want.lowered(p.one("license")))
    if not flags.include_retired_run_types:
        wanted.terms["type_retired"] = [False]
    if p.boolean("marketable"):
        wanted.terms["is_marketable"] = [True]
    if p.boolean("active"):
        wanted.is_open("end", instant(call.now))
        wanted.is_open("enrollment_end", instant(call.now))
    return wanted
