"""Objects as encoded JSON, kept until an edit or a quirk changes them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import orjson

from campus.facts import Course, Run
from campus.servers.ask import Ask

KEPT = 40_000


class Oven:
    """A bounded store of baked objects, shared by the sources of all tenants."""

    def __init__(self) -> None:
        self._baked: OrderedDict[Hashable, bytes] = OrderedDict()

    def bake(self, key: Hashable, make: Callable[[], Any]) -> bytes:
        body = self._baked.get(key)
        if body is None:
            body = self._baked[key] = orjson.dumps(make())
            if len(self._baked) > KEPT:
                self._baked.popitem(last=False)
        return body


_oven = Oven()


def run(ask: Ask, shape: str, course: Course, run: Run, make: Callable[[], Any]) -> bytes:
    """A run's object in one shape; what it says changes with its course's edits and the source's quirks only."""
    edits = len(ask.world.ledger.of_course(course.index, ask.as_of))
    # The ledger stands for the world: tests run several campuses in one process.
    key = (ask.world.ledger, shape, course.index, run.ordinal, edits, ask.quirks)
    return _oven.bake(key, make)


def program(ask: Ask, n: int, make: Callable[[], Any]) -> bytes:
    """A program's object, made of several courses: any edit at all may have changed it."""
    return _oven.bake((ask.world.ledger, "program", n, ask.world.ledger.length(ask.as_of)), make)
