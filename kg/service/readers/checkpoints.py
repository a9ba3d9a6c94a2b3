"""Checkpoints of the store: made when somebody reads after a change, kept while somebody reads.

Some room is set aside for them, so that what was acknowledged can be read where nothing more can be
written.
"""

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree

from kg.errors import DiskFull
from kg.service.changing.writer import Writer

_ASIDE = 8 << 20


@dataclass(slots=True, eq=False)
class Checkpoint:
    """The store as it was in an epoch, in a folder of its own."""

    path: Path
    epoch: int
    holders: int = 0


def remove(path: Path) -> None:
    """Remove a folder, without anybody waiting for it."""
    asyncio.get_running_loop().run_in_executor(None, partial(rmtree, path, ignore_errors=True))


class Checkpoints:
    """Hands out the checkpoint of the current epoch."""

    def __init__(self, writer: Writer, folder: Path) -> None:
        self._writer = writer
        self._folder = folder
        self.made = 0
        self._turn = asyncio.Lock()
        self._current: Checkpoint | None = None
        self._aside = folder / "aside"
        _set_aside(self._aside)

    @property
    def current(self) -> Checkpoint | None:
        """The current checkpoint, if there is one."""
        found = self._current
        return found if found is not None and found.epoch == self._writer.epoch else None

    async def hold(self) -> Checkpoint:
        """The current checkpoint, which stays until it is let go."""
        if self.current is None:
            async with self._turn:
                await self._renew()
        found = self._current
        assert found is not None  # noqa: S101 - it was made just now, or was there
        found.holders += 1
        return found

    def let_go(self, checkpoint: Checkpoint) -> None:
        """Hold it no longer."""
        checkpoint.holders -= 1
        self._clear(checkpoint)

    async def copy(self) -> Path:
        """A checkpoint of one's own, to write into and to remove."""
        path = self._folder / f"copy-{self._next()}"
        await self._writer.checkpoint(path)
        return path

    async def _renew(self) -> None:
        """Makes a checkpoint, unless another did so while this one waited."""
        if self.current is not None:
            return
        try:
            made = await self._make()
        except DiskFull:
            if not self._aside.exists():
                raise
            await asyncio.to_thread(self._aside.unlink)
            made = await self._make()
        before, self._current = self._current, made
        if before is not None:
            self._clear(before)
        if not self._aside.exists():
            await asyncio.to_thread(_set_aside, self._aside)

    async def _make(self) -> Checkpoint:
        path = self._folder / f"epoch-{self._next()}"
        return Checkpoint(path, await self._writer.checkpoint(path))

    def _next(self) -> int:
        self.made += 1
        return self.made

    def _clear(self, checkpoint: Checkpoint) -> None:
        if checkpoint.holders == 0 and checkpoint is not self._current:
            remove(checkpoint.path)


def _set_aside(file: Path) -> None:
    """Takes room on the disk, if there is some."""
    try:
        with file.open("xb") as target:
            os.posix_fallocate(target.fileno(), 0, _ASIDE)
    except OSError:
        with suppress(OSError):
            file.unlink()
