"""The AWS clients of a deployment, for AWS itself or for the stage's emulator."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from infra.stage import Stage

REGION = "us-east-1"


class Clients:
    """One client per service; an emulator never gets to see real credentials, nor AWS invented ones."""

    def __init__(self, stage: Stage, region: str | None = None) -> None:
        self.stage = stage
        if stage.local:
            self._session = boto3.Session("test", "test", region_name=region or REGION)
        else:
            self._session = boto3.Session(region_name=region)
        self._made: dict[str, Any] = {}

    def __getitem__(self, service: str) -> Any:
        if service not in self._made:
            style: Any = {"addressing_style": "path" if self.stage.local else "auto"}
            config = Config(retries={"mode": "adaptive", "max_attempts": 8}, s3=style)
            self._made[service] = self._session.client(service, endpoint_url=self.stage.endpoint, config=config)
        return self._made[service]

    @property
    def region(self) -> str:
        return str(self._session.region_name)

    @property
    def account(self) -> str:
        return str(self["sts"].get_caller_identity()["Account"])
