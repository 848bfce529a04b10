"""Two tenants with the same keys, and tenants that come and change without a deploy."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.processes import ROOT, command, environment
from tests.e2e.settling import settle
from tests.e2e.system import System, eventually
from tests.e2e.truth import differences, walk

LISTS = ("/api/v1/courses/", "/api/v1/course_runs/", "/api/v1/programs/", "/api/v1/organizations/")


def texts(body: Any) -> Iterator[str]:
    """Every text of an answer."""
    if isinstance(body, dict | list):
        for child in body.values() if isinstance(body, dict) else body:
            yield from texts(child)
    elif isinstance(body, str):
        yield body


def uuids(bodies: list[dict[str, Any]]) -> set[str]:
    """What identifies things of one tenant; types and sources of products are everybody's."""
    own = {"uuid", "course_uuid"}
    found: set[str] = set()
    pending: list[Any] = list(bodies)
    while pending:
        body = pending.pop()
        if isinstance(body, dict):
            found |= {v for k, v in body.items() if k in own and isinstance(v, str)}
            pending += [v for k, v in body.items() if k not in {"type_attrs", "product_source"}]
        elif isinstance(body, list):
            pending += body
    return found


def test_tenants_that_share_keys_never_see_anything_of_each_other(system: System) -> None:
    settle()
    shown = {t: [body for path in LISTS for body in walk(system, path, t)] for t in ("edx", "pyrite")}
    keys = {t: {body["key"] for body in bodies if "key" in body} for t, bodies in shown.items()}
    shared = {key for key in keys["edx"] & keys["pyrite"] if key.startswith("course-v1:")}
    assert len(shared) >= 5, "the campuses share runs, or this says nothing"

    assert uuids(shown["edx"]).isdisjoint(uuids(shown["pyrite"]))
    for own, other in (("edx", "pyrite"), ("pyrite", "edx")):
        strange = {text for text in texts(shown[own]) if f"/{other}/" in text or f".{other}." in text}
        assert strange == set()
        assert differences(system, own) == []
    for key in sorted(shared)[:5]:
        assert system.run(key, "edx")["uuid"] != system.run(key, "pyrite")["uuid"]


def test_neither_a_token_nor_a_parameter_nor_a_uuid_opens_another_tenant(system: System) -> None:
    theirs = next(walk(system, "/api/v1/programs/", "pyrite"))
    assert system.get(f"/api/v1/programs/{theirs['uuid']}/", tenant="edx").status_code == 404
    assert system.get("/api/v1/courses/", tenant="edx", partner="pyrite").json()["count"] == 0
    headers = {"Authorization": f"JWT {system.token('staff', 'pyrite')}"}
    assert system.http.get(f"{system.url('edx')}/api/v1/courses/", headers=headers).status_code == 401
    by_host = system.http.get(f"{system.url('edx')}/api/v1/programs/", headers=headers | {"Host": "pyrite.localhost"})
    assert theirs["uuid"] in {p["uuid"] for p in by_host.json()["results"]}


# ---- tenants that come and change

QUARTZ = "quartz"


@pytest.fixture
def quartz(system: System) -> Iterator[dict[str, Any]]:
    """What a third tenant needs, on the campus of the second; in the end it has no host and no source."""
    like = json.loads(command("tenants", "show", "pyrite"))
    host = f"{uuid.uuid4().hex[:8]}.quartz.test"
    wish = like | {"code": QUARTZ, "name": "Quartz", "hosts": [host], "default": False}
    wish["sources"] = {"programs": like["sources"]["programs"]}
    yield wish
    put(wish | {"hosts": [], "sources": {}})


def put(tenant: dict[str, Any], code: int = 0) -> str:
    """``tenants put -`` with a tenant on standard input, whatever its revision."""
    text = json.dumps({k: v for k, v in tenant.items() if k != "revision"})
    argv = [sys.executable, "-m", "chalicelib.runtime", "tenants", "put", "-"]
    done = subprocess.run(
        argv, cwd=ROOT, env=environment(), input=text, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == code, done.stderr
    return done.stdout


def test_a_tenant_is_added_by_command_and_served_at_its_host_without_a_deploy(
    system: System, quartz: dict[str, Any]
) -> None:
    headers = {"Authorization": f"JWT {system.token('staff', 'pyrite')}", "Host": quartz["hosts"][0]}

    def programs() -> list[str]:
        answer = system.http.get(f"{system.url('edx')}/api/v1/programs/", headers=headers).json()
        return sorted(p["title"] for p in answer["results"])

    assert "quartz is at revision" in put(quartz)
    command("refresh", "--partner", QUARTZ)
    theirs = sorted(p["title"] for p in walk(system, "/api/v1/programs/", "pyrite"))
    assert eventually(lambda: (found := programs()) == theirs and found)
    assert system.get("/api/v1/programs/").json()["count"] > len(theirs), "the default tenant is as it was"


def test_tenants_are_edited_over_http_by_operators_on_the_revision_they_saw(system: System) -> None:
    path = "/admin/v1/tenants/pyrite"
    elsewhere = system.get(path, tenant="pyrite")
    assert elsewhere.status_code == 403, "only operators of the default tenant run the installation"
    seen = system.get(path).json()
    url, headers = f"{system.url()}{path}", {"Authorization": f"JWT {system.token()}"}
    named = f"Pyrite {uuid.uuid4().hex[:6]}"
    made = system.http.put(url, json=seen | {"name": named}, headers=headers)
    assert (made.status_code, made.json()["revision"]) == (200, seen["revision"] + 1)
    assert system.http.put(url, json=seen | {"name": "late"}, headers=headers).status_code == 409
    assert (
        system.http.put(
            url, json=made.json() | {"sources": {"studio": {"url": "ftp://x"}}}, headers=headers
        ).status_code
        == 400
    )
    assert system.get(path).json()["name"] == named
    assert system.http.put(url, json=made.json() | {"name": seen["name"]}, headers=headers).status_code == 200
