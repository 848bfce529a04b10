import json
from collections import Counter
from time import perf_counter

import boto3
import pytest
from moto import mock_aws

from campus.editing.kinds import EDITS
from campus.exchange import Exchange, Update
from tests.campus_kit import NOW, Visit

SOURCE_OF = {
    "title": ("studio", "run"),
    "about": ("studio", "run"),
    "dates": ("studio", "run"),
    "pacing": ("studio", "run"),
    "hide": ("studio", "run"),
    "vanish": ("studio", "run"),
    "retire": ("studio", "run"),
    "new_run": ("studio", "run"),
    "price": ("otto", "run"),
    "entitlement": ("otto", "entitlement"),
    "text": ("drupal", "run"),
    "course_title": ("drupal", "run"),
    "unpublish": ("drupal", "run"),
    "program": ("programs", "program"),
    "xseries": ("drupal", "xseries"),
    "organization": ("studio", "organization"),
    "school": ("drupal", "organization"),
    "person": ("drupal", "person"),
    "subject": ("drupal", "subject"),
    "sponsor": ("drupal", "organization"),
}


@pytest.fixture
def visit():
    return Visit(courses=40)


def test_every_kind_of_edit_has_its_source():
    assert SOURCE_OF.keys() == EDITS.keys()


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_changes_something_and_its_source_says_so(visit, what):
    told = visit.edit(what)
    assert told["before"] != told["after"] or what == "new_run"
    source, kind = SOURCE_OF[what]
    first = visit.topic.bodies[0]
    assert (first["source"], first["type"]) == (source, f"org.openedx.catalog.{kind}.updated.v1")
    assert first["subject"] == told["key"] and first["id"] == told["update_id"]
    assert told["published"] == len(visit.topic.messages)


def test_an_update_is_a_cloud_event_without_content(visit):
    visit.edit("title", value="Secret until read")
    message = visit.topic.messages[0]
    body = visit.topic.bodies[0]
    assert body.keys() == {"specversion", "id", "type", "source", "tenant", "subject", "time"}
    assert body["specversion"] == "1.0" and body["tenant"] == "edx"
    assert body["time"] == NOW.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert "Secret" not in message["Message"]
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert attributes == {"type": body["type"], "source": "studio"}


def test_an_edited_title_is_read_from_the_lms(visit):
    key = visit.edit("title", value="Rivers, Again")["key"]
    assert (
        visit.json("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker")["name"].strip()
        == "Rivers, Again"
    )


def test_an_edited_price_is_read_from_otto(visit):
    key = visit.edit("price", value=77)["key"]
    products = visit.json("otto", f"/api/v2/courses/{key}/?include_products=True")["products"]
    assert "77.00" in [product["price"] for product in products]


def test_an_edited_person_is_read_from_the_marketing_site(visit):
    uuid = visit.edit("person", value="Professor of Rivers")["key"]
    node = visit.json("drupal", f"/node.json?type=person&uuid={uuid}")["list"][0]
    assert node["field_person_positions"][0]["field_person_position_tiltes"] == ["Professor of Rivers"]


def test_a_retired_run_is_gone_until_it_comes_back(visit):
    count = visit.runs()["pagination"]["count"]
    key = visit.edit("retire")["key"]
    path = f"/api/courses/v1/courses/{key}/?username=catalog_worker"
    assert visit.get("studio", path).status_code == 404
    assert visit.get("otto", f"/api/v2/courses/{key}/").status_code == 404
    assert visit.runs()["pagination"]["count"] == count - 1
    visit.edit("retire", key=key, value=False)
    assert visit.get("studio", path).status_code == 200
    assert visit.runs()["pagination"]["count"] == count


def test_a_new_run_is_known_to_three_sources(visit):
    course = visit.world().course(0)
    key = visit.edit("new_run", key=course.key)["key"]
    assert [body["source"] for body in visit.topic.bodies] == ["studio", "otto", "drupal"]
    assert visit.get("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker").status_code == 200
    assert visit.get("otto", f"/api/v2/courses/{key}/").status_code == 200
    again = visit.edit("new_run", key=course.key)["key"]
    assert again != key


def test_an_edit_can_be_kept_quiet(visit):
    assert visit.edit("title", publish=False)["published"] == 0
    assert visit.topic.messages == []


@pytest.mark.parametrize(
    "body",
    [
        {"what": "nonsense"},
        {"what": "title", "key": "course-v1:No+Such+Run"},
        {"what": "pacing", "value": "lively"},
        {"what": "price", "value": "much"},
    ],
)
def test_what_cannot_be_edited_is_refused(visit, body):
    answer = visit.clients["identity"].post("/admin/edx/edits", json=body)
    assert answer.status_code == 400 and answer.json()["detail"]


def test_an_exchange_that_refuses_is_told_with_the_edit(visit):
    visit.campus.exchange._sns = _Closed()
    answer = visit.clients["identity"].post("/admin/edx/edits", json={"what": "title"})
    assert answer.status_code == 502 and answer.json()["edit"]["after"]


