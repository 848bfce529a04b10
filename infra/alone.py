"""Whether a package stands alone: every module of it imports with nothing of this machine at hand.

Emulators lend functions their own libraries, so one that was left out goes unnoticed there and fails on AWS.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile

from infra.package import Package

OUTSIDE = "chalicelib.runtime"
"""Runs in containers only, with a process server that functions have no use for."""
SCRIPT = f"""
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import app, chalicelib
for found in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    if not found.name.startswith({OUTSIDE!r}):
        importlib.import_module(found.name)
import boto3, opensearchpy, jwt.algorithms, aws_lambda_powertools.metrics, httpx, pynamodb.models
for service in ("dynamodb", "s3", "secretsmanager", "sns", "sqs"):
    boto3.client(service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
"""


def check_imports(package: Package) -> None:
    """Raise ValueError with the last line of what went wrong; ``package`` is one for this machine."""
    with tempfile.TemporaryDirectory() as scratch:
        with zipfile.ZipFile(package.path) as archive:
            archive.extractall(scratch)
        command = [sys.executable, "-I", "-S", "-c", SCRIPT, scratch]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"the package does not stand alone: {done.stderr.strip().splitlines()[-1]}")
