"""The one who writes: changes come one after the other, each whole or not at all.

Every change starts another *epoch*. Readers see the store as it was when an epoch began, so no
answer mixes two, and who has written reads what it wrote.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kg.stores.oxigraph import OxigraphStore

T = TypeVar("T")


class Writer:
    """Runs changes of the store, each in a thread of its own."""

    def __init__(self, store: OxigraphStore) -> None:
        self.epoch = 0
        self._store = store
        self._turn = asyncio.Lock()

    async def write(self, change: Callable[[OxigraphStore], T]) -> T:
        """Run a change. What has begun is finished, even if nobody waits for it any more."""
        return await asyncio.shield(asyncio.ensure_future(self._written(change)))

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

    async def _written(self, change: Callable[[OxigraphStore], T]) -> T:
        async with self._turn:
            try:
                return await asyncio.to_thread(change, self._store)
            finally:
                self.epoch += 1
