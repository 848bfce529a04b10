"""What operators change: tenants and registry entries, each on the revision they saw."""

import pytest

TENANT = "/admin/v1/tenants/new"
ENTRY = "/admin/v1/registry/course/edX+DemoX"


def test_a_tenant_is_made_read_and_changed_on_its_revision(operator):
    made = operator.send("PUT", TENANT, {"revision": 0, "name": "New", "hosts": ["new.test"]})
    assert (made.status, made.json["revision"], made.json["code"]) == (200, 1, "new")
    assert operator.send("PUT", f"{TENANT}/", {"revision": 0, "name": "Late"}).status == 409
    assert operator.send("PUT", TENANT, {**made.json, "name": "Newer"}).json["revision"] == 2
    assert operator.get(TENANT).json["name"] == "Newer"
    assert [t["code"] for t in operator.get("/admin/v1/tenants").json["results"]] == ["edx", "mitx", "new"]
    assert operator.get("/admin/v1/tenants/none").status == 404


def test_credentials_are_references_and_nothing_resolves_them(operator):
    shown = operator.get("/admin/v1/tenants/edx").json
    assert shown["sources"]["studio"]["credentials"] == ["ref/one"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "detail"),
        ({"revision": "1"}, "detail"),
        ({"revision": True}, "detail"),
        ({"revision": -1}, "detail"),
        ([], "detail"),
        ("{", "detail"),
        ({"revision": 0, "code": "other"}, "code"),
        ({"revision": 0, "nonsense": 1}, "nonsense"),
        ({"revision": 0, "sources": {"studio": {"url": "file:///etc"}}}, "sources.studio.url"),
        ({"revision": 0, "hosts": "x"}, "hosts"),
    ],
)
def test_a_tenant_that_cannot_be_is_refused_by_place(operator, body, place):
    answer = operator.send("PUT", TENANT, body)
    assert (answer.status, list(answer.json)) == (400, [place])
    assert operator.get(TENANT).status == 404


def test_an_entry_is_edited_on_the_revision_that_was_seen(house, staff):
    assert staff.get(ENTRY).status == 404
    first = staff.send("PUT", ENTRY, {"revision": 0, "edited": {"title": "A"}})
    assert (first.status, first.json["revision"]) == (200, 1)
    late = staff.send("PUT", ENTRY, {"revision": 0, "edited": {"title": "B"}})
    assert (late.status, list(late.json)) == (409, ["detail"])
    assert staff.get("/admin/v1/registry/course/edX/DemoX/").json["edited"] == {"title": "A"}
    staff.host = "catalog.mitx.test"
    assert staff.get(ENTRY).status == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("course/edX+DemoX", {"revision": 0}, 400),
        ("course/edX+DemoX", {"edited": {}}, 400),
        ("course/edX+DemoX", {"revision": 0, "edited": []}, 400),
        ("course/edX+DemoX", {"revision": 0, "edited": {"colour": "red"}}, 400),
        ("course/nonsense", {"revision": 0, "edited": {}}, 404),
        ("weather/today", {"revision": 0, "edited": {}}, 404),
    ],
)
def test_an_edit_that_cannot_be_is_refused(staff, path, body, status):
    assert staff.send("PUT", f"/admin/v1/registry/{path}", body).status == status


def test_a_vocabulary_is_an_entry_like_any(staff):
    sent = {"revision": 0, "edited": {"items": [{"slug": "audit"}]}}
    assert staff.send("PUT", "/admin/v1/registry/vocabulary/course_types", sent).status == 200
