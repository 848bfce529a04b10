"""Alarms: what must wake a person, derived from the tables of queues and functions."""

from __future__ import annotations

from dataclasses import dataclass

from infra.cloudformation.words import Json, Resources, logical, ref, resource
from infra.exchange import QUEUES
from infra.functions import API_STAGE, FUNCTIONS
from infra.stage import METRICS, SERVICE, Stage


@dataclass(frozen=True, slots=True)
class Alarm:
    """A metric above ``over`` for ``periods`` times ``period`` seconds. ``silence``: what no data means."""

    name: str
    why: str
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    over: float
    statistic: str = "Maximum"
    period: int = 60
    periods: int = 1
    silence: str = "notBreaching"


def alarms(stage: Stage) -> tuple[Alarm, ...]:
    """All alarms of a stage: two a queue, two a function, the gateway's, and those of our own metrics."""
    return (*_of_queues(stage), *_of_functions(stage), *_of_gateway(stage), *_of_catalog(stage))


def _of_queues(stage: Stage) -> list[Alarm]:
    made = []
    for queue in QUEUES:
        dead = (("QueueName", stage.called(queue.dead)),)
        live = (("QueueName", stage.called(queue.name)),)
        depth, age = "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"
        why = f"Messages that failed every time lie in {queue.dead}"
        made.append(Alarm(f"{queue.dead}-depth", why, "AWS/SQS", depth, dead, over=0))
        why = f"The oldest message of {queue.name} has waited more than {queue.oldest} s"
        made.append(Alarm(f"{queue.name}-age", why, "AWS/SQS", age, live, over=queue.oldest))
    return made


def _of_functions(stage: Stage) -> list[Alarm]:
    made = []
    for function in FUNCTIONS:
        own = (("FunctionName", stage.called(function.name)),)
        rows = (
            ("errors", "Errors", f"{function.name} raised"),
            ("throttles", "Throttles", f"{function.name} was held"),
        )
        for name, metric, why in rows:
            made.append(
                Alarm(f"{function.name}-{name}", why, "AWS/Lambda", metric, own, 0, "Sum", period=300, periods=2)
            )
    return made


def _of_gateway(stage: Stage) -> list[Alarm]:
    own = (("ApiName", stage.called(API_STAGE)), ("Stage", API_STAGE))
    why = "Readers got 5xx"
    return [Alarm("api-5xx", why, "AWS/ApiGateway", "5XXError", own, 5, "Sum", period=300)]


def _of_catalog(stage: Stage) -> list[Alarm]:
    """Metrics that the functions write themselves, as log lines, with Powertools' dimension ``service``."""
    own = (("service", SERVICE), ("stage", stage.name))
    rows = (
        ("due-age", "What is due has waited too long, in seconds", "DueAge", 900.0, "breaching"),
        ("parked", "Updates were parked: look at them with `runtime queues`", "Parked", 0.0, "notBreaching"),
        ("suspended", "A source misses much at once: nothing is retired", "RetirementSuspended", 0.0, "notBreaching"),
    )
    return [
        Alarm(name, why, METRICS, metric, own, over, period=300, silence=silence)
        for name, why, metric, over, silence in rows
    ]


def resources(stage: Stage) -> Resources:
    """Alarms by logical id."""
    return {logical("alarm", a.name): resource("CloudWatch::Alarm", _alarm(stage, a)) for a in alarms(stage)}


def _alarm(stage: Stage, alarm: Alarm) -> Json:
    told = {"Fn::If": ["HasAlarmTopic", [ref("AlarmTopicArn")], ref("AWS::NoValue")]}
    return {
        "AlarmName": stage.called(alarm.name),
        "AlarmDescription": alarm.why,
        "Namespace": alarm.namespace,
        "MetricName": alarm.metric,
        "Dimensions": [{"Name": n, "Value": v} for n, v in alarm.dimensions],
        "Statistic": alarm.statistic,
        "Period": alarm.period,
        "EvaluationPeriods": alarm.periods,
        "Threshold": alarm.over,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": alarm.silence,
        "AlarmActions": told,
    }
