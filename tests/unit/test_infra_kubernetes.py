"""The manifests: one image, a worker per queue, nothing that may do more than it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from infra.functions import FUNCTIONS
from infra.generated import KUBERNETES, generated
from infra.manifests import IMAGE, Place, as_yaml, manifests
from infra.stage import Stage

ROOT = Path(__file__).resolve().parents[2]
OBJECTS = manifests(Place(Stage.of("prod")))
WORKERS = [f for f in FUNCTIONS if f.queue]


def of_kind(kind: str) -> dict[str, dict]:
    return {o["metadata"]["name"]: o for o in OBJECTS if o["kind"] == kind}


DEPLOYMENTS = of_kind("Deployment")
PODS = pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=DEPLOYMENTS.keys())


@pytest.mark.parametrize("name", generated())
def test_what_is_kept_in_the_checkout_is_what_the_tables_make(name):
    assert (ROOT / name).read_text() == generated()[name], "python -m infra generate"


def test_the_yaml_says_what_the_objects_say():
    assert list(yaml.safe_load_all(as_yaml(OBJECTS))) == OBJECTS
    assert "&id" not in (ROOT / KUBERNETES).read_text()


def test_no_two_objects_share_kind_and_name():
    names = [(o["kind"], o["metadata"]["name"]) for o in OBJECTS]
    assert len(set(names)) == len(names)


@PODS
def test_a_deployment_finds_its_own_pods_and_no_other(deployment):
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    same = [d for d in DEPLOYMENTS.values() if d["spec"]["template"]["metadata"]["labels"] == labels]
    assert same == [deployment]


@PODS
def test_a_pod_is_nobody_and_may_nothing(deployment):
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert not container["securityContext"]["allowPrivilegeEscalation"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert not pod["automountServiceAccountToken"]


@PODS
def test_a_pod_is_bounded_watched_and_given_time_to_end(deployment):
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == IMAGE
    assert container["resources"]["limits"]["memory"] == container["resources"]["requests"]["memory"]
    assert container["livenessProbe"]
    assert pod["terminationGracePeriodSeconds"] > 30


def test_the_api_is_ready_when_health_says_so():
    (container,) = DEPLOYMENTS["catalog-api"]["spec"]["template"]["spec"]["containers"]
    assert container["args"] == ["serve"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/health/"
    assert container["startupProbe"]["httpGet"]["path"] == "/health/"


@pytest.mark.parametrize("worker", WORKERS, ids=lambda w: w.name)
def test_every_queue_has_a_worker_that_its_depth_scales(worker):
    name = f"catalog-{worker.name}"
    spec = DEPLOYMENTS[name]["spec"]["template"]["spec"]
    assert spec["containers"][0]["args"] == ["work", worker.queue.name]
    assert spec["terminationGracePeriodSeconds"] > worker.timeout
    scaled = of_kind("ScaledObject")[name]["spec"]
    assert scaled["scaleTargetRef"]["name"] == name
    assert scaled["maxReplicaCount"] == worker.queue.lane.concurrency
    assert scaled["triggers"][0]["metadata"]["queueURL"] == f"catalog-prod-{worker.queue.name}"
    assert "replicas" not in DEPLOYMENTS[name]["spec"], "KEDA's number would be put back at every apply"


def test_there_is_one_clock():
    tick = DEPLOYMENTS["catalog-tick"]["spec"]
    assert tick["replicas"] == 1
    assert tick["strategy"] == {"type": "Recreate"}


def test_only_the_api_is_reached_and_only_on_its_port():
    networks = of_kind("NetworkPolicy")
    assert networks["catalog"]["spec"]["ingress"] == []
    assert set(networks["catalog"]["spec"]["policyTypes"]) == {"Ingress", "Egress"}
    (rule,) = networks["catalog-api"]["spec"]["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 8000}]


def test_a_deployments_addresses_fill_the_environment():
    addresses = {"topics": {"updates": "arn:u", "changes": "arn:c"}, "buckets": {"objects": "o"}}
    made = manifests(Place(Stage.of("prod"), addresses=addresses, region="eu-west-1"))
    data = next(o for o in made if o["kind"] == "ConfigMap")["data"]
    assert (data["UPDATES_TOPIC_ARN"], data["CHANGES_TOPIC_ARN"], data["OBJECTS_BUCKET"]) == ("arn:u", "arn:c", "o")
    assert "ACCOUNT" in next(o for o in OBJECTS if o["kind"] == "ConfigMap")["data"]["UPDATES_TOPIC_ARN"]
