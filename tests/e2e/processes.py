"""Workers as processes that a test starts and may kill, and the deployed functions held back or killed meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from chalicelib.adapters.aws import client
from chalicelib.wiring import house
from tests.e2e.system import eventually

ROOT = Path(__file__).resolve().parents[2]
QUEUES = (
    "updates-studio", "updates-otto", "updates-drupal", "updates-programs", "updates-unknown",
    "views-live", "views-bulk", "touches-live", "touches-bulk",
)  # fmt: skip


def environment(**more: str) -> dict[str, str]:
    """The environment of a process of ours."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR", **more}


def command(*words: str, code: int = 0, both: bool = False, **more: str) -> str:
    """Run ``python -m chalicelib.runtime`` to its end; what it printed (``both``: on standard error, too).

    The exit code must be as expected.
    """
    argv = [sys.executable, "-m", "chalicelib.runtime", *words]
    done = subprocess.run(
        argv, cwd=ROOT, env=environment(COLUMNS="400", **more), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout + (done.stderr if both else "")


class Workers:
    """Some ``work`` processes that share all queues; each can be killed like a machine that goes away."""

    def __init__(self, count: int, code: Path = ROOT, **more: str) -> None:
        self.code, self.environment = code, environment(PYTHONPATH=str(code), **more)
        self.processes = [self._start() for _ in range(count)]
        self.killed = 0

    def _start(self) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "chalicelib.runtime", "work", "--wait", "1", *QUEUES]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(argv, cwd=self.code, env=self.environment, stdout=quiet, stderr=quiet)

    def kill_one(self, draw: random.Random) -> None:
        """Kill -9 one at random, wherever it is in its work, and start another in its place."""
        place = draw.randrange(len(self.processes))
        self.processes[place].kill()
        self.processes[place].wait()
        self.processes[place] = self._start()
        self.killed += 1

    def stop(self) -> None:
        """End them all: politely, then not."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def workers(count: int, code: Path = ROOT, **more: str) -> Iterator[Workers]:
    """Workers for as long as the block lasts; ``code``: the release they are of."""
    made = Workers(count, code, **more)
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def functions_off(*names: str) -> Iterator[None]:
    """The queues (all, or these) start no functions meanwhile; where containers work nothing changes."""
    aws, prefix = client("lambda"), house().settings.prefix
    wanted = {f"{prefix}-{name}" for name in names}
    mappings = [
        m["UUID"]
        for m in aws.list_event_source_mappings()["EventSourceMappings"]
        if m["State"] == "Enabled" and (not wanted or m["FunctionArn"].rsplit(":", 1)[1] in wanted)
    ]
    _switch(mappings, on=False)
    try:
        yield
    finally:
        _switch(mappings, on=True)


def _switch(mappings: list[str], *, on: bool) -> None:
    aws, state = client("lambda"), "Enabled" if on else "Disabled"
    for uuid in mappings:
        aws.update_event_source_mapping(UUID=uuid, Enabled=on)
    for uuid in mappings:
        eventually(lambda u=uuid: aws.get_event_source_mapping(UUID=u)["State"] == state)  # type: ignore[misc]


@contextmanager
def seen_again_after(seconds: int) -> Iterator[None]:
    """Messages that a killed worker held come back so soon; the deployed time-outs are minutes."""
    queues, before = house().queues, {}
    for name in QUEUES:
        url = queues.url(name)
        wanted = {"QueueUrl": url, "AttributeNames": ["VisibilityTimeout"]}
        before[url] = queues.sqs.get_queue_attributes(**wanted)["Attributes"]["VisibilityTimeout"]
        queues.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})
    try:
        yield
    finally:
        for url, value in before.items():
            queues.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": value})


def function_processes(cloud_pid: int) -> Mapping[int, str]:
    """Processes (pid: command) that the local cloud runs functions of our queues in."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError, IndexError):
            continue
        if parent == cloud_pid and any(f"-{name}-" in words for name in QUEUES):
            found[int(entry.name)] = words
    return found


def kill(pid: int) -> None:
    """Kill -9; one that ended meanwhile is no matter."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
