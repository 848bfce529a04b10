"""What a pure function said before, by all that it was asked: the same records are overlaid again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """Answers by question, the oldest forgotten first. What comes out is shared: nobody may change it."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[Hashable, T] = {}
        self._lock = Lock()

    def __call__(self, question: Hashable | None, answer: Callable[[], T]) -> T:
        """The answer to a question; one that cannot be named (None) is asked every time."""
        if question is None:
            return answer()
        found = self._kept.get(question)
        if found is None:
            found = answer()
            with self._lock:
                self._kept[question] = found
                if len(self._kept) > self._size:
                    del self._kept[next(iter(self._kept))]
        return found

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._kept.clear()
