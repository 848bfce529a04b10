"""The stack: made, changed, left alone, repaired; told by a CloudFormation of a few lines."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from infra import stack as module
from infra.cloudformation.template import template
from infra.deploy import addresses
from infra.exchange import QUEUES
from infra.progress import Plain
from infra.stack import DeployFailed, Stack
from infra.stage import Stage

PARAMETERS = {"CodeKey": "code/1.zip"}


class CloudFormation:
    """Stacks that are where a change set puts them; ``fails`` names a resource that cannot be made."""

    def __init__(self, status=None, fails=None):
        self.status, self.fails = status, fails
        self.deployed = None
        self.events: list[dict] = []
        self.calls: list[str] = []
        self.wanted = None

    def describe_stacks(self, StackName):  # noqa: N803 - botocore's own spelling
        if self.status is None:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "x does not exist"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": self.status, "Outputs": [{"OutputKey": "Api", "OutputValue": "a"}]}]}

    def create_change_set(self, **given):
        self.calls.append(given["ChangeSetType"])
        self.wanted = (given["TemplateURL"], given["Parameters"])
        self.status = self.status or "REVIEW_IN_PROGRESS"
        return {"Id": "change"}

    def describe_change_set(self, **given):
        if self.wanted == self.deployed:
            return {"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes."}
        return {"Status": "CREATE_COMPLETE"}

    def delete_change_set(self, **given):
        self.calls.append("delete_change_set")

    def execute_change_set(self, **given):
        kind = "CREATE" if self.status == "REVIEW_IN_PROGRESS" else "UPDATE"
        if self.fails:
            event = {"ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": "no such role"}
            self.events.insert(0, {"EventId": "e", "LogicalResourceId": self.fails, **event})
            self.status = "ROLLBACK_COMPLETE"
        else:
            self.status, self.deployed = f"{kind}_COMPLETE", self.wanted

    def describe_stack_events(self, StackName):  # noqa: N803
        return {"StackEvents": self.events}

    def delete_stack(self, StackName):  # noqa: N803
        self.calls.append("delete")
        self.status = None


def stack_with(cloud: CloudFormation) -> Stack:
    clients = type("Clients", (), {"stage": Stage.of("local"), "__getitem__": lambda self, name: cloud})()
    return Stack(clients, Plain())


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(module.time, "sleep", lambda _: None)


def test_a_stack_is_created_once_and_then_only_changed():
    cloud = CloudFormation()
    stack = stack_with(cloud)
    assert stack.apply("one", PARAMETERS, 5) is True
    assert stack.apply("one", PARAMETERS, 5) is False
    assert stack.apply("one", {"CodeKey": "code/2.zip"}, 5) is True
    assert cloud.calls == ["CREATE", "UPDATE", "delete_change_set", "UPDATE"]


def test_a_stack_that_never_came_up_is_made_anew():
    cloud = CloudFormation(status="ROLLBACK_COMPLETE")
    assert stack_with(cloud).apply("one", PARAMETERS, 5) is True
    assert cloud.calls == ["delete", "CREATE"]


def test_a_failure_tells_its_cause():
    with pytest.raises(DeployFailed, match="FunctionApi: no such role"):
        stack_with(CloudFormation(fails="FunctionApi")).apply("one", PARAMETERS, 5)


def test_a_stack_that_is_not_there_has_no_outputs():
    assert stack_with(CloudFormation()).outputs() == {}


def test_addresses_name_everything_in_our_own_words():
    stage = Stage.of("local")
    outputs = {name: name for name in template(stage)["Outputs"]}
    found = addresses(stage, outputs)
    assert set(found["queues"]) == {name for q in QUEUES for name in (q.name, q.dead)}
    assert found["queues"]["updates-studio-dead"] == "QueueUpdatesStudioDead"
    assert found["apis"] == {"internal": "ApiUrl"}
    assert found["tables"]["records"] == "TableRecords"
