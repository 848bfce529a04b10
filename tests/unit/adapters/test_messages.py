"""Topics: batches of ten, and what is not taken is told."""

from __future__ import annotations

import json

from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.adapters.messages import Changes, Exchange, Topic
from chalicelib.domain.change import EDIT, Change


class Sns:
    """Takes batches; refuses the messages and raises at the batches it is told to."""

    def __init__(self, refuse=(), fail=None):
        self.refuse, self.fail, self.batches = refuse, fail or {}, []

    def publish_batch(self, **arguments):
        entries = arguments["PublishBatchRequestEntries"]
        self.batches.append(entries)
        if error := self.fail.get(len(self.batches)):
            raise error
        failed = [e["Id"] for e in entries if json.loads(e["Message"])["key"] in self.refuse]
        return {"Successful": [], "Failed": [{"Id": i, "Code": "x", "SenderFault": False} for i in failed]}


def changes(count: int) -> list[Change]:
    return [Change("edx", "course", f"a+{n}", n, EDIT, (f"run#{n}",)) for n in range(count)]


def test_changes_go_in_batches_of_ten_with_attributes_to_filter_by():
    sns = Sns()
    assert Changes(Topic(sns, "arn")).publish(changes(23)) == []
    assert [len(batch) for batch in sns.batches] == [10, 10, 3]
    entry = sns.batches[2][2]
    assert Change.from_message(json.loads(entry["Message"])) == changes(23)[22]
    assert {k: v["StringValue"] for k, v in entry["MessageAttributes"].items()} == {
        "type": "org.openedx.catalog.course.changed.v1",
        "kind": "course",
        "cause": EDIT,
        "tenant": "edx",
    }


def test_exactly_what_was_not_taken_is_told():
    given = changes(23)
    assert Changes(Topic(Sns(refuse={"a+3", "a+20"}), "arn")).publish(given) == [given[3], given[20]]


def test_a_batch_that_fails_whole_does_not_stop_the_others():
    given = changes(23)
    failures = {
        1: ClientError({"Error": {"Code": "Throttling"}}, "PublishBatch"),
        3: EndpointConnectionError(endpoint_url="http://x"),
    }
    assert Changes(Topic(Sns(fail=failures), "arn")).publish(given) == given[:10] + given[20:]


def test_updates_not_taken_are_told_by_their_ids():
    updates = [{"id": f"u{n}", "type": "t", "source": "otto", "key": str(n)} for n in range(12)]
    sns = Sns(refuse={"11"})
    assert Exchange(Topic(sns, "arn")).publish_updates(updates) == ["u11"]
    assert sns.batches[0][0]["MessageAttributes"]["source"]["StringValue"] == "otto"


def test_nothing_to_say_is_not_said():
    sns = Sns()
    assert Changes(Topic(sns, "arn")).publish([]) == []
    assert sns.batches == []
