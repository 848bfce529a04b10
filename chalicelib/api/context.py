"""What the API needs of the rest of the house, and where a request finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from chalicelib.domain.front import Front
from chalicelib.domain.keys import Ref
from chalicelib.domain.tenant import Tenant
from chalicelib.services.browse import Fresh
from chalicelib.services.ports import Clock, Publish, ReadIndex, ReadRecords, Tenants
from chalicelib.services.tenants import TenantStore


class Verify(Protocol):
    """Checks a caller's token."""

    def verify(self, tenant: Tenant, token: str) -> Mapping[str, Any]:
        """Its claims. Raises BadToken, or Unavailable when the issuer's keys cannot be had."""


class Registry(Protocol):
    """What an operator may see and edit of things that no other source has."""

    def read(self, tenant: Tenant, ref: Ref) -> Mapping[str, Any] | None:
        """``{"kind", "key", "revision", "minted", "edited"}``, None when nothing is known of it."""

    def edit(self, tenant: Tenant, ref: Ref, fields: Mapping[str, Any], revision: int, who: str) -> Mapping[str, Any]:
        """Replace what is edited, if the revision is still the one that was seen; the same shape as ``read``.

        Raises Conflict when it is not, ValueError (a text for people) when the fields cannot be.
        """


class Explain(Protocol):
    """Why a thing looks as it does."""

    def __call__(self, tenant: Tenant, ref: Ref) -> Mapping[str, Any] | None:
        """``{"sources", "fields", "rules", "index", ...}``, None when there is no such thing."""


class House(Protocol):
    """Everything a request may use; wiring builds it from adapters, tests from fakes."""

    @property
    def records(self) -> ReadRecords: ...
    @property
    def fresh(self) -> Fresh: ...
    @property
    def index(self) -> ReadIndex: ...
    @property
    def tenants(self) -> Tenants: ...
    @property
    def tenant_store(self) -> TenantStore: ...
    @property
    def verifier(self) -> Verify: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def exchange(self) -> Publish: ...
    @property
    def explain(self) -> Explain: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def front(self) -> Front: ...
    @property
    def kinds_of(self) -> Mapping[str, Sequence[str]]:
        """Source name -> kinds it may publish updates about."""

    def healthy(self) -> bool:
        """Whether the store answers; never raises."""


Provider = Callable[[], House]
_provider: list[Provider] = []


def use(provider: Provider) -> None:
    """Say how the house is had; called once by app.py, and by tests. The provider is asked per request."""
    _provider[:] = [provider]


def house() -> House:
    """The house of this process."""
    if not _provider:
        raise RuntimeError("api.context.use() was never called")
    return _provider[0]()
