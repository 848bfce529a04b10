"""Updates that nobody can take are parked with a reason people understand; one that crashes holds up nobody else."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.aws import client
from chalicelib.domain.keys import Ref
from chalicelib.domain.update import MAX_BYTES, type_of
from chalicelib.wiring import house
from tests.e2e.processes import command
from tests.e2e.system import System, eventually

RUN = type_of("run")


def update(subject: str, *, source: str = "studio", **other: Any) -> dict[str, Any]:
    """A good update; ``other`` spoils it."""
    return {
        "specversion": "1.0",
        "id": f"e2e-{uuid.uuid4()}",
        "type": RUN,
        "source": source,
        "tenant": "edx",
        "subject": subject,
        "time": "2026-01-01T00:00:00Z",
        **other,
    }


def publish(system: System, body: str | Mapping[str, Any], source: str = "studio", type_: str = RUN) -> None:
    """Put a message on the exchange as a producer with rights to the topic does."""
    text = body if isinstance(body, str) else json.dumps(body)
    words = {"type": type_, "source": source}
    attributes = {name: {"DataType": "String", "StringValue": word} for name, word in words.items()}
    client("sns").publish(TopicArn=system.endpoints["updates_topic_arn"], Message=text, MessageAttributes=attributes)


def queue(name: str, *more: str) -> dict[str, Any]:
    """What the operator's command says of a queue."""
    [said] = json.loads(command("queues", "--queue", name, "--json", *more))
    return dict(said)


def test_what_is_no_good_update_is_parked_with_its_reason_and_can_be_sent_back(system: System) -> None:
    mark = uuid.uuid4().hex[:8]
    spoilt = {
        "malformed": update(f"course-v1:{mark}+A+1", surprise=1),
        "oversized": update(f"course-v1:{mark}+B+1", url="https://x.test/" + "x" * MAX_BYTES),
        "invalid_key": update(f"{mark} is no run"),
        "unknown_tenant": update(f"course-v1:{mark}+D+1", tenant="nobody"),
        "unknown_kind": update(f"course-v1:{mark}+E+1", type=type_of("program")),
    }
    for body in spoilt.values():
        publish(system, body)
    publish(system, "{not JSON at all " + mark)

    def parked() -> list[Any]:
        return [p for p in house().operations.parked("updates-studio") if mark in p.body]

    eventually(lambda: len(parked()) == len(spoilt) + 1)
    assert {p.reason for p in parked()} == set(spoilt)
    said = {m["key"]: m for m in queue("updates-studio")["messages"] if mark in m["key"]}
    assert said[f"course-v1:{mark}+D+1"]["text"] == "there is no tenant nobody"
    assert "at most 8192 bytes" in said[f"course-v1:{mark}+B+1"]["text"]

    sent = command(
        "redrive", "--queue", "updates-studio", "--key", f"course-v1:{mark}+D+1", "--reason", "unknown_tenant"
    )
    assert "1 messages sent back" in sent
    eventually(lambda: len(parked()) == len(spoilt) + 1)
    house().operations.unpark(parked())


@pytest.mark.parametrize("stranger", [{"source": "nobody"}, {"type": type_of("dinosaur")}])
def test_an_update_that_no_source_takes_is_parked_where_it_is_seen(system: System, stranger: dict[str, str]) -> None:
    mark = f"course-v1:{uuid.uuid4().hex[:8]}+A+1"
    body = update(mark, **stranger)
    publish(system, body, body["source"], body["type"])

    def parked() -> list[Any]:
        return [p for p in house().operations.parked("updates-unknown") if mark in p.body]

    [found] = eventually(parked)
    said = {"unknown_source": "no source is called nobody", "unknown_kind": "says nothing about a dinosaur"}
    assert said[found.reason] in found.text
    house().operations.unpark(parked())


def test_an_update_that_crashes_its_worker_holds_up_nobody_and_is_done_once_it_can_be(system: System) -> None:
    """A record that cannot be unpacked is what no code expects: the poison comes again, its neighbours go through."""
    made_so_far = {made["key"]: made for made in (system.edit("title", publish=False) for _ in range(6))}
    poison, *good = made_so_far.values()
    rooms = house()
    key = {"pk": {"S": f"edx#run#{poison['key'].lower()}"}, "sk": {"S": "record#studio#course"}}
    table = rooms.settings.table("records")
    whole = rooms.dynamo.call("get_item", TableName=table, Key=key, ConsistentRead=True)["Item"]
    rooms.dynamo.call("put_item", TableName=table, Item={**whole, "z": {"B": b"poison"}})
    try:
        for made in (poison, *good):
            publish(system, made["updates"][0])
        for made in good:
            eventually(lambda m=made: _title(m["key"]) == m["after"]["name"])  # type: ignore[misc]
        eventually(lambda: rooms.queues.depth("updates-studio")["in_flight"] >= 1)
    finally:
        rooms.dynamo.call("put_item", TableName=table, Item=whole)
    eventually(lambda: system.run(poison["key"])["title"] == poison["after"]["name"])


def _title(key: str) -> str:
    """Straight from the record: the course of a poisoned run cannot be overlaid, either."""
    run = Ref("run", key.lower())
    head = house().records.heads("edx", [run])[run]
    only = {"studio#course": head.marks["studio#course"]}
    [record] = house().records.records_of("edx", {run: replace(head, marks=only)})[run]
    return str(record.payload["name"])


GOOD = "course-v1:OstraX+WAV843+1T2026"
REFUSED: dict[str, tuple[Any, int, str]] = {
    "malformed": (update(GOOD, specversion="2"), 400, "malformed"),
    "no key": (update("nonsense"), 400, "invalid_key"),
    "unknown source": (update(GOOD, source="nobody"), 400, "unknown_source"),
    "foreign tenant": (update(GOOD, tenant="pyrite"), 400, "wrong_tenant"),
    "unknown kind": (update(GOOD, type=type_of("dinosaur")), 400, "unknown_kind"),
    "not even an object": ("update", 400, "malformed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_over_http_a_bad_update_is_refused_with_the_reason(system: System, name: str) -> None:
    body, status, reason = REFUSED[name]
    answer = system.post("/exchange/v1/updates", [body])
    assert answer.status_code == status, answer.text
    [result] = answer.json()["results"]
    assert (result["accepted"], result["reason"]) == (False, reason)
    assert result["detail"] and answer.json()["detail"]


@pytest.mark.smoke
def test_over_http_good_updates_are_taken_and_done(system: System) -> None:
    made = system.edit("title", publish=False)
    answer = system.post("/exchange/v1/updates", [made["updates"][0], update("nonsense")])
    assert answer.status_code == 202
    assert [r["accepted"] for r in answer.json()["results"]] == [True, False]
    eventually(lambda: system.run(made["key"])["title"] == made["after"]["name"])


def test_over_http_size_and_rights_are_checked_first(system: System) -> None:
    huge = update(GOOD, url="https://x.test/" + "x" * MAX_BYTES)
    assert system.post("/exchange/v1/updates", huge).status_code == 413
    assert system.post("/exchange/v1/updates", [update(GOOD)] * 101).status_code == 413
    assert system.post("/exchange/v1/updates", update(GOOD), role="learner").status_code == 403
    assert system.post("/exchange/v1/updates", update(GOOD), role=None).status_code == 401
