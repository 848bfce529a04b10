"""What tests of the campus share: a small campus with a clock in hand, its clients, a token."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from campus import campus, config, keys
from campus.servers.system import apps

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette would rather have httpx2
    from starlette.testclient import TestClient

NOW = datetime(2026, 11, 21, tzinfo=UTC)
signing_key = lru_cache(keys.signing_key)


class Clock:
    """Time that moves when told to."""

    def __init__(self) -> None:
        self.now = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


@dataclass
class Topic:
    """An SNS topic that remembers."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0

    def publish(self, **entry: Any) -> dict[str, Any]:
        self.calls += 1
        self.messages.append(entry)
        return {"MessageId": "1"}

    def publish_batch(self, PublishBatchRequestEntries: list[Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        self.messages += PublishBatchRequestEntries
        return {"Successful": PublishBatchRequestEntries}

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [orjson.loads(message["Message"]) for message in self.messages]


class Visit:
    """A campus and the ways into it."""

    def __init__(self, courses: int = 60, **options: Any) -> None:
        self.clock, self.topic = Clock(), Topic()
        ready = campus.Options(courses=courses, now=NOW, **options)
        self.campus = campus.found(ready, self.clock, keys.signing_key if ready.state_dir else signing_key)
        self.campus.exchange.topic_arn, self.campus.exchange._sns = "arn:topic", self.topic
        self.clients = {name: TestClient(app, follow_redirects=False) for name, app in apps(self.campus).items()}
        self.token = self.new_token()

    def new_token(self, tenant: str = "edx", **form: str) -> str:
        return str(self.oauth(tenant, **form).json()["access_token"])

    def oauth(self, tenant: str = "edx", **form: str) -> Any:
        client = {"client_id": config.CLIENT_ID, "client_secret": config.CLIENT_SECRET}
        body = {"grant_type": "client_credentials", **client, "token_type": "jwt", **form}
        return self.clients["identity"].post(f"/{tenant}/oauth2/access_token", data=body)

    def get(self, system: str, path: str, token: str | None = None, tenant: str = "edx", **headers: str) -> Any:
        headers = {"Authorization": f"JWT {token or self.token}", **headers}
        return self.clients[system].get(f"/{tenant}{path}", headers=headers)

    def json(self, system: str, path: str, **rest: Any) -> Any:
        answer = self.get(system, path, **rest)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def runs(self, query: str = "") -> Any:
        return self.json("studio", f"/api/courses/v1/courses/?username=catalog_worker&{query}")

    def faults(self, **body: Any) -> Any:
        return self.clients["identity"].post("/admin/faults", json=body)

    def edit(self, what: str, **body: Any) -> Any:
        return self.clients["identity"].post("/admin/edx/edits", json={"what": what, **body}).json()

    def admin(self, path: str) -> Any:
        return self.clients["identity"].get(path).json()

    def world(self, tenant: str = "edx") -> Any:
        return self.campus.worlds[tenant]
