"""Processes of our own beside a system: started, awaited, ended by their handle."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.place import ROOT


@contextmanager
def python(words: Sequence[str], env: Mapping[str, str], *, ready: str = "", log: Path | None = None) -> Iterator[int]:
    """``python WORDS`` while the block runs; ``ready`` is a URL that answers once it is up. Yields its pid."""
    out = log.open("wb") if log else subprocess.DEVNULL
    child = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=dict(env), stdout=out, stderr=out)
    try:
        if ready:
            _await(ready, child)
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _await(url: str, child: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if child.poll() is not None:
            raise RuntimeError(f"{child.args!r} ended with {child.returncode} before {url} answered")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} did not answer within {seconds:.0f} s")
