"""Functions, each with a role, a log group and what starts it."""

from __future__ import annotations

from infra.cloudformation import rights
from infra.cloudformation.words import Json, Resources, att, logical, policy, ref, resource, statement, sub, when
from infra.functions import FUNCTIONS, LOG_DAYS, MODULE, RUNTIME, Function
from infra.stage import METRICS, SERVICE, Stage

LAMBDA_MAY = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def resources(stage: Stage) -> Resources:
    """Functions, roles, log groups, mappings and schedules by logical id."""
    made: Resources = {}
    for function in FUNCTIONS:
        name = logical("function", function.name)
        made[f"{name}Logs"] = resource("Logs::LogGroup", _logs(stage, function))
        made[f"{name}Role"] = resource("IAM::Role", _role(stage, function))
        made[name] = resource("Lambda::Function", _function(stage, function), DependsOn=[f"{name}Logs"])
        if function.queue:
            made[f"{name}Source"] = resource("Lambda::EventSourceMapping", _mapping(function))
        if function.schedule:
            made |= _schedule(stage, function)
    return made


def _logs(stage: Stage, function: Function) -> Json:
    days = LOG_DAYS["local" if stage.local else "aws"]
    return {"LogGroupName": f"/aws/lambda/{stage.called(function.name)}", "RetentionInDays": days}


def _role(stage: Stage, function: Function) -> Json:
    document = policy(*_own(function), *rights.statements(stage, function))
    return {
        "AssumeRolePolicyDocument": policy(LAMBDA_MAY),
        "Policies": [{"PolicyName": "rights", "PolicyDocument": document}],
    }


def _own(function: Function) -> list[Json]:
    """What every function needs to be seen: its own log group, and traces (X-Ray knows no resources)."""
    logs = sub(f"${{{logical('function', function.name)}Logs.Arn}}")
    return [
        statement(["logs:CreateLogStream", "logs:PutLogEvents"], logs),
        statement(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    ]


def _function(stage: Stage, function: Function) -> Json:
    made: Json = {
        "FunctionName": stage.called(function.name),
        "Runtime": RUNTIME,
        "Architectures": [ref("Architecture")],
        "Handler": f"{MODULE}.{function.handler}",
        "Code": {"S3Bucket": ref("CodeBucket"), "S3Key": ref("CodeKey")},
        "Role": att(f"{logical('function', function.name)}Role"),
        "Timeout": function.timeout,
        "MemorySize": function.memory,
        "Environment": {"Variables": environment(stage, function)},
        "TracingConfig": {"Mode": "PassThrough" if stage.local else "Active"},
    }
    if function.reserved is not None:
        made["ReservedConcurrentExecutions"] = function.reserved
    return made


def environment(stage: Stage, function: Function) -> Json:
    """What chalicelib/settings.py reads; credentials and endpoint are the platform's to give."""
    return {
        "CATALOG_PREFIX": stage.prefix,
        "CATALOG_STAGE": stage.name,
        "UPDATES_TOPIC_ARN": ref(logical("topic", "updates")),
        "CHANGES_TOPIC_ARN": ref(logical("topic", "changes")),
        "OBJECTS_BUCKET": ref(logical("bucket", "objects")),
        "OPENSEARCH_URL": ref("SearchUrl"),
        "LOG_LEVEL": ref("LogLevel"),
        "CATALOG_RELEASE": ref("Release"),
        "POWERTOOLS_SERVICE_NAME": SERVICE,
        "POWERTOOLS_METRICS_NAMESPACE": METRICS,
        "POWERTOOLS_METRICS_FUNCTION_NAME": function.name,
        "POWERTOOLS_TRACE_DISABLED": "1" if stage.local else "0",
    }


def _mapping(function: Function) -> Json:
    """The answer names the messages that failed, so one bad message does not bring nine good ones back."""
    assert function.queue
    assert function.queue.consumer
    assert function.queue.lane
    return {
        "FunctionName": ref(logical("function", function.name)),
        "EventSourceArn": att(logical("queue", function.queue.name)),
        "Enabled": when("HasTriggers", True, False),
        "BatchSize": function.queue.consumer.batch,
        "MaximumBatchingWindowInSeconds": function.queue.consumer.window,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": function.queue.lane.concurrency},
    }


def _schedule(stage: Stage, function: Function) -> Resources:
    name = logical("function", function.name)
    target = {"Id": "function", "Arn": att(name)}
    rule = {
        "Name": stage.called(function.name),
        "ScheduleExpression": function.schedule,
        "State": when("HasTriggers", "ENABLED", "DISABLED"),
        "Targets": [target],
    }
    permission = {
        "FunctionName": ref(name),
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": att(f"{name}Schedule"),
    }
    return {
        f"{name}Schedule": resource("Events::Rule", rule),
        f"{name}SchedulePermission": resource("Lambda::Permission", permission),
    }
