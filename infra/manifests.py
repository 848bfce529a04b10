"""Kubernetes manifests for the same image: the tables of consumers and schedules, as Deployments.

Lambda's event source mapping becomes a worker per queue that KEDA scales by the queue's depth, EventBridge's schedules
become ``tick``, API Gateway becomes ``serve``. Tables, topics and queues are still made by the CloudFormation template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.functions import FUNCTIONS, HTTP, SCHEDULED, Function
from infra.stage import METRICS, SERVICE, Stage

Json = dict[str, Any]
PORT = 8000
USER = 10001
IMAGE = "course-catalog:latest"
ENVIRONMENT = "catalog-environment"
TO = (("TCP", 443), ("TCP", 80), ("TCP", 9200), ("UDP", 53), ("TCP", 53))
"""Where pods may go: AWS and the sources by HTTP(S), OpenSearch, names."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a cluster runs: a stage from an image. ``addresses``: a deployment's outputs, else placeholders stand."""

    stage: Stage
    image: str = IMAGE
    region: str = "us-east-1"
    addresses: Mapping[str, Any] = field(default_factory=dict)


def manifests(place: Place) -> list[Json]:
    """Every object of a stage, ready to apply."""
    workers = [f for f in FUNCTIONS if f.queue]
    made = [_service_account(), _environment(place), *_networks(), _authentication()]
    made += _api(place, HTTP[0])
    made += [_deployment(place, "tick", ["tick"], max(f.memory for f in SCHEDULED), grace=65, single=True)]
    for worker in workers:
        made += _worker(place, worker)
    return made


def _object(version: str, kind: str, name: str, spec: Json | None = None, **more: Any) -> Json:
    made: Json = {"apiVersion": version, "kind": kind, "metadata": {"name": name, "labels": _labels(name)}}
    return made | ({"spec": spec} if spec is not None else {}) | more


def _labels(name: str) -> Json:
    return {"app.kubernetes.io/name": SERVICE, "app.kubernetes.io/component": name.removeprefix(f"{SERVICE}-")}


def _named(name: str) -> str:
    return f"{SERVICE}-{name}"


# --- what all share


def _service_account() -> Json:
    return _object("v1", "ServiceAccount", SERVICE, automountServiceAccountToken=False)


def _environment(place: Place) -> Json:
    stage, addresses = place.stage, place.addresses
    topics, own = addresses.get("topics", {}), f"{place.region}:ACCOUNT"
    data = {
        "CATALOG_STAGE": stage.name,
        "CATALOG_PREFIX": stage.prefix,
        "UPDATES_TOPIC_ARN": topics.get("updates", f"arn:aws:sns:{own}:{stage.called('updates')}"),
        "CHANGES_TOPIC_ARN": topics.get("changes", f"arn:aws:sns:{own}:{stage.called('changes')}"),
        "OBJECTS_BUCKET": addresses.get("buckets", {}).get(
            "objects", f"{stage.called('objects')}-ACCOUNT-{place.region}"
        ),
        "OPENSEARCH_URL": "http://opensearch:9200",
        "LOG_LEVEL": "INFO",
        "POWERTOOLS_SERVICE_NAME": SERVICE,
        "POWERTOOLS_METRICS_NAMESPACE": METRICS,
        "POWERTOOLS_TRACE_DISABLED": "1",
        "AWS_DEFAULT_REGION": place.region,
    }
    return _object("v1", "ConfigMap", ENVIRONMENT, data=data)


def _networks() -> list[Json]:
    """Nobody reaches a worker; the API is reached on one port; all may go where TO says."""
    everyone = {"matchLabels": {"app.kubernetes.io/name": SERVICE}}
    out = [{"ports": [{"protocol": protocol, "port": port} for protocol, port in TO]}]
    closed = {"podSelector": everyone, "policyTypes": ["Ingress", "Egress"], "ingress": [], "egress": out}
    opened = {
        "podSelector": {"matchLabels": _labels(_named("api"))},
        "policyTypes": ["Ingress"],
        "ingress": [{"ports": [{"protocol": "TCP", "port": PORT}]}],
    }
    kind = ("networking.k8s.io/v1", "NetworkPolicy")
    return [_object(*kind, SERVICE, closed), _object(*kind, _named("api"), opened)]


def _authentication() -> Json:
    """KEDA reads a queue's depth as the workers' own identity."""
    spec = {"podIdentity": {"provider": "aws", "identityOwner": "workload"}}
    return _object("keda.sh/v1alpha1", "TriggerAuthentication", SERVICE, spec)


