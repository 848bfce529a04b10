"""Single reads: by key or uuid, finished for the reader, with an entity tag."""

from tests.fakes.house import uuid_for

COURSE = "/api/v1/courses/edX+DemoX/"


def test_a_course_is_finished_for_its_reader(house, ada, staff):
    house.things.add("edx", "course", "edX+DemoX", marketing_url="https://www.test/course/demo", _slugs=["x"])
    seen = ada.get(COURSE).json
    assert seen["marketing_url"] == "https://www.test/course/demo?utm_source=ada&utm_medium=affiliate_partner"
    assert (seen["editable"], "_slugs" in seen) == (False, False)
    assert staff.get(COURSE).json["editable"] is True
    assert ada.get(COURSE + "?exclude_utm=1&fields=marketing_url").json == {
        "marketing_url": "https://www.test/course/demo"
    }


def test_a_uuid_serves_as_well_as_a_key(house, ada):
    house.things.add("edx", "course", "edX+DemoX", title="Demo")
    uid = uuid_for("course", "edx:edX+DemoX")
    for spelled in (uid, uid.upper(), uid.replace("-", "")):
        assert ada.get(f"/api/v1/courses/{spelled}/").json["title"] == "Demo"


def test_what_is_not_there_has_the_contracts_body(ada):
    for path in (
        "courses/edX+No",
        f"courses/{uuid_for('x', 'y')}",
        f"programs/{uuid_for('x', 'y')}",
        "programs/x y",
        "course_runs/x",
    ):
        answer = ada.get(f"/api/v1/{path}/")
        assert (answer.status, answer.json) == (404, {"detail": "Not found."})


def test_a_restricted_run_is_there_only_when_asked_for(house, ada):
    key = "course-v1:edX+DemoX+B2B"
    house.things.add("edx", "run", key, restriction_type="custom-b2b-enterprise", _restricted=True)
    assert ada.get(f"/api/v1/course_runs/{key}/").status == 404
    assert ada.get(f"/api/v1/course_runs/{key}/?include_restricted=custom-b2b-enterprise").status == 200


def test_full_courses_come_into_programs_only_on_request(house, ada):
    uid = uuid_for("program", "one")
    house.things.add("edx", "course", "edX+DemoX", full_description="long")
    house.things.add("edx", "program", uid, courses=[{"key": "edX+DemoX", "uuid": "u", "course_runs": []}])
    bare, full = (
        ada.get(f"/api/v1/programs/{uid}/{q}").json["courses"][0] for q in ("", "?use_full_course_serializer=1")
    )
    assert ("full_description" in bare, full["full_description"]) == (False, "long")
    listed = ada.get("/api/v1/programs/?use_full_course_serializer=1").json["results"][0]["courses"][0]
    assert listed["full_description"] == "long"


def test_an_unchanged_thing_is_not_sent_again(house, ada):
    house.things.add("edx", "course", "edX+DemoX", title="Demo")
    first = ada.get(COURSE)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    for known in (tag, tag.removeprefix("W/"), f'"a", {tag}', "*"):
        again = ada.get(COURSE, if_none_match=known)
        assert (again.status, again.raw, again.headers["ETag"]) == (304, b"", tag)
    assert ada.get(COURSE, if_none_match='W/"other"').status == 200
    house.things.add("edx", "course", "edX+DemoX", title="Demo 2")
    assert ada.get(COURSE, if_none_match=tag).status == 200


def test_compressed_or_not_the_tag_is_the_same(house, ada):
    house.things.add("edx", "course", "edX+DemoX", title="Demo" * 1_000)
    plain, small = ada.get(COURSE), ada.get(COURSE, accept_encoding="gzip")
    assert (small.headers["Content-Encoding"], small.json) == ("gzip", plain.json)
    assert small.headers["ETag"] == plain.headers["ETag"]
    assert small.headers["Vary"] == "Accept-Encoding, Authorization, Host"


def test_what_is_explained_is_what_the_house_says(house, staff):
    house.things.add("edx", "course", "edX+DemoX")
    assert set(staff.get("/api/v1/courses/edX/DemoX/explain/").json) >= {"sources", "fields", "rules", "index"}
    assert staff.get("/api/v1/courses/edX+Nothing/explain").status == 404
    assert staff.get("/api/v1/programs/x/explain").status == 404
