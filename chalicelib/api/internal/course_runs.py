"""``/api/v1/course_runs`` (course-discovery 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.api.http import Call, Routes
from chalicelib.api.internal import reads
from chalicelib.api.internal.courses import check_editable
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
    wanted.any_of("key_lower", want.normal_keys("run", p.listed("keys")))
    wanted.any_of("restriction", want.restrictions(flags))
    wanted.exactly("hidden", p.boolean("hidden"))
    wanted.exactly("license", p.one("license"))
    wanted.must("marketable", p.boolean("marketable"))
    wanted.must("open_ended", p.boolean("active"))
    if not flags.include_retired_run_types:
        wanted.terms["type_retired"] = [False]
    return wanted