class _Closed:
    def publish(self, **_):
        raise RuntimeError("closed")


def bulk(visit, **body):
    return visit.clients["identity"].post("/admin/edx/edits/bulk", json=body).json()


def test_bulk_edits_are_of_mixed_kinds_and_go_out_in_tens(visit):
    told = bulk(visit, count=60, seed=3)
    assert told["edits"] == 60 and len(told["kinds"]) > 5
    assert told["published"] == told["messages"] == len(visit.topic.messages) == 60
    assert visit.topic.calls == 6


def test_the_same_seed_makes_the_same_edits(visit):
    assert bulk(visit, count=30, seed=5)["subjects"] == bulk(Visit(courses=40), count=30, seed=5)["subjects"]


def test_bulk_edits_can_be_repeated_and_shuffled(visit):
    told = bulk(visit, count=50, duplicates=0.5, shuffle=True, kinds=["title"])
    ids = Counter(body["id"] for body in visit.topic.bodies)
    assert told["messages"] > 50 and max(ids.values()) == 2 and len(ids) == 50
    orderly = Visit(courses=40)
    bulk(orderly, count=50, duplicates=0.5, kinds=["title"])
    subjects = [[body["subject"] for body in each.topic.bodies] for each in (visit, orderly)]
    assert sorted(subjects[0]) == sorted(subjects[1]) and subjects[0] != subjects[1]


def test_messages_go_out_no_faster_than_asked(visit):
    started = perf_counter()
    bulk(visit, count=20, rate=100, kinds=["title"])
    assert perf_counter() - started >= 0.15


def test_a_batch_refused_in_part_is_an_error():
    class Picky:
        def publish_batch(self, **_):
            return {"Failed": [{"Id": "0"}]}

    exchange = Exchange("arn:topic", _sns=Picky())
    with pytest.raises(RuntimeError):
        exchange.publish([Update("edx", "studio", "run", str(n), 0.0) for n in range(2)])


def test_the_exchange_can_be_named_later(visit):
    answer = visit.clients["identity"].post(
        "/admin/exchange", json={"topic_arn": "arn:other", "endpoint_url": "http://x"}
    )
    assert answer.json() == {"topic_arn": "arn:other", "endpoint_url": "http://x"}


def test_edits_and_keys_outlive_a_restart(tmp_path):
    first = Visit(courses=20, state_dir=tmp_path)
    key = first.edit("title", value="Kept")["key"]
    first.edit("new_run")
    first.clients["identity"].post("/admin/edx/course-uuids", json={"A+B": "u"})
    second = Visit(courses=20, state_dir=tmp_path)
    assert second.json("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker")["name"].strip() == "Kept"
    assert second.runs() == first.runs()
    assert second.world().course_uuids == {"a+b": "u"}
    assert second.get("studio", "/api/courses/v1/courses/", first.token).status_code == 200


def test_edits_of_another_campus_are_put_aside(tmp_path):
    Visit(courses=20, state_dir=tmp_path).edit("title")
    assert Visit(courses=21, state_dir=tmp_path).world().ledger.entries == []
    assert (tmp_path / "edx-edits.jsonl.old").exists()


def test_updates_reach_a_queue_through_a_real_topic(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        sns, sqs = boto3.client("sns", "us-east-1"), boto3.client("sqs", "us-east-1")
        topic = sns.create_topic(Name="updates")["TopicArn"]
        queue = sqs.create_queue(QueueName="updates-otto")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        attributes = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"source": ["otto"]})}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
        updates = [Update("edx", ("otto", "studio")[n % 2], "run", f"course-v1:A+B+{n}", 0.0) for n in range(13)]
        assert Exchange(topic).publish(updates) == 13
        found = [*drained(sqs, queue)]
    assert sorted(body["subject"] for body in found) == sorted(u.subject for u in updates if u.source == "otto")


def drained(sqs, queue):
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            yield json.loads(message["Body"])


@pytest.mark.parametrize(
    ("what", "system", "path", "stamp"),
    [
        ("price", "otto", "/api/v2/courses/{}/", "last_edited"),
        ("program", "programs", "/api/v1/programs/{}/", "modified"),
        ("organization", "studio", "/api/organizations/v0/organizations/{}/", "modified"),
    ],
)
def test_an_edit_moves_the_stamp_of_what_has_one(visit, what, system, path, stamp):
    visit.clock.now += 1800
    assert visit.json(system, path.format(visit.edit(what)["key"]))[stamp] == "2026-11-21T00:30:00Z"


def test_an_edited_page_says_when_it_changed(visit):
    uuid = visit.edit("subject")["key"]
    node = visit.json("drupal", f"/node.json?type=subject&uuid={uuid}")["list"][0]
    assert node["changed"] == str(int(visit.clock.now))


def test_a_campus_too_small_for_a_program_says_so():
    tiny = Visit(courses=2)
    answer = tiny.clients["identity"].post("/admin/edx/edits", json={"what": "program"})
    assert answer.status_code == 400
    assert bulk(tiny, count=4, kinds=["program"])["skipped"] == 4
