"""The front door: every trigger of the surface on one page, each body one line."""

from __future__ import annotations

from typing import Any

from chalice.app import Chalice, Rate

from chalicelib import workers
from chalicelib.api.context import use
from chalicelib.api.internal.surface import blueprints
from chalicelib.api.router import Router
from chalicelib.domain.sources import SOURCES
from chalicelib.settings import load
from chalicelib.wiring import house

settings = load()
app = Chalice(app_name="course-catalog")
for _blueprint in blueprints():
    app.register_blueprint(_blueprint)
use(house)
_router = Router(app)


def on_updates(event: Any, context: Any) -> Any:
    """A source's queue: read what changed from its owner and store it."""
    return workers.on_updates(event, house())


def on_views(event: Any, context: Any) -> Any:
    """The changes topic: make views and search documents anew."""
    return workers.on_views(event, house())


def on_touches(event: Any, context: Any) -> Any:
    """The changes topic: raise what shows something of what changed."""
    return workers.on_touches(event, house())


def on_due(event: Any, context: Any) -> Any:
    """Every minute: reads, announcements and what time has changed."""
    return workers.on_due(house())


def on_refresh(event: Any, context: Any) -> Any:
    """Every night: the backstop."""
    return workers.on_refresh(house())


def on_freshness(event: Any, context: Any) -> Any:
    """Every few minutes: how old is what should have been done."""
    return workers.on_freshness(house())


def http(event: Any, context: Any) -> Any:
    """The gateway: everything under ``/``."""
    return _router(event, context)


for _name in (*SOURCES, "unknown"):
    app.on_sqs_message(queue=settings.queue(f"updates-{_name}"), batch_size=10, name=f"updates-{_name}")(on_updates)
for _lane in ("live", "bulk"):
    app.on_sqs_message(queue=settings.queue(f"views-{_lane}"), batch_size=10, name=f"views-{_lane}")(on_views)
    app.on_sqs_message(queue=settings.queue(f"touches-{_lane}"), batch_size=10, name=f"touches-{_lane}")(on_touches)
app.schedule(Rate(1, unit=Rate.MINUTES), name="due")(on_due)
app.schedule("cron(15 2 * * ? *)", name="refresh")(on_refresh)
app.schedule(Rate(5, unit=Rate.MINUTES), name="freshness")(on_freshness)
