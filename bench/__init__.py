"""Benchmarks: what the catalog promises of speed, measured on this machine and compared within one run."""
