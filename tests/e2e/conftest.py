"""The deployed system under test: its endpoints, tokens, the campus, and waiting for what must arrive."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.settling import forget_misses
from tests.e2e.system import System

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("e2e")


@pytest.fixture(autouse=True, scope="session")
def _quiet_logs() -> None:
    """Handlers that tests call in this process log every batch; a failure is easier to read without."""
    logging.getLogger("catalog").setLevel(logging.ERROR)


@pytest.fixture(autouse=True)
def _a_good_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did to the sources' behaviour is over when it ends."""
    yield
    if "system" in request.fixturenames:
        request.getfixturevalue("system").campus("/admin/faults", {"clear": True})


@pytest.fixture
def few_misses() -> Iterator[None]:
    """No source was seen to miss much before this test, nor because of it."""
    forget_misses()
    yield
    forget_misses()


@pytest.fixture(scope="session")
def system() -> System:
    """The system that `tests/run.py` started, or the one of `make run` when ENDPOINTS names its file."""
    path = os.environ.get("ENDPOINTS")
    if not path:
        pytest.skip("no system: run this suite through `make test`, or set ENDPOINTS=.local/endpoints.json")
    return System(json.loads(Path(path).read_text()))
