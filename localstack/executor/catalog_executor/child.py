"""One child process that runs a function with AWS's own runtime client, and what it printed."""

import queue
import subprocess
import tempfile
import time
from typing import Any

from catalog_executor.runtime_api import Invocation, Outcome, RuntimeApi

INIT_SECONDS = 60


class StartError(Exception):
    """The function could not be imported, or its process ended; `payload` is what Lambda answers then."""

    def __init__(self, payload: bytes):
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


class Child:
    """A running function: start, invoke as often as you like, stop. Not for two invocations at once."""

    def __init__(self, argv: list[str], env: dict[str, str], cwd: str) -> None:
        self.api = RuntimeApi()
        self.log = tempfile.TemporaryFile("a+b")  # noqa: SIM115 - lives as long as the child
        env = env | {"AWS_LAMBDA_RUNTIME_API": self.api.address}
        self.process = subprocess.Popen(
            argv,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,  # in LocalStack's process group, so that it ends with it whatever happens
        )

    def wait_until_ready(self) -> None:
        """Return when the function is imported, raise when that failed."""
        failed = self._wait(self.api.started, time.monotonic() + INIT_SECONDS)
        if isinstance(failed, bytes):
            raise StartError(failed)
        if failed is False:
            raise StartError(
                self._exit_error()
                if self.exited
                else b'{"errorType":"Sandbox.Timedout","errorMessage":"Init timed out"}'
            )

    def invoke(self, invocation: Invocation, seconds: float) -> Outcome | None:
        """What came of an invocation; None when time ran out."""
        self.api.waiting.put(invocation)
        outcome = self._wait(invocation.outcome, time.monotonic() + seconds)
        if outcome is False:
            return Outcome(self._exit_error(), is_error=True) if self.exited else None
        return outcome

    def printed(self) -> str:
        """What it printed since the last time we asked: complete, for it prints before it answers."""
        self.log.seek(0)
        text = self.log.read().decode(errors="replace")
        self.log.truncate(0)
        return text

    def stop(self) -> None:
        """End it; what it printed and nobody has read is gone."""
        self.api.close()
        self.process.kill()
        self.process.wait()
        self.log.close()

    @property
    def exited(self) -> bool:
        """Whether it ended by itself."""
        return self.process.poll() is not None

    def _wait(self, box: "queue.SimpleQueue[Any]", deadline: float) -> Any:
        """What arrives in the box; False when the process ended or time ran out before anything did."""
        while not self.exited and (left := deadline - time.monotonic()) > 0:
            try:
                return box.get(timeout=min(left, 0.2))
            except queue.Empty:
                continue
        return False if box.empty() else box.get()

    def _exit_error(self) -> bytes:
        return (
            b'{"errorType":"Runtime.ExitError","errorMessage":"Runtime exited with exit status %d"}'
            % self.process.wait()
        )
