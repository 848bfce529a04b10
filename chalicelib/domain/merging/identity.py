"""Who a thing is: uuid, number and spelling, minted once by the registry."""

from __future__ import annotations

from chalicelib.domain import minting
from chalicelib.domain.keys import Ref
from chalicelib.domain.merging.merge import Merged
from chalicelib.domain.tenant import Tenant


def uuid_of(tenant: Tenant, ref: Ref, said: Merged) -> str:
    """The minted uuid; until there is one, the one that will be minted."""
    return str(said.get("uuid") or minting.uuid_of(tenant.code, ref)).lower()


def spelling(ref: Ref, said: Merged) -> str:
    """The key as it was first seen."""
    return str(said.get("key") or ref.key)


def number_of(said: Merged) -> int | None:
    """The integer id that some readers ask by."""
    number = said.get("id")
    return number if isinstance(number, int) else None
