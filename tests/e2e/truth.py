"""Every course and run of a tenant against its campus's own truth, field by field; differences are for people to read.

The campus states the truth from its facts and not from payloads (docs/operations/campus.md). What follows from
several sources is worked out here once more, from the table of owners as it is written down, and not with the
catalog's code: the marketing page's texts before Studio's, Studio's dates before the page's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tests.e2e.system import System

Thing = Mapping[str, Any]
DATES = ("start", "end", "enrollment_start", "enrollment_end")
SEAT = ("price", "currency", "sku", "bulk_sku", "upgrade_deadline", "credit_provider", "credit_hours")
EVERYTHING = {
    "exclude_utm": 1,
    "include_hidden_course_runs": 1,
    "include_deleted_programs": 1,
    "include_unpublished_programs": 1,
    "include_retired_programs": 1,
}


def differences(system: System, tenant: str = "edx") -> list[str]:
    """What the catalog says otherwise than the campus, as ``thing field: expected X, found Y``; none: all is right."""
    truth = {t["key"]: t for t in walk_truth(system, tenant)}
    courses = {c["key"]: c for c in walk(system, "/api/v1/courses/", tenant)}
    runs = {r["key"]: r for r in walk(system, "/api/v1/course_runs/", tenant)}
    told = {key: {name for name, run in t["runs"].items() if _known(run)} for key, t in truth.items()}
    found = [
        *_sets(f"{tenant} courses", {key for key, names in told.items() if names}, courses),
        *_sets(f"{tenant} runs", set().union(*told.values()), runs),
    ]
    others = system.campus(f"/admin/{tenant}/truth/others")
    people = {person["uuid"]: person for person in others["people"]}
    for key in truth.keys() & courses.keys():
        found += _of_course(truth[key], courses[key], runs, people)
    return found + list(_others(system, tenant, others))


def walk(system: System, path: str, tenant: str) -> Iterator[dict[str, Any]]:
    """Every element of a list, following ``next`` as a client does."""
    answer = system.get(path, tenant=tenant, limit=50, **EVERYTHING)
    while True:
        assert answer.status_code == 200, f"{answer.request.url}: {answer.status_code} {answer.text[:300]}"
        page = answer.json()
        yield from page["results"]
        if not page["next"]:
            return
        answer = system.follow(page["next"], tenant)


def walk_truth(system: System, tenant: str) -> Iterator[dict[str, Any]]:
    """Every course as the campus has it now."""
    offset = 0
    while True:
        page = system.campus(f"/admin/{tenant}/truth?offset={offset}&limit=50")
        yield from page["results"]
        offset += len(page["results"])
        if offset >= page["count"] or not page["results"]:
            return


def _known(run: Thing) -> bool:
    """Whether any source answers about this run."""
    return bool(run["visible"] or run["in_otto"] or run["page"])


def _sets(what: str, expected: set[str], found: Mapping[str, Any]) -> list[str]:
    missing, extra = expected - found.keys(), found.keys() - expected
    return [f"{what}: {word}: {sorted(keys)}" for word, keys in (("not found", missing), ("too many", extra)) if keys]


def _of_course(truth: Thing, course: Thing, listed: Mapping[str, Thing], people: Mapping[str, Thing]) -> Iterator[str]:
    expected = {key: expected_run(truth, key, people) for key, run in truth["runs"].items() if _known(run)}
    yield from _compare(truth["key"], expected_course(truth, expected), course)
    own = {run["key"]: run for run in course["course_runs"]}
    yield from _sets(f"{truth['key']} course_runs", set(expected), own)
    for key in expected.keys() & own.keys():
        yield from _compare(f"{truth['key']} > {key}", expected[key], own[key])
    for key in expected.keys() & listed.keys():
        yield from _compare(key, expected[key] | {"programs": _run_programs(truth, key)}, listed[key])


def _compare(name: str, expected: Thing, found: Thing) -> Iterator[str]:
    """Only what is expected is looked at; lists of objects are reduced to what is expected of each."""
    for field, value in expected.items():
        seen = READ.get(field, lambda body, f=field: body.get(f))(found)
        if seen != value:
            yield f"{name} {field}: expected {_shown(value)}, found {_shown(seen)}"


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=sorted)[:300]


def expected_run(course: Thing, key: str, people: Mapping[str, Thing]) -> dict[str, Any]:
    """What a run must show; fields that nothing in the truth decides are left out."""
    run, page = course["runs"][key], course["sources"]["drupal"].get(key)
    studio = course["sources"]["studio"].get(key)
    expected: dict[str, Any] = {"key": key, "seats": run["seats"], "course": course["key"]}
    if run["visible"]:
        expected |= {name: run[name] for name in (*DATES, "hidden")}
        expected["mobile_available"] = bool(run["mobile_available"])
        expected["pacing_type"] = run["pacing_type"] or (None if "pacing" in studio else _page_pacing(page))
    elif page:
        expected |= {name: _seconds(page[f"field_course_{name}_date"]) for name in ("start", "end")}
        expected |= {"hidden": bool(page["field_couse_is_hidden"]), "pacing_type": _page_pacing(page)}
    expected["status"] = _status(run)
    expected["title"] = page["title"].strip() if page else (run["title"] if run["visible"] else None)
    expected["short_description"] = _short(run, page)
    said = run["page"] or {}
    expected["staff"] = [{"uuid": uuid, "title": people[uuid]["title"]} for uuid in said.get("staff", [])]
    return expected | {"content_language": said.get("language"), "weeks_to_complete": said.get("weeks_to_complete")}


def _status(run: Thing) -> str:
    """The marketing page decides where there is one, else being in the LMS is being published."""
    if run["status_published"] is not None:
        return "published" if run["status_published"] else "unpublished"
    return "published" if run["visible"] else "unpublished"


def _short(run: Thing, page: Thing | None) -> str | None:
    own = (page or {}).get("field_course_sub_title_short")
    return own or (run["short_description"] if run["visible"] else None)


def _page_pacing(page: Thing | None) -> str | None:
    if not page or page["field_course_self_paced"] is None:
        return None
    return "self_paced" if page["field_course_self_paced"] else "instructor_paced"


def _seconds(value: Any) -> str | None:
    return datetime.fromtimestamp(int(value), UTC).isoformat().replace("+00:00", "Z") if value else None


def expected_course(truth: Thing, runs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What a course must show; completes its runs with what they take from it (texts where they have none)."""
    order = sorted(runs, key=lambda key: (runs[key].get("start") or "", key.lower()), reverse=True)
    pages = [truth["sources"]["drupal"][key] for key in order if key in truth["sources"]["drupal"]]
    titles = [page["title"] for page in pages] or [r["title"] for k in order if (r := truth["runs"][k])["visible"]]
    short = next((p["field_course_sub_title_short"] for p in pages if p["field_course_sub_title_short"]), None)
    for run in runs.values():
        run["title"] = run["title"] or next(iter(titles), None)
        run["short_description"] = run["short_description"] or short
    said = [truth["runs"][key]["page"] for key in order if truth["runs"][key]["page"]]
    return {
        "key": truth["key"],
        "title": next(iter(titles), None),
        "short_description": short,
        "owners": [_organization(truth["organization"])],
        "sponsors": next((page["sponsors"] for page in said if page["sponsors"]), []),
        "subjects": next((page["subjects"] for page in said if page["subjects"]), []),
        "level_type": next((page["level"] for page in said if page["level"]), None),
        "entitlements": truth["entitlements"],
        "programs": {p["uuid"]: p["title"] for p in truth["programs"]},
    }


