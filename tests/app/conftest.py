"""One app with all routes, over a house of fakes that is new for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chalice import Chalice

from chalicelib.api import context
from chalicelib.api.internal.surface import blueprints
from chalicelib.api.router import Router
from tests.fakes import house as fakes
from tests.fakes.browser import Browser
from tests.fakes.tokens import claims, token


@pytest.fixture
def house() -> fakes.House:
    return fakes.house()


@pytest.fixture
def app(house: fakes.House) -> Iterator[Chalice]:
    provider = list(context._provider)
    made = Chalice("tests", configure_logs=False)
    for blueprint in blueprints():
        made.register_blueprint(blueprint)
    context.use(lambda: house)
    yield made
    context._provider[:] = provider


@pytest.fixture
def router(app: Chalice) -> Router:
    return Router(app)


@pytest.fixture
def ada(router: Router) -> Browser:
    """An ordinary reader of edx."""
    return Browser(router, token=token(claims("ada")))


@pytest.fixture
def staff(router: Router) -> Browser:
    return Browser(router, token=token(claims("stan", administrator=True)))


@pytest.fixture
def operator(router: Router) -> Browser:
    return Browser(router, token=token(claims("olga", administrator=True, superuser=True)))
