"""The composition root: settings become adapters, adapters meet services; built on first use, once per process."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib import settings as configuration
from chalicelib.adapters.aws import client
from chalicelib.adapters.credentials import Credentials
from chalicelib.adapters.dynamo.due import DueStore
from chalicelib.adapters.dynamo.objects import Objects
from chalicelib.adapters.dynamo.operations import OperationsStore
from chalicelib.adapters.dynamo.records import RecordStore
from chalicelib.adapters.dynamo.tenants import TenantStore
from chalicelib.adapters.dynamo.views import ViewStore
from chalicelib.adapters.dynamo.wire import Dynamo
from chalicelib.adapters.messages import Changes, Exchange, Queues, Topic
from chalicelib.domain.front import Front
from chalicelib.domain.keys import Ref
from chalicelib.domain.tenant import Tenant
from chalicelib.domain.view import Body
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from chalicelib.adapters.opensearch import Indices, SearchEngine
    from chalicelib.services.registry import Registry
    from chalicelib.services.updates import Collaborators


def now_ms() -> int:
    """The clock of this process."""
    return time.time_ns() // 1_000_000


class House:
    """Everything a handler may need. Each part is made when it is first asked for: importing opens no socket."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or configuration.load()
        self.clock = now_ms

    # ---- where things are kept

    @cached_property
    def dynamo(self) -> Dynamo:
        return Dynamo(client("dynamodb"))

    @cached_property
    def records(self) -> RecordStore:
        s = self.settings
        objects = Objects(lambda: client("s3"), s.objects_bucket or f"{s.prefix}-objects")
        return RecordStore(
            self.dynamo, records=s.table("records"), history=s.table("history"), objects=objects, now=self.clock
        )

    @cached_property
    def views(self) -> ViewStore:
        return ViewStore(self.dynamo, table=self.settings.table("views"), records=self.settings.table("records"))

    @cached_property
    def due(self) -> DueStore:
        return DueStore(self.dynamo, table=self.settings.table("records"))

    @cached_property
    def operations(self) -> OperationsStore:
        return OperationsStore(self.dynamo, table=self.settings.table("operations"))

    @cached_property
    def tenants(self) -> TenantStore:
        return TenantStore(self.dynamo, table=self.settings.table("tenants"), now=self.clock)

    @property
    def tenant_store(self) -> TenantStore:
        return self.tenants

    @cached_property
    def indices(self) -> Indices:
        from chalicelib.adapters.opensearch import Indices, connect

        s = self.settings
        return Indices(connect(s.opensearch_url), s.prefix, refresh=s.opensearch_refresh)

    @cached_property
    def index(self) -> SearchEngine:
        from chalicelib.adapters.opensearch import SearchEngine, connect

        return SearchEngine(connect(self.settings.opensearch_url), self.indices)

    # ---- messages

    @cached_property
    def announce(self) -> Changes:
        return Changes(Topic(client("sns"), self.settings.changes_topic_arn))

    @cached_property
    def exchange(self) -> Exchange:
        return Exchange(Topic(client("sns"), self.settings.updates_topic_arn))

    @cached_property
    def queues(self) -> Queues:
        return Queues(client("sqs"), self.settings.prefix)

    @cached_property
    def credentials(self) -> Credentials:
        return Credentials(lambda: client("secretsmanager"))

    # ---- what the workers use

    @cached_property
    def collaborators(self) -> Collaborators:
        import httpx

        from chalicelib.adapters.source_logins import Logins
        from chalicelib.adapters.sources_http import TIMEOUT, SourceClient
        from chalicelib.domain.sources import SOURCES
        from chalicelib.services.updates import Collaborators

        logins = Logins(self.credentials, httpx.Client(timeout=TIMEOUT))
        return Collaborators(
            sources=dict(SOURCES),
            tenants=self.tenants,
            records=self.records,
            due=self.due,
            budget=self.operations,
            operations=self.operations,
            fetch=SourceClient(logins=logins, block=self.operations.block, now=self.clock),
            announce=self.announce,
            park=self.operations,
            clock=self.clock,
        )

    # ---- what the API uses

    @cached_property
    def verifier(self) -> Any:
        from chalicelib.adapters.jwks import KeySets
        from chalicelib.adapters.jwt import Verifier

        return Verifier(KeySets(self.clock), self.credentials.resolve, self.clock)

    @cached_property
    def registry(self) -> Registry:
        from chalicelib.services.registry import Registry

        return Registry(self.records, self.announce, self.operations, self.clock)

    @property
    def fresh(self) -> House:
        return self

    def bodies(self, tenant: Tenant, refs: Sequence[Ref]) -> Mapping[Ref, Body]:
        """Bodies as if overlaid on the spot."""
        from chalicelib.services.load import Loader

        return Loader(tenant, self.records, self.views, self.clock()).bodies(refs)

    def explain(self, tenant: Tenant, ref: Ref) -> Mapping[str, Any] | None:
        """Where a thing comes from and why it is or is not shown."""
        from chalicelib.services.explain import explain

        return explain(tenant, ref, records=self.records, views=self.views, index=self.index, clock=self.clock)

    @cached_property
    def front(self) -> Front:
        """How this deployment is reached."""
        return Front(trusted_proxies=self.settings.trusted_proxies, base_path=self.settings.base_path)

    @cached_property
    def kinds_of(self) -> Mapping[str, Sequence[str]]:
        from chalicelib.domain.sources import SOURCES

        return {name: source.kinds for name, source in SOURCES.items()}

    def healthy(self) -> bool:
        """Whether the store answers; never raises."""
        try:
            self.tenants.kept()
        except Exception:
            return False
        return True


_house: list[House] = []


def house() -> House:
    """The house of this process."""
    if not _house:
        _house.append(House())
    return _house[0]
