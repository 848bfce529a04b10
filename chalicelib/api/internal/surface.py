"""All routes of the internal surface, for the app to register."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.api.internal.course_runs import course_runs
from chalicelib.api.internal.courses import courses
from chalicelib.api.internal.exchange import exchange
from chalicelib.api.internal.explain import explain
from chalicelib.api.internal.health import health
from chalicelib.api.internal.organizations import organizations
from chalicelib.api.internal.programs import programs
from chalicelib.api.internal.registry import registry
from chalicelib.api.internal.tenants import tenants

BLUEPRINTS: tuple[Blueprint, ...] = (
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
