"""Benchmarks: what the catalog promises of speed, measured on this machine and compared within one run."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "localstack"))  # the local cloud's packages live there
