import json

from campus.__main__ import _story, _value, main
from tests.campus_kit import Visit


def test_the_tenants_are_printed_as_a_seeder_takes_them(capsys):
    assert main(["tenants", "--base-port", "19100"]) == 0
    tenants = json.loads(capsys.readouterr().out)
    assert tenants["edx"]["hosts"] == ["edx.localhost", "127.0.0.1"]
    assert tenants["pyrite"]["hosts"] == ["pyrite.localhost", "localhost"]
    assert tenants["edx"]["token_url"] == "http://127.0.0.1:19100/edx/oauth2/access_token"
    assert tenants["edx"]["sources"]["studio"]["url"] == "http://127.0.0.1:19110/edx/api/courses/v1"
    assert set(tenants["edx"]["sources"]) == {"studio", "otto", "drupal", "programs"}


def test_the_printed_addresses_are_the_served_ones(capsys):
    main(["tenants"])
    printed = json.loads(capsys.readouterr().out)
    visit = Visit(courses=6)
    assert visit.admin("/admin/")["tenants"] == printed
    assert visit.admin("/health")["tenants"] == {"edx": 6, "pyrite": 15}


def test_an_edit_is_told_for_people():
    visit = Visit(courses=6)
    story = _story(visit.edit("title", value="Rivers"))
    assert "before" in story and "after   Rivers" in story and "published at" in story
    assert _story({"detail": "no run"}) == "no edit: no run"


def test_settings_are_json_where_they_can_be():
    assert [_value(text) for text in ("40", "", "true", "http://x", "[1]")] == [40, True, True, "http://x", [1]]
