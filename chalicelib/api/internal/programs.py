"""``/api/v1/programs`` (course-discovery 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.api.http import Call, Routes
from chalicelib.api.internal import reads
from chalicelib.services import browse
from chalicelib.services import wanted as want

programs = Routes()


@programs.route("/api/v1/programs")
def list_programs(call: Call) -> Mapping[str, Any] | list[str]:
    """A page of programs as list items; with ``uuids_only`` a bare list of all uuids."""
    wanted = _wanted(call)
    if call.flags.uuids_only:
        reads.narrow(call, wanted)
        return browse.all_keys(call.tenant, "program", wanted, index=call.house.index)
    return reads.page(call, "program", wanted)


@programs.route("/api/v1/programs/{uuid}", etag=True)
def read_program(call: Call, uuid: str) -> Mapping[str, Any]:
    """A program by its uuid, in full."""
    return reads.one(call, "program", uuid)


def _wanted(call: Call) -> want.Wanted:
    reads.refuse(call, "q")
    p = call.params
    wanted = want.Wanted()
    wanted.any_of("key_lower", p.uuids("uuids"))
    wanted.any_of("status", p.listed("status"))
    wanted.exactly("type.lower", p.one("type"))
    wanted.any_of("type_slug", p.listed("types"))
    wanted.exactly("hidden", p.boolean("hidden"))
    wanted.exactly("marketing_slug", p.one("marketing_slug"))
    wanted.must("marketable", p.boolean("marketable"))
    wanted.since("data_modified_timestamp", p.moment("timestamp"))
    return wanted
