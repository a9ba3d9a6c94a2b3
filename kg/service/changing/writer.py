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

from kg.errors import DiskFull, NotAllowed, StoreError
from kg.service.changing.keeping import is_kept
from kg.stores import ServedStore
from kg.stores.oxigraph import OxigraphStore

T = TypeVar("T")


class Writer:
    """Runs changes of the store, each in a thread of its own."""

    def __init__(self, opened: Callable[[], ServedStore], base: str | None = None) -> None:
        """Open the store; loose graphs are told where projects are kept, below that base. Raises
        StoreUnreachable.
        """
        self.epoch = 0
        self.loose: tuple[str, ...] = ()
        self._watching: list[Callable[[int], None]] = []
        self._opened = opened
        self._store: ServedStore | None = opened()
        self._base = base
        if base is not None:
            self.loose = tuple(name for name in self._store.names() if not is_kept(name, base))
        self._turn = asyncio.Lock()

    def watch(self, told: Callable[[int], None]) -> None:
        """Have each new epoch told, before anybody learns what was changed in it."""
        self._watching.append(told)

    async def write(
        self, change: Callable[[ServedStore], T], touched: Collection[str | None] = ()
    ) -> T:
        """Run a change. What has begun is finished, even if nobody waits for it any more.

        `touched` are the loose graphs that may be there after it and were not before, or the other
        way round.
        """
        return await asyncio.shield(asyncio.ensure_future(self._written(change, touched)))

    async def read(self, work: Callable[[ServedStore], T]) -> T:
        """Run what changes nothing, while nobody changes anything."""
        async with self._turn:
            return await asyncio.to_thread(self._run, work)

    async def checkpoint(self, folder: Path) -> int:
        """Keep the store as it is now in a new folder, and tell its epoch."""
        async with self._turn:
            await asyncio.to_thread(self._run, lambda store: embedded(store).checkpoint(folder))
            return self.epoch

    async def close(self) -> None:
        """Wait for the change that is under way, take no other, and let the store go."""
        await self._turn.acquire()
        self._store = None

    async def _written(
        self, change: Callable[[ServedStore], T], touched: Collection[str | None]
    ) -> T:
        async with self._turn:
            try:
                found = await asyncio.to_thread(self._run, change)
            except StoreError:
                # Nothing was changed. Where the disk is full, readers keep what they have.
                raise
            except BaseException:
                await self._changed(touched)
                raise
            await self._changed(touched)
            return found

    async def _changed(self, touched: Collection[str | None]) -> None:
        """Begins another epoch, and finds out which loose graphs are there in it."""
        names = {name for name in touched if name is not None}
        if self._base is not None and self._store is not None and names:
            has = self._store.has
            there = await asyncio.to_thread(lambda: set(filter(has, names)))
            self.loose = tuple(sorted(({*self.loose} - names) | there))
        self.epoch += 1
        for told in self._watching:
            told(self.epoch)

    def _run(self, work: Callable[[ServedStore], T]) -> T:
        if self._store is None:
            self._store = self._opened()
        try:
            return work(self._store)
        except StoreError as error:
            store = self._store
            if isinstance(store, OxigraphStore) and type(error) in {StoreError, DiskFull}:
                # After its disk was full a store writes no more until it is opened anew.
                store.close()
                self._store = None
            raise


def embedded(store: ServedStore) -> OxigraphStore:
    """The store, if it is in a folder of this machine; raises NotAllowed."""
    if not isinstance(store, OxigraphStore):
        raise NotAllowed(
            "The store is at an endpoint, and cannot be copied from here",
            "Back it up there, and the folder of MISMATCH_HISTORY here",
        )
    return store
