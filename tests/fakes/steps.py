"""Steps: every store call of a fake passes here, so that a test can count, crash at one, or let another worker in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence


class Crash(BaseException):
    """The process dies here; no service may catch it."""


class Steps:
    """What the fakes call before each of their steps; a write that is not one transaction takes several."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.crash_at: int | None = None
        self._turns: Turns | None = None

    def __call__(self, name: str) -> None:
        if self._turns is not None:
            self._turns.wait()
        self.calls.append(name)
        if self.crash_at is not None and len(self.calls) > self.crash_at:
            raise Crash(f"before step {len(self.calls)}: {name}")

    def reset(self, crash_at: int | None = None) -> None:
        """Begin to count anew; ``crash_at`` steps are done before the process dies."""
        self.calls, self.crash_at = [], crash_at

    def interleave(self, workers: Sequence[Callable[[], object]], choices: Sequence[int]) -> None:
        """Run workers side by side: before every step the next choice picks who goes on; then each to its end."""
        self._turns = Turns(workers)
        try:
            self._turns.run(iter(choices))
        finally:
            self._turns = None


class Turns:
    """Threads of which exactly one runs at any time; each stops before its next step until it is picked."""

    def __init__(self, workers: Sequence[Callable[[], object]]) -> None:
        self.errors: list[BaseException] = []
        self._ended: set[int] = set()
        self._back = threading.Semaphore(0)
        self._go = [threading.Semaphore(0) for _ in workers]
        self._me = threading.local()
        self._threads = [threading.Thread(target=self._run, args=(i, w), daemon=True) for i, w in enumerate(workers)]

    def _run(self, number: int, worker: Callable[[], object]) -> None:
        self._me.number = number
        self._go[number].acquire()
        try:
            worker()
        except BaseException as error:
            self.errors.append(error)
        self._ended.add(number)
        self._back.release()

    def wait(self) -> None:
        """In a worker: give the turn back and wait to be picked; in any other thread nothing."""
        number = getattr(self._me, "number", None)
        if number is not None:
            self._back.release()
            self._go[number].acquire()

    def run(self, choices: Iterator[int]) -> None:
        """Until every worker has ended; raises what the first of them raised."""
        for thread in self._threads:
            thread.start()
        alive = list(range(len(self._threads)))
        while alive:
            picked = alive[next(choices, 0) % len(alive)]
            self._go[picked].release()
            self._back.acquire()
            if picked in self._ended:
                alive.remove(picked)
        if self.errors:
            raise self.errors[0]
