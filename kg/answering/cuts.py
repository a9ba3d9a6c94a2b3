"""Cuts an answer off where it gets longer than it may, and tells that it did."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from kg.answering.sinks import Sink

T = TypeVar("T")


class Cut(Generic[T]):
    """Passes on what it is given, up to a number and as long as what was written is small enough.

    After that `cut` says in words what is missing; it is empty where nothing is. What is given in
    part alone may break off.
    """

    def __init__(  # noqa: PLR0913 - each is a limit, or tells of one
        self,
        items: Iterable[T],
        sink: Sink,
        *,
        most: int,
        size: int,
        noun: str,
        partial: bool = False,
    ) -> None:
        self.count = 0
        self.cut = ""
        self._items = items
        self._sink = sink
        self._most = most
        self._size = size
        self._noun = noun
        self._partial = partial

    def __iter__(self) -> Iterator[T]:
        items = iter(self._items)
        while True:
            try:
                item = next(items)
            except StopIteration:
                return
            except SyntaxError:
                if not self._partial:
                    raise
                break
            if self.count >= self._most or self._sink.size >= self._size:
                break
            self.count += 1
            yield item
        noun = self._noun if self.count == 1 else f"{self._noun}s"
        self.cut = f"cut off after {self.count} {noun}, there are more"
