"""What Chalice reads of our tables: ``.chalice/config.json``, made from them and kept beside app.py for its own tools.

Chalice declares no time-out and no memory in code, only there; so that file is where the tables and the app meet.
"""

from __future__ import annotations

from typing import Any

from infra.functions import API_STAGE, FUNCTIONS, Function
from infra.stage import SERVICE

CONFIG = ".chalice/config.json"


def config() -> dict[str, Any]:
    """Chalice's configuration, version 2.0: one stage, and per function what the tables say."""
    return {
        "version": "2.0",
        "app_name": SERVICE,
        "automatic_layer": False,
        "stages": {
            "local": {
                "api_gateway_stage": API_STAGE,
                "environment_variables": {"CATALOG_STAGE": "local"},
                "lambda_functions": {function.name: _function(function) for function in FUNCTIONS},
            }
        },
    }


def _function(function: Function) -> dict[str, int]:
    made = {"lambda_timeout": function.timeout, "lambda_memory_size": function.memory}
    return made if function.reserved is None else made | {"reserved_concurrency": function.reserved}
