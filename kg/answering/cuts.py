"""Cuts an answer off where it gets longer than it may, and tells that it did."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from kg.answering.sinks import Sink

T = TypeVar("T")


class Cut(Generic[T]):
    """Passes on what it is given, up to a number and as long as what was written is small enough.

    After that `cut` says in words what is missing; it is empty where nothing is.
    """

    def __init__(self, items: Iterable[T], sink: Sink, *, most: int, size: int, noun: str) -> None:
        self.count = 0
        self.cut = ""
        self._items = items
        self._sink = sink
        self._most = most
        self._size = size
        self._noun = noun

    def __iter__(self) -> Iterator[T]:
        for item in self._items:
            if self.count >= self._most or self._sink.size >= self._size:
                noun = self._noun if self.count == 1 else f"{self._noun}s"
                self.cut = f"cut off after {self.count} {noun}, there are more"
                return
            self.count += 1
            yield item
