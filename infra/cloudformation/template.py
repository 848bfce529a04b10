"""One template for a stage: parameters, resources, outputs."""

from __future__ import annotations

from infra.cloudformation import alarms, functions, http, messaging, stores
from infra.cloudformation.words import Json, att, logical, ref, sub
from infra.exchange import QUEUES, TOPICS
from infra.functions import API_STAGE, FUNCTIONS
from infra.stage import LOCAL_SEARCH, SERVICE, Stage
from infra.stores import BUCKETS, TABLES

LIMIT_RESOURCES = 500
LIMIT_OUTPUTS = 200

PARAMETERS = {
    "CodeBucket": "Where the functions' code lies",
    "CodeKey": "The code's key there; it holds the digest of what it names",
    "Release": "What is deployed, as logs and answers name it",
    "Architecture": "x86_64 or arm64, as the code was built",
    "SearchUrl": "OpenSearch, as the functions reach it",
    "SearchDomainArn": "ARN of an Amazon OpenSearch domain that takes IAM's word; empty for any other OpenSearch",
    "AlarmTopicArn": "SNS topic that alarms tell; empty for none",
    "BasePath": "What stands before the API's paths where no request shows it; mostly empty",
    "LogLevel": "DEBUG, INFO, WARNING or ERROR",
    "Triggers": "enabled; disabled where containers work off the queues and run the schedules",
}
REQUIRED = ("CodeBucket", "CodeKey", "Release")
"""What a deployment always says by itself."""
DEFAULTS = {"Architecture": "x86_64", "LogLevel": "INFO", "Triggers": "enabled"}


def template(stage: Stage) -> Json:
    """The whole stage as a CloudFormation template; every value that differs between deployments is a parameter."""
    made: Json = {}
    for part in (stores, messaging, functions, http, alarms):
        made |= part.resources(stage)
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"{SERVICE}, stage {stage.name}",
        "Parameters": {name: _parameter(stage, name) for name in PARAMETERS},
        "Conditions": {
            "HasSearchDomain": _given("SearchDomainArn"),
            "HasAlarmTopic": _given("AlarmTopicArn"),
            "HasBasePath": _given("BasePath"),
            "HasTriggers": {"Fn::Equals": [ref("Triggers"), "enabled"]},
        },
        "Resources": made,
        "Outputs": {name: {"Value": value} for name, value in _outputs(stage).items()},
    }


def _parameter(stage: Stage, name: str) -> Json:
    made: Json = {"Type": "String", "Description": PARAMETERS[name]}
    if name not in REQUIRED:
        made["Default"] = DEFAULTS.get(name, "")
    if name == "SearchUrl" and stage.local:
        made["Default"] = LOCAL_SEARCH
    return made


def _given(parameter: str) -> Json:
    return {"Fn::Not": [{"Fn::Equals": [ref(parameter), ""]}]}


def _outputs(stage: Stage) -> Json:
    queues = [name for q in QUEUES for name in (q.name, q.dead)]
    url = sub(f"https://${{Api}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{API_STAGE}")
    return {
        **{logical("topic", t): ref(logical("topic", t)) for t in TOPICS},
        **{logical("queue", q): ref(logical("queue", q)) for q in queues},
        **{logical("table", t.name): ref(logical("table", t.name)) for t in TABLES},
        **{logical("bucket", b): ref(logical("bucket", b)) for b in BUCKETS},
        **{logical("function", f.name): att(logical("function", f.name)) for f in FUNCTIONS},
        "Api": ref(http.API),
        "ApiUrl": sub(f"{stage.endpoint}{http.EMULATED}") if stage.local else url,
    }
