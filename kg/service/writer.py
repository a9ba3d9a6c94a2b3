"""The one who writes: changes come one after the other, each whole or not at all.

Every change starts another *epoch*. Readers see the store as it was when an epoch began, so no
answer mixes two, and who has written reads what it wrote.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kg.errors import StoreError
from kg.stores.oxigraph import OxigraphStore

T = TypeVar("T")


class Writer:
    """Runs changes of the store, each in a thread of its own."""

    def __init__(self, opened: Callable[[], OxigraphStore]) -> None:
        """Open the store; raises StoreUnreachable."""
        self.epoch = 0
        self._opened = opened
        self._store: OxigraphStore | None = opened()
        self._turn = asyncio.Lock()

    async def write(self, change: Callable[[OxigraphStore], T]) -> T:
        """Run a change. What has begun is finished, even if nobody waits for it any more."""
        return await asyncio.shield(asyncio.ensure_future(self._written(change)))

    async def read(self, work: Callable[[OxigraphStore], T]) -> T:
        """Run what changes nothing, while nobody changes anything."""
        async with self._turn:
            return await asyncio.to_thread(self._run, work)

    async def checkpoint(self, folder: Path) -> int:
        """Keep the store as it is now in a new folder, and tell its epoch."""
        async with self._turn:
            await asyncio.to_thread(self._run, lambda store: store.checkpoint(folder))
            return self.epoch

    async def close(self) -> None:
        """Wait for the change that is under way, take no other, and let the store go."""
        await self._turn.acquire()
        self._store = None

    async def _written(self, change: Callable[[OxigraphStore], T]) -> T:
        async with self._turn:
            try:
                found = await asyncio.to_thread(self._run, change)
            except StoreError:
                # Nothing was changed. Where the disk is full, readers keep what they have.
                raise
            except BaseException:
                self.epoch += 1
                raise
            self.epoch += 1
            return found

    def _run(self, work: Callable[[OxigraphStore], T]) -> T:
        if self._store is None:
            self._store = self._opened()
        try:
            return work(self._store)
        except StoreError as error:
            if type(error) is StoreError:
                # After its disk was full a store writes no more until it is opened anew.
                self._store = None
            raise
