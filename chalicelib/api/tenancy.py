"""Which tenant a request is for: its host says so, and nothing in the request can widen that."""

from __future__ import annotations

from chalicelib.api.errors import not_found
from chalicelib.api.params import Params
from chalicelib.domain.tenant import Tenant
from chalicelib.services.ports import Tenants


def tenant_of(host: str, tenants: Tenants) -> Tenant:
    """The tenant of a public host; one with a port also counts without it. Unknown hosts are the default tenant's.

    404 where there is no default tenant: nobody is served here.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    try:
        return tenants.at_host(name.lower().rstrip("."))
    except LookupError:
        raise not_found() from None


def is_elsewhere(params: Params, tenant: Tenant) -> bool:
    """Whether ``partner=`` names another tenant: then nothing matches, and nothing of that tenant is shown."""
    partner = params.one("partner")
    return partner is not None and partner.lower() != tenant.code
