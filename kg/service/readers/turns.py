"""Places that callers take turns at, so that nobody waits for what another asks."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kg.errors import StoreBusy

_TO_THE_FIRST = 4


class Turns:
    """A number of places, and a queue in which each caller has a line of their own.

    A free place goes to the callers in turn, so whoever asks for much waits for much. In a line the
    first goes first; or with `newest_first` the last, so that where more is asked than can be
    answered, most of it is answered at once. Every fourth place goes to the first then, so that
    nobody waits for good behind those who came later.
    """

    def __init__(self, places: int, waiting: int, *, newest_first: bool = False) -> None:
        self._newest_first = newest_first
        self._free = places
        self._given = 0
        self._waiting = waiting
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._lines.values()))

    @asynccontextmanager
    async def turn(self, caller: str) -> AsyncIterator[None]:
        """Wait for a place, and keep it for a while; raises StoreBusy where too many wait."""
        await self.take(caller)
        try:
            yield
        finally:
            self.give()

    def take_free(self) -> bool:
        """Take a place if nobody waits and one is free."""
        if self._free == 0:
            return False
        self._free -= 1
        return True

    async def take(self, caller: str) -> None:
        """Wait for a place; raises StoreBusy where too many wait."""
        if self.take_free():
            return
        if self.waiting >= self._waiting:
            raise StoreBusy(
                f"{self.waiting} queries wait already, and no more are taken",
                "Ask again in a few seconds",
            )
        place = asyncio.get_running_loop().create_future()
        self._lines.setdefault(caller, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.give()
            else:
                self._leave(caller, place)
            raise

    def give(self) -> None:
        """Give a place to the next, or leave it free."""
        while self._lines:
            caller = next(iter(self._lines))
            line = self._lines.pop(caller)
            self._given += 1
            last = self._newest_first and self._given % _TO_THE_FIRST
            place = line.pop() if last else line.popleft()
            if line:
                self._lines[caller] = line
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    def _leave(self, caller: str, place: asyncio.Future[None]) -> None:
        line = self._lines.get(caller)
        if line is not None and place in line:
            line.remove(place)
            if not line:
                del self._lines[caller]
