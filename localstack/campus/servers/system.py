"""Which routes each system serves, and under which port."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route

from campus.campus import Campus
from campus.servers import admin, assets, drupal, identity, otto, programs, studio


def apps(campus: Campus) -> dict[str, Starlette]:
    """One application per system, as rate limits are per host."""
    tables: dict[str, list[Route]] = {
        "identity": [*admin.routes(campus), *identity.routes(campus)],
        "studio": [*assets.routes(), *studio.routes(campus)],
        "otto": otto.routes(campus),
        "drupal": [*assets.routes(), *drupal.routes(campus)],
        "programs": [*assets.routes(), *programs.routes(campus)],
    }
    made = {system: Starlette(routes=table) for system, table in tables.items()}
    for app in made.values():
        app.router.redirect_slashes = False
    return made
