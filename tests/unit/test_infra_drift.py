"""Drift: app.py and the tables say the same, and where they do not, it is told in words."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from chalice import Chalice, Rate

from infra import chalice_config
from infra.cloudformation.alarms import alarms
from infra.drift import configured, deployed, differences
from infra.functions import FUNCTIONS
from infra.stage import METRICS, Stage

ROOT = Path(__file__).resolve().parents[2]


def front_door(**changes):
    """A module like app.py that declares every trigger of the tables, but for what ``changes`` says by name."""
    app = Chalice(app_name="catalog")
    module = SimpleNamespace(app=app, http=lambda event, context: {})
    for name, trigger in deployed().items():
        said = {"queue": trigger.queue, "batch_size": trigger.batch, "name": name} | changes.get(name, {})
        if said.get("left_out"):
            continue

        def handler(event):
            return None

        handler.__name__ = trigger.handler.removeprefix("app.")
        if trigger.queue:
            register = app.on_sqs_message(**said)
        else:
            register = app.schedule(said.get("schedule", trigger.schedule), name=name)
        setattr(module, handler.__name__, register(handler))
    return module


def test_a_front_door_that_declares_what_is_deployed_has_no_differences():
    assert differences(front_door()) == []


def test_underscores_and_a_prefix_are_no_difference():
    changes = {n: {"name": n.replace("-", "_"), "queue": f"catalog-local-{t.queue}"} for n, t in deployed().items()}
    assert differences(front_door(**changes), prefix="catalog-local-") == []


def test_a_rate_is_the_same_in_words_and_in_chalices_class():
    assert differences(front_door(due={"schedule": Rate(1, unit=Rate.MINUTES)})) == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"views-live": {"queue": "views-bulk"}}, "views-live: queue is 'views-bulk' in app.py, 'views-live' deployed"),
        ({"views-live": {"batch_size": 1}}, "views-live: batch is 1 in app.py, 10 deployed"),
        ({"views-live": {"maximum_concurrency": 99}}, "views-live: concurrency is 99 in app.py, 10 deployed"),
        ({"due": {"schedule": "rate(2 minutes)"}}, "due: schedule is 'rate(2 minutes)' in app.py"),
        ({"freshness": {"left_out": True}}, "freshness: deployed, but app.py does not declare it"),
        ({"freshness": {"left_out": True}}, "on_freshness: deployed as a handler, but app.py has no such callable"),
        ({"refresh": {"queue": None}, "views-bulk": {"name": "views-slow"}}, "views-slow: app.py declares it"),
    ],
)
def test_a_difference_is_told_in_words(changes, line):
    assert any(told.startswith(line) for told in differences(front_door(**changes)))


def test_a_trigger_that_the_tables_cannot_deploy_is_refused():
    module = front_door()
    module.app.on_s3_event(bucket="objects", name="uploads")(lambda event: None)
    with pytest.raises(TypeError, match="uploads"):
        differences(module)


def test_chalices_configuration_is_what_the_tables_say():
    kept = json.loads((ROOT / chalice_config.CONFIG).read_text())
    assert configured(kept) == []


def test_another_timeout_in_chalices_configuration_is_told():
    config = chalice_config.config()
    config["stages"]["local"]["lambda_functions"]["due"]["lambda_timeout"] = 9
    assert configured(config) == ["local.due: lambda_timeout is 9, 55 deployed"]


def test_no_function_outlasts_what_starts_it():
    for function in FUNCTIONS:
        assert function.timeout <= (29 if function.trigger == "http" else 900)
    assert next(f for f in FUNCTIONS if f.name == "due").timeout < 60


def test_the_front_door_declares_what_is_deployed():
    app = importlib.import_module("app")
    assert differences(app, prefix=f"{app.settings.prefix}-") == []


def test_every_alarm_of_our_own_watches_a_metric_that_somebody_writes():
    ours = [a for a in alarms(Stage.of("prod")) if a.namespace == METRICS]
    written = "".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))
    assert ours
    assert METRICS in (ROOT / "chalicelib" / "telemetry.py").read_text()
    assert [a.metric for a in ours if f'"{a.metric}"' not in written] == []
