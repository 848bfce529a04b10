"""Logger, metrics and tracing, by Powertools; one structured line per batch or request."""

from __future__ import annotations

from functools import cache
from typing import Any

NAMESPACE = "CourseCatalog"


@cache
def logger() -> Any:
    """The structured logger of this process; level from POWERTOOLS_LOG_LEVEL or LOG_LEVEL."""
    from aws_lambda_powertools import Logger

    return Logger(service="catalog")


@cache
def metrics() -> Any:
    """Metrics in CloudWatch's embedded format: they are log lines, so they cost no call."""
    from aws_lambda_powertools import Metrics

    return Metrics(namespace=NAMESPACE, service="catalog")


def count(name: str, value: float = 1, unit: str = "Count", **dimensions: str) -> None:
    """One metric, written at once; ``unit`` in CloudWatch's words."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name=name, unit=MetricUnit(unit), value=value, namespace=NAMESPACE) as metric:
        for key, text in dimensions.items():
            metric.add_dimension(name=key, value=text)
