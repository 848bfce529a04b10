"""All routes of the internal surface, for the app to register."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.api.http import Routes
from chalicelib.api.internal.course_runs import course_runs
from chalicelib.api.internal.courses import courses
from chalicelib.api.internal.exchange import exchange
from chalicelib.api.internal.explain import explain
from chalicelib.api.internal.health import health
from chalicelib.api.internal.organizations import organizations
from chalicelib.api.internal.programs import programs
from chalicelib.api.internal.registry import registry
from chalicelib.api.internal.tenants import tenants

ROUTES: tuple[Routes, ...] = (
    courses,
    course_runs,
    programs,
    organizations,
    explain,
    exchange,
    health,
    tenants,
    registry,
)


def blueprints() -> tuple[Blueprint, ...]:
    """New blueprints of all of them; Chalice uses a blueprint up when it registers it."""
    return tuple(routes.blueprint() for routes in ROUTES)
