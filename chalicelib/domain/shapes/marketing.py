"""Marketing URLs, without the UTM query that finish adds (course-discovery 1.8)."""

from __future__ import annotations

from chalicelib.domain.tenant import Tenant


def _root(tenant: Tenant) -> str:
    return tenant.marketing_root.rstrip("/")


def course_url(tenant: Tenant, slug: str | None) -> str | None:
    """``{root}/course/{slug}``; a slug with a slash is a path of its own. None without slug or marketing site."""
    if not slug or not _root(tenant):
        return None
    return f"{_root(tenant)}/{slug}" if "/" in slug else f"{_root(tenant)}/course/{slug}"


def run_url(tenant: Tenant, slug: str | None, marketable_type: bool) -> str | None:
    """``{root}/course/{run slug}``; None for types that are not marketed."""
    return f"{_root(tenant)}/course/{slug}" if slug and marketable_type and _root(tenant) else None


def program_url(tenant: Tenant, type_slug: str | None, slug: str | None) -> str | None:
    """``{root}/{type}/{slug}``; a slug with a slash is used as it is."""
    if not slug or not _root(tenant):
        return None
    return f"{_root(tenant)}/{slug}" if "/" in slug else f"{_root(tenant)}/{type_slug}/{slug}"


def organization_url(tenant: Tenant, slug: str | None) -> str | None:
    """``{root}/school/{slug}``."""
    return f"{_root(tenant)}/school/{slug}" if slug and _root(tenant) else None
