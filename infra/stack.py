"""One CloudFormation stack: create, update or leave it through a change set, watch it, read its outputs, delete it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from infra.clients import Clients
from infra.progress import Progress
from infra.stage import SERVICE

UNMADE = ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE")
BROKEN = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
NOTHING = ("didn't contain changes", "No updates are to be performed")
SLOWEST, QUICKEST = 3.0, 0.05


class DeployFailed(Exception):
    """The stack did not get where it should; the text holds the first causes CloudFormation gave."""


class Stack:
    """The stack of a stage, by name."""

    def __init__(self, clients: Clients, progress: Progress) -> None:
        self.name = clients.stage.prefix
        self.stage = clients.stage
        self.cloud = clients["cloudformation"]
        self.progress = progress

    def describe(self) -> dict[str, Any] | None:
        """What CloudFormation knows of it, None where there is none."""
        try:
            found: dict[str, Any] = self.cloud.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return None if found["StackStatus"] == "DELETE_COMPLETE" else found

    def outputs(self) -> dict[str, str]:
        """Output name -> value."""
        found = self.describe() or {}
        return {o["OutputKey"]: o["OutputValue"] for o in found.get("Outputs", ())}

    def apply(self, template_url: str, parameters: dict[str, str], resources: int) -> bool:
        """Bring the stack to this template; whether anything changed. Raises DeployFailed."""
        found = self.describe()
        if found and found["StackStatus"] in BROKEN:
            self.progress.note(f"{self.name} is {found['StackStatus']}, which nothing updates: deleting it first")
            self.delete()
            found = None
        fresh = found is None or found["StackStatus"] in UNMADE
        change = self._change_set("CREATE" if fresh else "UPDATE", template_url, parameters)
        if change is None:
            return False
        began = self._last_event()
        self.cloud.execute_change_set(ChangeSetName=change, StackName=self.name)
        self._watch(resources, began)
        return True

    def delete(self) -> None:
        """Delete it and wait; what is retained (tables and bucket on AWS) stays."""
        self.cloud.delete_stack(StackName=self.name)
        _until(lambda: self.describe() is None or self._status().endswith("FAILED"))
        if self.describe() is not None:
            raise DeployFailed(f"{self.name} cannot be deleted: {self._status()}")

    def _status(self) -> str:
        return str((self.describe() or {}).get("StackStatus", "DELETE_COMPLETE"))

    def _change_set(self, sort: str, template_url: str, parameters: dict[str, str]) -> str | None:
        """The change set to execute, or None where it would change nothing."""
        made = self.cloud.create_change_set(
            StackName=self.name,
            ChangeSetName=f"{self.name}-{time.time_ns() // 1_000_000}",
            ChangeSetType=sort,
            TemplateURL=template_url,
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
            Tags=[{"Key": "service", "Value": SERVICE}, {"Key": "stage", "Value": self.stage.name}],
        )
        name = made["Id"]
        seen: dict[str, Any] = {}

        def settled() -> bool:
            seen.update(self.cloud.describe_change_set(ChangeSetName=name, StackName=self.name))
            return seen["Status"] in ("CREATE_COMPLETE", "FAILED")

        _until(settled)
        if seen["Status"] == "CREATE_COMPLETE":
            return str(name)
        reason = seen.get("StatusReason", "no reason given")
        self.cloud.delete_change_set(ChangeSetName=name, StackName=self.name)
        if any(words in reason for words in NOTHING):
            return None
        raise DeployFailed(f"change set of {self.name}: {reason}")

    def _last_event(self) -> str | None:
        events = self._events()
        return events[0]["EventId"] if events else None

    def _events(self) -> list[dict[str, Any]]:
        """Newest first, the newest hundred."""
        try:
            return list(self.cloud.describe_stack_events(StackName=self.name)["StackEvents"])
        except ClientError:
            return []

    def _watch(self, resources: int, began: str | None) -> None:
        done: set[str] = set()
        failures: dict[str, str] = {}

        def settled() -> bool:
            for event in self._events():
                if event["EventId"] == began:
                    break
                if event["ResourceStatus"].endswith("_COMPLETE"):
                    done.add(event["LogicalResourceId"])
                if event["ResourceStatus"].endswith("_FAILED"):
                    failures[event["LogicalResourceId"]] = event.get("ResourceStatusReason", "")
            self.progress.count(min(len(done), resources), resources)
            return not self._status().endswith("_IN_PROGRESS")

        _until(settled)
        self.progress.count(resources, resources)
        status = self._status()
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            causes = "; ".join(f"{name}: {why}" for name, why in failures.items() if "cancelled" not in why.lower())
            raise DeployFailed(f"{self.name} is {status}: {causes or 'see its events'}")


def _until(done: Callable[[], bool]) -> None:
    """Ask again, quickly at first (an emulator answers in milliseconds), then as slowly as AWS likes it."""
    pause = QUICKEST
    while not done():
        time.sleep(pause)
        pause = min(pause * 1.5, SLOWEST)
