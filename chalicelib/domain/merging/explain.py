"""Why a thing looks as it does: which source won each field, and which rules show or hide it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.domain.keys import InvalidKey, parse_run_key
from chalicelib.domain.view import Body, View

Rule = dict[str, Any]
Check = Callable[[Body, datetime], tuple[bool, str]]


def fields_of(view: View) -> dict[str, str]:
    """For each field the record that won it; a course's runs have theirs as ``run#key field``."""
    return dict(sorted(view.fields.items()))


def rules(body: Body, now: datetime) -> list[Rule]:
    """Each rule that decides whether a course or a run is shown and marketed: ``{rule, passed, detail}``.

    ``body`` is that of a view, before finish (course-discovery 1.7, 2.4, 5.4, 5.5).
    """
    table = COURSE_RULES if "course_runs" in body else RUN_RULES
    return [_rule(name, *check(body, now)) for name, check in table]


def _rule(name: str, passed: bool, detail: str) -> Rule:
    return {"rule": name, "passed": passed, "detail": detail}


def _published(run: Body, now: datetime) -> tuple[bool, str]:
    gone = " (its source no longer has it)" if run["_retired"] else ""
    return run["status"] == "published", f"status is {run['status']}{gone}"


def _sold(run: Body, now: datetime) -> tuple[bool, str]:
    types = ", ".join(seat["type"] for seat in run["seats"])
    return bool(types), f"seats: {types}" if types else "it has no seat"


def _named(run: Body, now: datetime) -> tuple[bool, str]:
    slug = run["_slug"]
    return bool(slug), f"slug is {slug}" if slug else "it has no slug"


def _of_marketed_type(run: Body, now: datetime) -> tuple[bool, str]:
    verb = "is" if run["_marketable_type"] else "is not"
    return run["_marketable_type"], f"run type {run['_run_type_slug']} {verb} marketed"


def _modern(run: Body, now: datetime) -> tuple[bool, str]:
    try:
        legacy = parse_run_key(run["key"]).legacy
    except InvalidKey:
        legacy = True
    return not legacy, "keys like Org/Number/Run are never marketed" if legacy else "its key is of the new kind"


def _unhidden(run: Body, now: datetime) -> tuple[bool, str]:
    return not run["hidden"], "hidden in the LMS" if run["hidden"] else "not hidden"


def _unrestricted(run: Body, now: datetime) -> tuple[bool, str]:
    kind = run["restriction_type"]
    return not kind, f"only for readers who ask for {kind}" if kind else "not restricted"


def _running(run: Body, now: datetime) -> tuple[bool, str]:
    end = _when(run["end"])
    if end is None:
        return True, "it has no end"
    return end >= now, f"it {'ended' if end < now else 'ends'} {run['end']}"


def _open(run: Body, now: datetime) -> tuple[bool, str]:
    start, end = _when(run["enrollment_start"]), _when(run["enrollment_end"])
    if start and start > now:
        return False, f"enrollment opens {run['enrollment_start']}"
    if end and end < now:
        return False, f"enrollment closed {run['enrollment_end']}"
    return True, "enrollment is open"


def _run_type_in_use(run: Body, now: datetime) -> tuple[bool, str]:
    retired = run["_run_type_retired"]
    return not retired, f"run type {run['_run_type_slug']} is {'retired' if retired else 'in use'}"


def _has_runs(course: Body, now: datetime) -> tuple[bool, str]:
    count = len(course["course_runs"])
    return count > 0, f"it has {count} run{'' if count == 1 else 's'}"


def _type_in_use(course: Body, now: datetime) -> tuple[bool, str]:
    retired = course["_type_retired"]
    return not retired, f"course type {course['course_type']} is {'retired' if retired else 'in use'}"


def _has_type(course: Body, now: datetime) -> tuple[bool, str]:
    empty = course["course_type"] == "empty"
    detail = "no course type fits its entitlements and seats" if empty else f"course type is {course['course_type']}"
    return not empty, detail


def _has_slug(course: Body, now: datetime) -> tuple[bool, str]:
    slug = course["url_slug"]
    return bool(slug), f"slug is {slug}" if slug else "it has no slug"


def _some_run(names: frozenset[str], words: str) -> Check:
    """Whether some run passes all of these rules; the detail names it, or what each run lacks."""

    def check(course: Body, now: datetime) -> tuple[bool, str]:
        lacking = {run["key"]: _failed(run, now, names) for run in course["course_runs"]}
        good = next((key for key, failed in lacking.items() if not failed), None)
        if good:
            return True, f"{good} is {words}"
        told = "; ".join(f"{key}: {', '.join(failed)}" for key, failed in lacking.items())
        return False, f"no run is {words}" + (f" ({told})" if told else "")

    return check


def _failed(run: Body, now: datetime, names: frozenset[str]) -> list[str]:
    return [detail for name, check in RUN_RULES if name in names for ok, detail in [check(run, now)] if not ok]


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


MARKETABLE = frozenset({"published", "has seats", "has a slug", "marketable type", "modern key"})
"""is_marketable: all of these (course-discovery 5.5)."""
AVAILABLE = MARKETABLE | {"not ended", "enrollment open"}

RUN_RULES: tuple[tuple[str, Check], ...] = (
    ("published", _published),
    ("has seats", _sold),
    ("has a slug", _named),
    ("marketable type", _of_marketed_type),
    ("modern key", _modern),
    ("not hidden", _unhidden),
    ("not restricted", _unrestricted),
    ("type in use", _run_type_in_use),
    ("not ended", _running),
    ("enrollment open", _open),
)
COURSE_RULES: tuple[tuple[str, Check], ...] = (
    ("has runs", _has_runs),
    ("has a course type", _has_type),
    ("type in use", _type_in_use),
    ("has a slug", _has_slug),
    ("some run is marketable", _some_run(MARKETABLE, "marketable")),
    ("some run is available", _some_run(AVAILABLE, "available")),
)