def _organization(said: Thing) -> dict[str, Any]:
    return {"key": said["key"], "name": said["school_name"] or said["lms_name"]}


def _run_programs(truth: Thing, key: str) -> dict[str, str]:
    """A run's programs: those that list it."""
    return {p["uuid"]: p["title"] for p in truth["programs"] if key in p["runs"]}


def _others(system: System, tenant: str, truth: Thing) -> Iterator[str]:
    """Programs as their details show them, organizations and sponsors as they are listed."""
    programs = {p["uuid"]: p for p in walk(system, "/api/v1/programs/", tenant)}
    yield from _sets(f"{tenant} programs", {p["uuid"] for p in truth["programs"]}, programs)
    for said in truth["programs"]:
        shown = system.get(f"/api/v1/programs/{said['uuid']}/", tenant=tenant, **EVERYTHING).json()
        yield from _compare(f"program {said['title']}", _expected_program(said), shown)
    organizations = {o["key"]: o for o in walk(system, "/api/v1/organizations/", tenant)}
    expected = {o["key"]: _organization(o)["name"] for o in truth["organizations"]}
    expected |= {s["slug"]: s["name"] for s in truth["sponsors"]}
    yield from _sets(f"{tenant} organizations", set(expected), organizations)
    for key in expected.keys() & organizations.keys():
        yield from _compare(f"organization {key}", {"name": expected[key]}, organizations[key])


def _expected_program(said: Thing) -> dict[str, Any]:
    """One without a slug is shown to nobody yet; its page is found by that slug, so it has no overview either."""
    expected = {name: said[name] for name in ("uuid", "title", "subtitle", "organization")}
    slug = said["marketing_slug"]
    expected |= {"status": said["status"] if slug else "unpublished", "marketing_slug": slug or ""}
    expected["overview"] = plain(said["overview"]) if slug else ""
    courses = {parse_run(run) for run in said["runs"]}
    return expected | {"courses": sorted(courses), "runs": sorted(said["runs"])}


def parse_run(key: str) -> str:
    """``Org+Number`` of a run key of either form."""
    org, number, _ = re.split(r"[+/]", key.removeprefix("course-v1:"))
    return f"{org}+{number}"


def plain(html: str | None) -> str:
    """The words of a text: which tags survive is not what this compares."""
    return " ".join(re.sub(r"<[^>]*>", " ", html or "").split())


READ = {
    "seats": lambda body: {seat["type"]: {name: seat[name] for name in SEAT} for seat in body["seats"]},
    "owners": lambda body: [{"key": o["key"], "name": o["name"]} for o in body["owners"]],
    "sponsors": lambda body: [o["key"] for o in body["sponsors"]],
    "organization": lambda body: body["authoring_organizations"][0]["key"],
    "subjects": lambda body: [s["name"] for s in body["subjects"]],
    "staff": lambda body: [{"uuid": p["uuid"], "title": (p["position"] or {}).get("title")} for p in body["staff"]],
    "courses": lambda body: sorted(course["key"] for course in body["courses"]),
    "runs": lambda body: sorted(run["key"] for course in body["courses"] for run in course["course_runs"]),
    "overview": lambda body: plain(body["overview"]),
    "programs": lambda body: {p["uuid"]: p["title"] for p in body["programs"]},
    "entitlements": lambda body: [
        {name: e[name] for name in ("mode", "price", "currency", "sku")} for e in body["entitlements"]
    ],
}
"""How a field is read from an answer, where it is not compared as it stands."""
