"""Drift: whether app.py declares the triggers that the tables deploy, and nothing else.

Chalice keeps what its decorators were told in ``app.event_sources`` (queues, schedules) and every handler in
``app.handler_map``; the deployed handler is an attribute of the module, so that is looked at too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from chalice.app import Chalice, ScheduledEventConfig, ScheduleExpression, SQSEventConfig

from infra.functions import FUNCTIONS, MODULE, Function


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts one function; None where that is not said or does not apply."""

    name: str
    handler: str
    queue: str | None = None
    batch: int | None = None
    window: int | None = None
    concurrency: int | None = None
    schedule: str | None = None


def deployed(functions: Iterable[Function] = FUNCTIONS) -> dict[str, Trigger]:
    """The triggers of the tables, by name; HTTP is no trigger in Chalice's sense."""
    made = {}
    for function in functions:
        name, handler = function.name, f"{MODULE}.{function.handler}"
        if function.queue and function.queue.consumer and function.queue.lane:
            consumer, lane = function.queue.consumer, function.queue.lane
            made[name] = Trigger(name, handler, function.queue.name, consumer.batch, consumer.window, lane.concurrency)
        elif function.schedule:
            made[name] = Trigger(name, handler, schedule=function.schedule)
    return made


def declared(app: Chalice, prefix: str = "") -> dict[str, Trigger]:
    """The triggers of an app, by name; ``prefix`` is what its queues' names begin with. Raises TypeError for others."""
    return {trigger.name: trigger for trigger in (_declared(event, prefix) for event in app.event_sources)}


def _declared(event: Any, prefix: str) -> Trigger:
    name = event.name.replace("_", "-")
    if isinstance(event, SQSEventConfig):
        queue = (event.queue or event.queue_arn or "").rsplit(":", 1)[-1].removeprefix(prefix)
        window = event.maximum_batching_window_in_seconds
        return Trigger(name, event.handler_string, queue, event.batch_size, window, event.maximum_concurrency)
    if isinstance(event, ScheduledEventConfig):
        when = event.schedule_expression
        words = when.to_string() if isinstance(when, ScheduleExpression) else when
        return Trigger(name, event.handler_string, schedule=words)
    raise TypeError(f"{event.name}: the tables know queues and schedules, not {type(event).__name__}")


def differences(module: Any, prefix: str = "", functions: tuple[Function, ...] = FUNCTIONS) -> list[str]:
    """What the module's app and the tables disagree on, a line each; empty when they agree."""
    theirs, ours = declared(module.app, prefix), deployed(functions)
    found = [f"{name}: app.py declares it, nothing deploys it" for name in sorted(theirs.keys() - ours.keys())]
    found += [f"{name}: deployed, but app.py does not declare it" for name in sorted(ours.keys() - theirs.keys())]
    for name in sorted(ours.keys() & theirs.keys()):
        found += _compared(theirs[name], ours[name])
    return found + list(_missing(module, functions))


def _compared(theirs: Trigger, ours: Trigger) -> Iterator[str]:
    """How many at once need not be said in app.py; when it is, it must be true."""
    for field in fields(Trigger):
        said, done = getattr(theirs, field.name), getattr(ours, field.name)
        if said != done and not (field.name == "concurrency" and said is None):
            yield f"{ours.name}: {field.name} is {said!r} in app.py, {done!r} deployed"


def _missing(module: Any, functions: tuple[Function, ...]) -> Iterator[str]:
    for handler in dict.fromkeys(f.handler for f in functions):
        if not callable(getattr(module, handler, None)):
            yield f"{handler}: deployed as a handler, but {MODULE}.py has no such callable"


def configured(config: Mapping[str, Any], functions: tuple[Function, ...] = FUNCTIONS) -> list[str]:
    """What every stage of a Chalice configuration says differently of time-outs and memory than the tables do."""
    found = []
    for stage, settings in config["stages"].items():
        theirs = {n.replace("_", "-"): f for n, f in settings.get("lambda_functions", {}).items()}
        for function in functions:
            own = theirs.get(function.name, {})
            for word, value in (("lambda_timeout", function.timeout), ("lambda_memory_size", function.memory)):
                if own.get(word) != value:
                    found.append(f"{stage}.{function.name}: {word} is {own.get(word)}, {value} deployed")
    return found