# --- pods


def _deployment(
    place: Place, name: str, command: list[str], memory: int, grace: int, single: bool = False, **container: Any
) -> Json:
    labels = _labels(_named(name))
    spec: Json = {
        "selector": {"matchLabels": labels},
        "strategy": {"type": "Recreate"} if single else {"type": "RollingUpdate"},
        "template": {"metadata": {"labels": labels}, "spec": _pod(place, command, memory, grace, container)},
    }
    if single:
        spec = {"replicas": 1, **spec}
    return _object("apps/v1", "Deployment", _named(name), spec)


def _pod(place: Place, command: list[str], memory: int, grace: int, container: Json) -> Json:
    alive = {"exec": {"command": ["python", "/opt/catalog/healthcheck.py"]}, "periodSeconds": 30, "timeoutSeconds": 10}
    own = {
        "name": SERVICE,
        "image": place.image,
        "args": command,
        "envFrom": [{"configMapRef": {"name": ENVIRONMENT}}],
        "resources": {"requests": {"cpu": "100m", "memory": f"{memory}Mi"}, "limits": {"memory": f"{memory}Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "scratch", "mountPath": "/tmp"}],
        "livenessProbe": alive,
    }
    return {
        "serviceAccountName": SERVICE,
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": grace,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [own | container],
        "volumes": [{"name": "scratch", "emptyDir": {"sizeLimit": "256Mi"}}],
    }


def _api(place: Place, function: Function) -> list[Json]:
    """Ready when /health/ says so; restarted only when the port is dead, as no restart heals a store that is away."""
    asked = {"httpGet": {"path": "/health/", "port": "http"}}
    name, labels = _named("api"), _labels(_named("api"))
    deployment = _deployment(
        place,
        "api",
        ["serve"],
        function.memory,
        grace=function.timeout + 10,
        ports=[{"name": "http", "containerPort": PORT}],
        startupProbe=asked | {"periodSeconds": 2, "failureThreshold": 30},
        readinessProbe=asked | {"periodSeconds": 5, "timeoutSeconds": 5},
        livenessProbe={"tcpSocket": {"port": "http"}, "periodSeconds": 10, "failureThreshold": 6},
    )
    port = {"name": "http", "port": 80, "targetPort": "http"}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    busy = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
    }
    scale = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 20, "metrics": [busy]}
    return [
        deployment,
        _object("v1", "Service", name, {"selector": labels, "ports": [port]}),
        _object("autoscaling/v2", "HorizontalPodAutoscaler", name, scale),
        _disruption(name, {"minAvailable": 1}),
    ]


def _worker(place: Place, function: Function) -> list[Json]:
    """A worker per queue. As many as the lane allows at once; a bulk lane with nothing to do has none."""
    assert function.queue
    assert function.queue.consumer
    assert function.queue.lane
    queue, lane, name = function.queue.name, function.queue.lane, _named(function.name)
    depth = {
        "queueURL": place.stage.called(queue),
        "queueLength": str(function.queue.consumer.batch * 5),
        "awsRegion": place.region,
        "scaleOnInFlight": "true",
    }
    trigger = {"type": "aws-sqs-queue", "authenticationRef": {"name": SERVICE}, "metadata": depth}
    scale = {
        "scaleTargetRef": {"name": name},
        "pollingInterval": 10,
        "cooldownPeriod": 300,
        "minReplicaCount": 0 if lane.name == "bulk" else 1,
        "maxReplicaCount": lane.concurrency,
        "triggers": [trigger],
    }
    return [
        _deployment(place, function.name, ["work", queue], function.memory, grace=function.timeout + 10),
        _object("keda.sh/v1alpha1", "ScaledObject", name, scale),
        _disruption(name, {"maxUnavailable": 1}),
    ]


def _disruption(name: str, budget: Json) -> Json:
    spec = {"selector": {"matchLabels": _labels(name)}, **budget}
    return _object("policy/v1", "PodDisruptionBudget", name, spec)


def as_yaml(objects: list[Json]) -> str:
    """The objects as one YAML stream."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Repeats what is repeated: anchors are hard to read and harder to patch."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    head = "# Made by `python -m infra generate`; a test compares it with the tables.\n"
    return head + yaml.dump_all(objects, Dumper=Dumper, sort_keys=False, width=120)
