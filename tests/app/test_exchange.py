"""The exchange over HTTP: each update is taken or refused by itself, with a reason."""

import base64
import json

import pytest

from tests.fakes.browser import Browser, event
from tests.fakes.tokens import claims, token

URL = "/exchange/v1/updates"


def update(n: int = 1, **values):
    return {
        "specversion": "1.0",
        "id": f"u{n}",
        "type": "org.openedx.catalog.run.updated.v1",
        "source": "studio",
        "tenant": "edx",
        "subject": "course-v1:edX+DemoX+1T2026",
        "time": "2026-11-21T12:00:00Z",
    } | values


@pytest.fixture
def studio(router):
    return Browser(router, token=token(claims("studio_worker", roles=["catalog_producer:studio"])))


def test_a_good_update_is_published_as_it_came(house, studio):
    answer = studio.send("POST", URL, update())
    assert (answer.status, answer.json) == (202, {"results": [{"id": "u1", "accepted": True}]})
    (taken,) = house.exchange.taken
    assert {name: taken[name] for name in update()} == update()


def test_a_list_has_a_result_for_each_in_its_order(house, studio):
    sent = [
        update(1),
        update(2, tenant="mitx"),
        update(3, source="nobody"),
        update(4, type="org.openedx.catalog.pathway.updated.v1"),
        update(5, subject="not a run"),
        update(6, extra=1),
        update(7, url="https://x.test/" + "é" * 1_900, subject="x" * 255, id="y" * 128, extra="z" * 6_000),
        "nonsense",
        {"id": 5},
        update(10),
    ]
    answer = studio.send("POST", URL, sent)
    assert answer.status == 202
    said = [(item["id"], item.get("reason")) for item in answer.json["results"]]
    assert said == [
        ("u1", None),
        ("u2", "wrong_tenant"),
        ("u3", "unknown_source"),
        ("u4", "unknown_kind"),
        ("u5", "invalid_key"),
        ("u6", "malformed"),
        ("y" * 128, "oversized"),
        (None, "malformed"),
        (None, "malformed"),
        ("u10", None),
    ]
    assert all(item["detail"] for item in answer.json["results"] if not item["accepted"])
    assert [u["id"] for u in house.exchange.taken] == ["u1", "u10"]


def test_what_the_exchange_lost_is_to_be_sent_again(house, studio):
    house.exchange.loses = {"u2"}
    answer = studio.send("POST", URL, [update(1), update(2)])
    assert [(i["id"], i.get("reason")) for i in answer.json["results"]] == [("u1", None), ("u2", "not_published")]


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "7", '"x"', "[" * 10_000, {"id": "x"}, ["x", {}], "\ud800"])
def test_nothing_well_formed_is_400(house, studio, body):
    answer = studio.send("POST", URL, body if isinstance(body, str) else json.dumps(body))
    assert (answer.status, "detail" in answer.json) == (400, True)
    assert house.exchange.taken == []


def test_too_much_is_413(studio):
    assert studio.send("POST", URL, [update(n) for n in range(101)]).status == 413
    assert studio.send("POST", URL, update(url="https://x.test/" + "x" * 9_000)).status == 413
    assert studio.send("POST", URL, [update(n) for n in range(100)]).status == 202


def test_a_body_comes_as_base64_from_gateways_that_take_every_type(router, studio):
    said = event("POST", URL, {"Host": "catalog.edx.test", "Authorization": f"JWT {studio.token}"})
    body = base64.b64encode(json.dumps(update()).encode()).decode()
    statuses = [router({**said, "body": b, "isBase64Encoded": True}, None)["statusCode"] for b in (body, "%", "")]
    assert statuses == [202, 400, 400]


def test_a_source_must_be_one_of_the_tenants(house, staff):
    house.kinds_of = {**house.kinds_of, "otto": ("run",)}
    answer = staff.send("POST", URL, [update(1, source="otto"), update(2)])
    assert [item.get("reason") for item in answer.json["results"]] == ["unknown_source", None]


def test_only_producers_of_the_source_are_heard(house, router, ada, staff):
    other = Browser(
        router, token=token(claims("o", roles=["catalog_producer:otto", "catalog_producer", "catalog_producer:"]))
    )
    anyone = Browser(router, token=token(claims("w", roles=["catalog_producer:*"])))
    statuses = [b.send("POST", URL, update()).status for b in (ada, other, anyone, staff, Browser(router))]
    assert statuses == [403, 403, 202, 202, 401]
    assert len(house.exchange.taken) == 2
