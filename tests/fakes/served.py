"""The API over a house of fakes, as a server loads it."""

from chalice import Chalice

from chalicelib.api import context
from chalicelib.api.internal.surface import blueprints
from chalicelib.api.router import Router
from chalicelib.runtime.serve import Application
from tests.fakes.house import house, tenant


def application() -> Application:
    app = Chalice("served", configure_logs=False)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    made = house()
    shared = tenant("edx", "catalog.edx.test", default=True, hs256_secret="ref/shared")
    made.tenants.put(shared, 1)
    made.things.add("edx", "course", "edX+DemoX", {"type_retired": False}, title="Demo")
    made.things.add("edx", "run", "edX/DemoX/2014", {"type_retired": False}, title="Old")
    context.use(lambda: made)
    return Application(Router(app))
