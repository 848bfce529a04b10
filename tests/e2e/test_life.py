"""The life of courses: what happens in a source is seen wherever it shows, and a thing that goes can come back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.keys import Ref
from chalicelib.domain.record import GONE, SUSPECT
from chalicelib.wiring import house
from tests.e2e.processes import command
from tests.e2e.settling import hasten, long_ago
from tests.e2e.system import System, eventually
from tests.e2e.truth import EVERYTHING, parse_run, walk


def values(body: Any) -> Iterator[Any]:
    """Every plain value of an answer."""
    if isinstance(body, dict | list):
        for child in body.values() if isinstance(body, dict) else body:
            yield from values(child)
    else:
        yield body


def test_an_organizations_new_name_reaches_every_course_and_program_that_shows_it(system: System) -> None:
    keys = [t["key"] for t in system.campus("/admin/edx/truth/others")["organizations"]]
    courses = list(walk(system, "/api/v1/courses/", "edx"))
    org = max(keys, key=lambda key: sum(key == o["key"] for c in courses for o in c["owners"]))
    name = f"Renamed {uuid.uuid4().hex[:8]}"
    system.edit("school", key=org, value=name)
    shows = [c["key"] for c in courses if org in {o["key"] for o in c["owners"]}]
    programs = [
        p for p in walk(system, "/api/v1/programs/", "edx") if org in {o["key"] for o in p["authoring_organizations"]}
    ]
    assert len(shows) > 5 and programs

    def everywhere() -> bool:
        found = {c["key"]: c for c in walk(system, "/api/v1/courses/", "edx")}
        assert {k for k in shows if name not in {o["name"] for o in found[k]["owners"]}} == set()
        for program in programs:
            shown = system.get(f"/api/v1/programs/{program['uuid']}/", **EVERYTHING).json()
            assert name in {o["name"] for o in shown["authoring_organizations"]}, program["title"]
        return True

    eventually(everywhere, every=0.5)


def test_a_new_run_is_there_with_what_every_source_says_of_it(system: System) -> None:
    key = system.edit("new_run")["key"]
    truth = system.campus(f"/admin/edx/truth/{parse_run(key)}")

    def complete() -> bool:
        run = system.run(key)
        assert {seat["sku"] for seat in run["seats"]} == {s["sku"] for s in truth["runs"][key]["seats"].values()}
        assert run["start"] == truth["runs"][key]["start"] and run["uuid"]
        assert key in {r["key"] for r in system.course(truth["key"])["course_runs"]}
        return bool(run["staff"]) == bool((truth["runs"][key]["page"] or {}).get("staff"))

    eventually(complete)
    listed = eventually(lambda: system.get("/api/v1/course_runs/", keys=key).json()["results"])
    assert [run["key"] for run in listed] == [key]


def test_a_run_that_the_registry_moves_is_shown_by_its_new_course_alone_and_can_be_moved_back(system: System) -> None:
    by_size = sorted(walk(system, "/api/v1/courses/", "edx"), key=lambda c: len(c["course_runs"]), reverse=True)
    old, new = by_size[0], by_size[1]
    run = old["course_runs"][0]["key"]
    before = system.run(run)
    kept = json.loads(command("registry", "show", "run", run))["edited"]

    def runs(course: Any) -> set[str]:
        return {r["key"] for r in system.course(course["key"])["course_runs"]}

    command("registry", "edit", "run", run, json.dumps(kept | {"course": new["key"]}))
    eventually(lambda: run in runs(new) and run not in runs(old))
    moved = system.run(run)
    assert (moved["course"], moved["course_uuid"]) == (new["key"], new["uuid"])
    assert (moved["uuid"], moved["seats"]) == (before["uuid"], before["seats"])

    command("registry", "edit", "run", run, json.dumps(kept))
    eventually(lambda: run in runs(old) and run not in runs(new))
    assert system.run(run)["course"] == old["key"]


def test_a_run_is_retired_at_the_second_look_only_and_comes_back(system: System, few_misses: None) -> None:
    made = system.edit("retire")
    key, ref = made["key"], Ref("run", made["key"].lower())
    status = system.run(key)["status"]
    assert status == "published"

    def states() -> set[str]:
        return {m.state for n, m in house().records.heads("edx", [ref])[ref].marks.items() if n.startswith("studio#")}

    eventually(lambda: states() == {SUSPECT})
    assert system.run(key)["status"] == status
    hasten(only=[ref.key])
    assert states() == {SUSPECT}, "a second look that comes early is no second look"
    long_ago("edx", [key])
    hasten(only=[ref.key])
    assert states() == {GONE}
    gone = eventually(lambda: (run := system.run(key))["status"] == "unpublished" and run)
    assert gone["key"] == key, "a retired run stays readable by its key"
    assert system.run(gone["uuid"])["key"] == key

    system.edit("retire", key=key, value=False)
    eventually(lambda: system.run(key)["status"] == status)


def test_what_otto_and_drupal_and_programs_change_is_seen_where_it_shows(system: System) -> None:
    right = system.edit("entitlement")
    [price] = right["after"].values()
    program, person, page = system.edit("program"), system.edit("person"), system.edit("text")

    def seen() -> bool:
        courses = list(walk(system, "/api/v1/courses/", "edx"))
        assert price in {e["price"] for c in courses if c["uuid"] == right["key"] for e in c["entitlements"]}
        shown = system.get(f"/api/v1/programs/{program['key']}/", **EVERYTHING).json()
        assert shown["title"] == program["after"]["name"]
        nested = {p["title"] for c in courses for p in c["programs"] if p["uuid"] == program["key"]}
        assert nested <= {program["after"]["name"]}
        staff = [
            p for r in walk(system, "/api/v1/course_runs/", "edx") for p in r["staff"] if p["uuid"] == person["key"]
        ]
        assert {p["position"]["title"] for p in staff} <= {person["after"]["title"]}
        return system.run(page["key"])["short_description"] == page["after"]["short_description"]

    eventually(seen, every=0.5)
