"""The HTTP stage: API Gateway answers nothing itself, ``/`` and ``/{proxy+}`` go to one function.

A gateway holds 300 resources and answers unknown paths in its own shape; the router in front of Chalice does better.
"""

from __future__ import annotations

import hashlib
import json

from infra.cloudformation.words import Json, Resources, att, logical, ref, resource, sub
from infra.functions import API_STAGE, BINARY, HTTP, THROTTLE
from infra.stage import Stage

API = "Api"
EMULATED = f"/_aws/execute-api/${{Api}}/{API_STAGE}"
"""Where both emulators serve a stage below their own address."""


def resources(stage: Stage) -> Resources:
    """The gateway's API, its two catch-all methods and its stage by logical id."""
    function = logical("function", HTTP[0].name)
    method = _method(function)
    made: Resources = {
        API: resource("ApiGateway::RestApi", _api(stage)),
        "ApiProxy": resource("ApiGateway::Resource", _proxy()),
        "ApiRootAny": resource("ApiGateway::Method", method | {"ResourceId": att(API, "RootResourceId")}),
        "ApiProxyAny": resource("ApiGateway::Method", method | {"ResourceId": ref("ApiProxy")}),
        "ApiPermission": resource("Lambda::Permission", _permission(function)),
    }
    deployment = f"ApiDeployment{_digest(made)}"
    made[deployment] = resource(
        "ApiGateway::Deployment", {"RestApiId": ref(API)}, DependsOn=["ApiRootAny", "ApiProxyAny"]
    )
    made["ApiStage"] = resource("ApiGateway::Stage", _stage(stage, deployment))
    return made


def _digest(made: Resources) -> str:
    """A deployment is a snapshot: whatever it shows must be part of its name, or a change stays unseen."""
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:8]


def _api(stage: Stage) -> Json:
    return {
        "Name": stage.called(API_STAGE),
        "EndpointConfiguration": {"Types": ["REGIONAL"]},
        "BinaryMediaTypes": list(BINARY),
    }


def _proxy() -> Json:
    return {"RestApiId": ref(API), "ParentId": att(API, "RootResourceId"), "PathPart": "{proxy+}"}


def _method(function: str) -> Json:
    path = f"apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{{function}.Arn}}/invocations"
    return {
        "RestApiId": ref(API),
        "HttpMethod": "ANY",
        "AuthorizationType": "NONE",
        "Integration": {
            "Type": "AWS_PROXY",
            "IntegrationHttpMethod": "POST",
            "Uri": sub(f"arn:${{AWS::Partition}}:{path}"),
        },
    }


def _permission(function: str) -> Json:
    return {
        "FunctionName": ref(function),
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"),
    }


def _stage(stage: Stage, deployment: str) -> Json:
    limits = {"ThrottlingRateLimit": THROTTLE["rate"], "ThrottlingBurstLimit": THROTTLE["burst"]}
    return {
        "RestApiId": ref(API),
        "StageName": API_STAGE,
        "DeploymentId": ref(deployment),
        "Variables": variables(stage),
        "TracingEnabled": not stage.local,
        "MethodSettings": [{"ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": True, **limits}],
    }


def variables(stage: Stage) -> Json:
    """The path before ours, told where no request shows it: on an emulator, or behind a proxy (BasePath)."""
    own = {"base_path": sub(EMULATED)} if stage.local else ref("AWS::NoValue")
    return {"Fn::If": ["HasBasePath", {"base_path": ref("BasePath")}, own]}
