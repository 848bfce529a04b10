"""The template: what the tables say is what CloudFormation gets, and no more."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from infra.cloudformation import alarms, messaging
from infra.cloudformation import functions as function_resources
from infra.cloudformation import template as whole
from infra.cloudformation.template import LIMIT_OUTPUTS, LIMIT_RESOURCES, template
from infra.cloudformation.words import logical
from infra.exchange import CHANGES, QUEUES, Consumer, Lane, Queue
from infra.functions import FUNCTIONS, functions
from infra.rights import ACTIONS, parse
from infra.stage import Stage
from infra.stores import TABLES

TEMPLATES = {name: template(Stage.of(name)) for name in ("local", "prod")}
BOTH = pytest.mark.parametrize("made", TEMPLATES.values(), ids=TEMPLATES.keys())
PROD = TEMPLATES["prod"]["Resources"]


def of_type(made: dict[str, Any], kind: str) -> dict[str, Any]:
    return {n: r["Properties"] for n, r in made["Resources"].items() if r["Type"] == f"AWS::{kind}"}


def mentions(value: Any) -> set[str]:
    """Every logical id or parameter that a part of a template mentions."""
    if isinstance(value, list):
        return set().union(*map(mentions, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found = set().union(*map(mentions, value.values())) if value else set()
    if isinstance(value.get("Ref"), str):
        found.add(value["Ref"])
    if isinstance(value.get("Fn::GetAtt"), list):
        found.add(value["Fn::GetAtt"][0])
    if isinstance(value.get("Fn::Sub"), str):
        found |= {name.split(".")[0] for name in re.findall(r"\$\{([^}]+)\}", value["Fn::Sub"])}
    return found


@BOTH
def test_whatever_is_mentioned_is_there(made):
    known = set(made["Resources"]) | set(made["Parameters"])
    assert {name for name in mentions(made) if not name.startswith("AWS::")} <= known
    for resource in made["Resources"].values():
        assert set(resource.get("DependsOn", ())) <= known


@BOTH
def test_it_keeps_to_cloudformations_limits(made):
    assert len(made["Resources"]) <= LIMIT_RESOURCES
    assert len(made["Outputs"]) <= LIMIT_OUTPUTS
    assert len(json.dumps(made)) < 1_000_000


def test_the_same_tables_make_the_same_template():
    assert json.dumps(template(Stage.of("prod"))) == json.dumps(TEMPLATES["prod"])


def test_what_is_kept_on_aws_outlives_the_stack_and_can_be_put_back():
    tables = {n: r for n, r in PROD.items() if r["Type"] == "AWS::DynamoDB::Table"}
    assert len(tables) == len(TABLES)
    for table in tables.values():
        assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
        assert table["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert table["Properties"]["SSESpecification"]["SSEEnabled"]
        assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert PROD["BucketObjects"]["DeletionPolicy"] == "Retain"


@BOTH
def test_every_queue_has_a_dead_letter_queue_that_keeps_longest(made):
    resources = made["Resources"]
    for queue in QUEUES:
        own = resources[logical("queue", queue.name)]["Properties"]
        dead = resources[logical("queue", queue.dead)]["Properties"]
        assert own["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] == logical("queue", queue.dead)
        assert own["SqsManagedSseEnabled"]
        assert dead["SqsManagedSseEnabled"]
        assert own["ReceiveMessageWaitTimeSeconds"] == 20
        assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600 > own["MessageRetentionPeriod"]


@BOTH
def test_every_queue_has_two_alarms(made):
    alarms = [
        (a["MetricName"], a["Dimensions"][0]["Value"])
        for a in of_type(made, "CloudWatch::Alarm").values()
        if a["Namespace"] == "AWS/SQS"
    ]
    names = of_type(made, "SQS::Queue")
    for queue in QUEUES:
        live = names[logical("queue", queue.name)]["QueueName"]
        dead = names[logical("queue", queue.dead)]["QueueName"]
        assert ("ApproximateAgeOfOldestMessage", live) in alarms
        assert ("ApproximateNumberOfMessagesVisible", dead) in alarms
    assert len(alarms) == 2 * len(QUEUES)


@BOTH
def test_only_the_topic_of_a_queue_may_send_to_it(made):
    for policy in of_type(made, "SQS::QueuePolicy").values():
        allowed = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]
        assert [s["Principal"] for s in allowed] == [{"Service": "sns.amazonaws.com"}]
        assert all(s["Condition"]["ArnEquals"]["aws:SourceArn"] for s in allowed)


@BOTH
def test_one_bad_message_does_not_bring_good_ones_back(made):
    mappings = of_type(made, "Lambda::EventSourceMapping")
    assert len(mappings) == sum(1 for queue in QUEUES if queue.consumer)
    for mapping in mappings.values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2


@BOTH
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_a_function_may_do_what_its_row_says_and_no_more(made, function):
    role = made["Resources"][f"{logical('function', function.name)}Role"]["Properties"]
    (policy,) = role["Policies"]
    statements = [s.get("Fn::If", [None, s])[1] for s in policy["PolicyDocument"]["Statement"]]
    given = {action for s in statements for action in s["Action"]}
    listed = {action for _, _, actions in parse(function.rights) for action in actions}
    own = {"logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    assert given == listed | own
    for statement in statements:
        wide = statement["Resource"] == "*"
        assert wide == (statement["Action"][0].startswith("xray:"))
    assert not any("*" in action for action in given)


def test_a_function_reaches_only_the_resources_its_row_names():
    for function in FUNCTIONS:
        role = PROD[f"{logical('function', function.name)}Role"]["Properties"]
        named = {n for n in mentions(role["Policies"]) if n in PROD}
        expected = {f"{logical('function', function.name)}Logs"}
        for thing, sort, _ in parse(function.rights):
            if sort in ("table", "bucket", "topic"):
                expected.add(logical(sort, thing))
            elif sort == "queue":
                expected.add(logical("queue", function.queue.name))
        assert named == expected


def test_an_unknown_right_is_refused():
    with pytest.raises(KeyError):
        parse("everything:write")
    with pytest.raises(KeyError):
        parse("records:own")
    assert not any("*" in action for actions in ACTIONS.values() for action in actions)


@BOTH
def test_the_gateway_has_two_catch_all_methods_and_nothing_else(made):
    assert [m["HttpMethod"] for m in of_type(made, "ApiGateway::Method").values()] == ["ANY", "ANY"]
    (proxy,) = of_type(made, "ApiGateway::Resource").values()
    assert proxy["PathPart"] == "{proxy+}"


def test_another_gateway_is_another_deployment(monkeypatch):
    before = {n for n, r in PROD.items() if r["Type"] == "AWS::ApiGateway::Deployment"}
    monkeypatch.setattr("infra.cloudformation.http.BINARY", ("image/png",))
    after = {n for n, r in template(Stage.of("prod"))["Resources"].items() if "Deployment" in r["Type"]}
    assert before != after


def test_an_emulators_stage_cannot_be_taken_for_one_on_aws(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    assert Stage.of("local").endpoint == "http://127.0.0.1:4566"
    assert Stage.of("local-e2e", "http://127.0.0.1:1/").endpoint == "http://127.0.0.1:1"
    assert Stage.of("prod").endpoint is None
    with pytest.raises(ValueError, match="AWS's"):
        Stage.of("prod", "http://127.0.0.1:4566")
    with pytest.raises(ValueError, match="a stage is"):
        Stage.of("Prod_1")


def test_a_consumer_more_is_what_it_needs_and_changes_nothing_else(monkeypatch):
    """Who publishes does not know who listens: one row gives queues, subscription, function and alarms of its own."""
    lane = Lane("live", {"kind": ["course"]}, concurrency=2, oldest=600)
    mails = Consumer("mails", "on_mails", CHANGES, (lane,), "queue:consume")
    more = (*QUEUES, Queue("mails-live", CHANGES, lane.policy, 360, lane.oldest, mails, lane))
    for module in (messaging, alarms, whole):
        monkeypatch.setattr(module, "QUEUES", more)
    for module in (function_resources, alarms, whole):
        monkeypatch.setattr(module, "FUNCTIONS", functions(more))
    after = template(Stage.of("prod"))["Resources"]
    assert {name: after[name] for name in PROD} == PROD
    new = sorted(r["Type"].removeprefix("AWS::") for name, r in after.items() if name not in PROD)
    assert [kind for kind in new if kind != "CloudWatch::Alarm"] == [
        "IAM::Role",
        "Lambda::EventSourceMapping",
        "Lambda::Function",
        "Logs::LogGroup",
        "SNS::Subscription",
        "SQS::Queue",
        "SQS::Queue",
        "SQS::QueuePolicy",
    ]
    assert "CloudWatch::Alarm" in new
