"""The machine's facts: without them a figure says nothing."""

from __future__ import annotations

import json
import os
import platform
import urllib.request
from pathlib import Path
from typing import Any

import boto3
import granian
import opensearchpy

from bench.place import Place


def facts() -> dict[str, Any]:
    """What runs the benchmarks."""
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_at_start": load(),
        "platform": platform.platform(terse=True),
        "python": platform.python_version(),
        "granian": granian.__version__,
        "boto3": boto3.__version__,
        "opensearch-py": opensearchpy.__versionstr__,
    }


def engines(place: Place) -> dict[str, str]:
    """The stores behind a system, as they name themselves."""
    with urllib.request.urlopen(place.endpoints["opensearch_url"], timeout=10) as answer:
        version = json.loads(answer.read())["version"]
    search = f"{version.get('distribution', 'osmem')} {version['number']}"
    return {"search": search, "cloud": place.cloud}


def load() -> float:
    """How many processes wanted to run in the last minute."""
    return round(os.getloadavg()[0], 2)


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor()
