"""Processes that answer, ready before they are needed, and killed when they take too long."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from kg.errors import QueryTooLarge
from kg.service.readers.channels import Channel, Reply
from kg.service.readers.checkpoints import Checkpoint, Checkpoints
from kg.service.readers.nursery import Nursery

_PATIENCE = 10
_TICKS = os.sysconf("SC_CLK_TCK")


class Worker:
    """One process, the checkpoint that it has open, and whether it is at work."""

    def __init__(self, nursery: Nursery, channel: Channel, number: int) -> None:
        self.checkpoint: Checkpoint | None = None
        self._behind = False
        self._before = 0.0
        self._nursery = nursery
        self._channel = channel
        self.number = number
        self._asked: asyncio.Future[Reply] | None = None

    @property
    def spent(self) -> bool:
        """Whether it must not be asked again: it is still at work, it had no memory left, or it
        stepped back.
        """
        return self._behind or (self._asked is not None and not _is_well(self._asked))

    @property
    def gone(self) -> bool:
        """Whether the process ended of itself."""
        return self._channel.gone

    def ask(self, question: Mapping[str, Any]) -> asyncio.Future[Reply]:
        """What the process will answer, and the body; a ConnectionError where it dies of it."""
        if self._asked is not None:
            self._before = self._asked.result()[0]["worked"]
        self._asked = self._channel.ask(question)
        return self._asked

    async def is_quick(self, asked: asyncio.Future[Any], seconds: float) -> bool:
        """Wait until it answered, or has been at work for that long; tells whether it answered.

        What counts is the time that it had a processor, so that no query is slow because the
        machine is busy; but one that waits for others is not waited for much longer.
        """
        for _ in range(_PATIENCE):
            await asyncio.wait((asked,), timeout=seconds)
            if asked.done():
                return True
            if worked(self.number) - self._before >= seconds / 2:
                return False
        return False

    def step_back(self) -> None:
        """Let all others go first from now on; it will not be used for another question."""
        self._behind = True
        self._nursery.put_behind(self.number)

    def end(self) -> None:
        """Kill the process, whatever it does."""
        self._nursery.end(self.number)
        self._channel.close()


def worked(process: int) -> float:
    """The seconds of processor that a process had; where that cannot be told, those of the
    clock.
    """
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return monotonic()
    times = text.rpartition(")")[2].split()
    return (int(times[11]) + int(times[12])) / _TICKS


class Workers:
    """Keeps a number of processes ready."""

    def __init__(self, ready: int, checkpoints: Checkpoints) -> None:
        self._wanted = ready
        self._checkpoints = checkpoints
        self._nursery = Nursery()
        self._ready: list[Worker] = []
        self._coming = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> int:
        """How many wait for a question."""
        return len(self._ready)

    @property
    def processes(self) -> Sequence[int]:
        """Their numbers."""
        return [worker.number for worker in self._ready]

    async def open(self) -> None:
        """Start them."""
        self._nursery.open()
        self._ready = [await self._started() for _ in range(self._wanted)]

    async def close(self) -> None:
        """End them."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._ready:
            self._end(worker)
        self._ready.clear()
        await self._nursery.close()

    @asynccontextmanager
    async def worker(self, checkpoint: Checkpoint | None) -> AsyncIterator[Worker]:
        """A process for one question about a checkpoint; one that is still at it is killed."""
        for gone in [one for one in self._ready if one.gone]:
            self._ready.remove(gone)
            self._end(gone)
        worker = self._pick(checkpoint) if self._ready else await self._started()
        self._open(worker, checkpoint)
        try:
            yield worker
        finally:
            if worker.spent:
                self._end(worker)
                self._refill()
            elif len(self._ready) < self._wanted:
                self._ready.append(worker)
            else:
                self._end(worker)

    def _pick(self, checkpoint: Checkpoint | None) -> Worker:
        """One that has the checkpoint open already, or any."""
        # Who answered last has all it needs at hand.
        latest = reversed(self._ready)
        same = (worker for worker in latest if worker.checkpoint is checkpoint)
        found = next(same, self._ready[0])
        self._ready.remove(found)
        return found

    def _open(self, worker: Worker, checkpoint: Checkpoint | None) -> None:
        """Holds the checkpoint for as long as the process has it open."""
        if checkpoint is None or worker.checkpoint is checkpoint:
            return
        checkpoint.holders += 1
        before, worker.checkpoint = worker.checkpoint, checkpoint
        if before is not None:
            # The process opens the new one before it reads again, so it needs no more of the old.
            self._checkpoints.let_go(before)

    def _refill(self) -> None:
        if len(self._ready) + self._coming < self._wanted:
            self._coming += 1
            task = asyncio.ensure_future(self._one_more())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _one_more(self) -> None:
        try:
            self._ready.append(await self._started())
        finally:
            self._coming -= 1

    def _end(self, worker: Worker) -> None:
        worker.end()
        if worker.checkpoint is not None:
            self._checkpoints.let_go(worker.checkpoint)
            worker.checkpoint = None

    async def _started(self) -> Worker:
        return Worker(self._nursery, *await self._nursery.start())


def _is_well(asked: asyncio.Future[Reply]) -> bool:
    """Whether a question was answered, and the process lives on."""
    if not asked.done() or asked.cancelled() or asked.exception() is not None:
        return False
    return bool(asked.result()[0]["outcome"] != "memory")


def too_large() -> QueryTooLarge:
    """What is told where a process died of its question."""
    return QueryTooLarge(
        "The query took more memory than it may, or is nested too deeply",
        "Ask for less at a time, sort less, or join on more",
    )
