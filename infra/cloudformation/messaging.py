"""Topics, queues with their dead-letter queues, and the filtered subscriptions between them."""

from __future__ import annotations

from infra.cloudformation.words import TLS_ONLY, Json, Resources, att, logical, policy, ref, resource, statement
from infra.exchange import DEAD_RETENTION, LONG_POLL, QUEUES, RECEIVES, RETENTION, TOPICS, Queue
from infra.stage import Stage


def resources(stage: Stage) -> Resources:
    """Topics, queues, their policies and subscriptions by logical id."""
    made: Resources = {}
    for topic in TOPICS:
        name = logical("topic", topic)
        made[name] = resource("SNS::Topic", {"TopicName": stage.called(topic)})
        made[f"{name}Policy"] = _tls_only(name)
    for queue in QUEUES:
        made |= _queue(stage, queue)
    return made


def _tls_only(topic: str) -> Json:
    deny = statement("sns:Publish", ref(topic), "Deny", Principal="*", Condition=TLS_ONLY)
    return resource("SNS::TopicPolicy", {"Topics": [ref(topic)], "PolicyDocument": policy(deny)})


def _queue(stage: Stage, queue: Queue) -> Resources:
    name, dead, topic = logical("queue", queue.name), logical("queue", queue.dead), logical("topic", queue.topic)
    redrive = {"deadLetterTargetArn": att(dead), "maxReceiveCount": RECEIVES}
    timing = {"VisibilityTimeout": queue.visibility, "MessageRetentionPeriod": RETENTION}
    return {
        dead: resource("SQS::Queue", _named(stage, queue.dead) | {"MessageRetentionPeriod": DEAD_RETENTION}),
        name: resource("SQS::Queue", _named(stage, queue.name) | timing | {"RedrivePolicy": redrive}),
        f"{name}Policy": _queue_policy(name, dead, topic),
        f"{name}Subscription": resource("SNS::Subscription", _subscription(queue, name, dead, topic)),
    }


def _named(stage: Stage, name: str) -> Json:
    return {
        "QueueName": stage.called(name),
        "ReceiveMessageWaitTimeSeconds": LONG_POLL,
        "SqsManagedSseEnabled": True,
    }


def _subscription(queue: Queue, name: str, dead: str, topic: str) -> Json:
    """Raw, so that the message is the body; what SNS cannot deliver goes where dead messages go."""
    return {
        "TopicArn": ref(topic),
        "Protocol": "sqs",
        "Endpoint": att(name),
        "RawMessageDelivery": True,
        "FilterPolicy": dict(queue.policy),
        "RedrivePolicy": {"deadLetterTargetArn": att(dead)},
    }


def _queue_policy(name: str, dead: str, topic: str) -> Json:
    both = [att(name), att(dead)]
    from_topic = {"ArnEquals": {"aws:SourceArn": ref(topic)}}
    sns = {"Service": "sns.amazonaws.com"}
    document = policy(
        statement("sqs:SendMessage", both, Principal=sns, Condition=from_topic),
        statement("sqs:*", both, "Deny", Principal="*", Condition=TLS_ONLY),
    )
    return resource("SQS::QueuePolicy", {"Queues": [ref(name), ref(dead)], "PolicyDocument": document})
