"""Pages over things only counted per course, never kept: page 400 opens without pages 1 to 399."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Listing(Generic[T]):
    """Items of courses 0..n-1 in order; `items(i)` builds those of one course, `ends[i]` counts all up to them."""

    def __init__(self, ends: array[int], items: Callable[[int], list[T]]) -> None:
        self._ends = ends
        self._items = items

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def slice(self, start: int, stop: int) -> Iterator[T]:
        stop = min(stop, len(self))
        while start < stop:
            i = bisect_right(self._ends, start)
            first = self._ends[i - 1] if i else 0
            part = self._items(i)[start - first : stop - first]
            if not part:
                return
            yield from part
            start += len(part)
