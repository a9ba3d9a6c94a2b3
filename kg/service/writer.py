"""The one who writes: changes come one after the other, each whole or not at all.

Every change starts another *epoch*. Readers see the store as it was when an epoch began, so no
answer mixes two, and who has written reads what it wrote.

Graphs that belong to no project are *loose*. Their names are known here, because a query sees them
all, and to look for them among all graphs takes long.
"""

import asyncio
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

from kg.service.keeping import is_kept
from kg.stores.oxigraph import OxigraphStore

T = TypeVar("T")


class Writer:
    """Runs changes of the store, each in a thread of its own."""

    def __init__(self, store: OxigraphStore, base: str | None = None) -> None:
        """For a store; loose graphs are told where projects are kept, below that base."""
        self.epoch = 0
        self.loose: tuple[str, ...] = ()
        self._store = store
        self._base = base
        if base is not None:
            self.loose = tuple(name for name in store.names() if not is_kept(name, base))
        self._turn = asyncio.Lock()

    async def write(
        self, change: Callable[[OxigraphStore], T], touched: Collection[str | None] = ()
    ) -> T:
        """Run a change. What has begun is finished, even if nobody waits for it any more.

        `touched` are the loose graphs that may be there after it and were not before, or the other
        way round.
        """
        return await asyncio.shield(asyncio.ensure_future(self._written(change, touched)))

    async def read(self, work: Callable[[OxigraphStore], T]) -> T:
        """Run what changes nothing, while nobody changes anything."""
        async with self._turn:
            return await asyncio.to_thread(work, self._store)

    async def checkpoint(self, folder: Path) -> int:
        """Keep the store as it is now in a new folder, and tell its epoch."""
        async with self._turn:
            await asyncio.to_thread(self._store.checkpoint, folder)
            return self.epoch

    async def close(self) -> None:
        """Wait for the change that is under way, take no other, and let the store go."""
        await self._turn.acquire()
        del self._store

    async def _written(
        self, change: Callable[[OxigraphStore], T], touched: Collection[str | None]
    ) -> T:
        async with self._turn:
            try:
                return await asyncio.to_thread(change, self._store)
            finally:
                if self._base is not None:
                    self._look_at({name for name in touched if name is not None})
                self.epoch += 1

    def _look_at(self, touched: set[str]) -> None:
        """Finds out which of some graphs are there now."""
        if touched:
            there = {name for name in touched if self._store.has(name)}
            self.loose = tuple(sorted(({*self.loose} - touched) | there))
