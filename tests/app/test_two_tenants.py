"""Two tenants that share a key: the host decides, and nothing of the other one leaks."""

import pytest

from tests.fakes.house import uuid_for

KEY = "Shared+C1"


@pytest.fixture(autouse=True)
def _shared(house):
    for code in ("edx", "mitx"):
        fields = {"type_retired": False}
        house.things.add(code, "course", KEY, fields, title=f"{code}'s")
        house.things.add(code, "course", f"{code}+Only", fields, title=f"{code}'s own")
        house.things.add(code, "run", "course-v1:Shared+C1+1T2026", fields, title=f"{code}'s run")
        house.things.add(code, "organization", "Shared", name=code)
        house.things.add(code, "program", uuid_for("program", code), title=f"{code}'s program")


@pytest.fixture(params=["edx", "mitx"])
def side(request, staff):
    staff.host = f"catalog.{request.param}.test"
    other = {"edx": "mitx", "mitx": "edx"}[request.param]
    return staff, request.param, other


def test_a_shared_key_shows_the_hosts_own_thing(side):
    browser, own, _ = side
    assert browser.get(f"/api/v1/courses/{KEY}/").json["title"] == f"{own}'s"
    assert browser.get("/api/v1/course_runs/course-v1:Shared+C1+1T2026").json["title"] == f"{own}'s run"


@pytest.mark.parametrize("noun", ["courses", "course_runs", "programs", "organizations"])
@pytest.mark.parametrize(
    "query",
    ["", "?partner={other}", "?partner={own}", "?partner=EDX", "?partner=MITX", "?keys=Shared%2BC1,{other}%2BOnly"],
)
def test_no_list_shows_anything_of_the_other(side, noun, query):
    browser, own, other = side
    answer = browser.get(f"/api/v1/{noun}/{query.format(own=own, other=other)}")
    assert answer.status == 200
    assert f"{other}'s" not in answer.text
    assert all(o["name"] != other for o in answer.json["results"] if noun == "organizations")


def test_the_others_uuids_and_keys_are_not_found(side):
    browser, own, other = side
    for path in (
        f"courses/{uuid_for('course', f'{other}:{KEY}')}",
        f"courses/{other}+Only",
        f"programs/{uuid_for('program', other)}",
        f"organizations/{uuid_for('organization', f'{other}:Shared')}",
        f"courses/{other}+Only/explain",
    ):
        assert browser.get(f"/api/v1/{path}/").status == 404, path
    assert browser.get(f"/api/v1/courses/{uuid_for('course', f'{own}:{KEY}')}").json["title"] == f"{own}'s"


def test_partner_of_another_tenant_is_an_empty_list(side):
    browser, own, other = side
    assert browser.get(f"/api/v1/courses/?partner={other}").json["count"] == 0
    assert browser.get(f"/api/v1/courses/?partner={own.upper()}").json["count"] == 2


def test_an_unknown_host_is_the_default_tenants(staff):
    staff.host = "10.0.0.1:8000"
    assert staff.get(f"/api/v1/courses/{KEY}").json["title"] == "edx's"


def test_a_port_or_a_dot_behind_the_host_changes_nothing(staff):
    for host in ("catalog.mitx.test:8443", "Catalog.MITx.test.", "catalog.mitx.test.:80"):
        staff.host = host
        assert staff.get(f"/api/v1/courses/{KEY}").json["title"] == "mitx's"
