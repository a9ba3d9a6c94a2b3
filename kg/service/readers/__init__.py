"""Governed reads: no query can hurt the service, because each runs in a process that can be killed.

A query has a place at once if it is quick. After a twentieth of a second it has to make room: it
goes on behind all others if a place for slow ones is free, else it is stopped, waits for one, and
starts over. So a small query is never behind a large one. Its time runs from its arrival.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from uuid import uuid4

from kg.answering.remembered import Remembered
from kg.errors import QueryCancelled, QueryTimedOut, QueryTooLarge, StoreBusy
from kg.service.access import EVERYTHING, Caller
from kg.service.changing.writer import Writer
from kg.service.readers.attempts import Attempt, no_graph
from kg.service.readers.checkpoints import Checkpoint, Checkpoints, remove
from kg.service.readers.records import Answer, Limits, Question, Running
from kg.service.readers.turns import Turns
from kg.service.readers.workers import Workers
from kg.service.settings import Settings
from kg.service.wire.problems import RequestRefused

__all__ = ["Answer", "Limits", "Question", "Readers", "Running", "no_graph"]

# One at work and one to take its place.
_READY = 2


class Readers:
    """Answers questions, and knows which are being answered."""

    def __init__(
        self, settings: Settings, writer: Writer, checkpoints: Checkpoints, folder: Path
    ) -> None:
        self._running: dict[tuple[str, str | None, str], Running] = {}
        self.ended: Counter[str] = Counter()
        self._spool = folder / "answers"
        self._spool.mkdir()
        self._quick_seconds = settings.quick_seconds
        self._quick = Turns(settings.quick_workers, settings.queue, newest_first=True)
        self._slow = Turns(settings.slow_workers, settings.queue)
        self._remembered: Remembered[Answer] = Remembered(settings.answers << 20)
        self._writer = writer
        self._checkpoints = checkpoints
        self._workers = Workers(_READY * settings.quick_workers, self._checkpoints)

    @property
    def running(self) -> Sequence[Running]:
        """What waits or is being answered, the oldest first."""
        return list(self._running.values())

    @property
    def ready(self) -> int:
        """How many processes wait for a question."""
        return self._workers.ready

    @property
    def processes(self) -> Sequence[int]:
        """The numbers of these processes."""
        return self._workers.processes

    @property
    def checkpoints(self) -> int:
        """How many checkpoints were made."""
        return self._checkpoints.made

    async def open(self) -> None:
        """Get ready."""
        await self._workers.open()

    async def close(self) -> None:
        """Stop whatever is being answered."""
        left = self.running
        for one in left:
            self.cancel(one)
        await asyncio.gather(*(one.task for one in left), return_exceptions=True)
        await self._workers.close()

    async def read(self, question: Question, caller: Caller, name: str | None = None) -> Answer:
        """The answer to a question; no two of one caller have a common name while they run.

        Raises QueryRefused, QueryTimedOut, QueryTooLarge, QueryCancelled, StoreBusy, NotFound, and
        RequestRefused where no format fits.
        """
        key = caller.name, caller.project, name or uuid4().hex
        if key in self._running:
            raise RequestRefused(
                HTTPStatus.CONFLICT, f"A query {name} is running", "Choose another id"
            )
        known = self._remembered.find(question, self._writer.epoch)
        if known is not None:
            self.ended["remembered"] += 1
            return known
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - it is a coroutine that runs
        running = Running(key[2], caller, question.text, monotonic(), task)
        self._running[key] = running
        how = "failed"
        try:
            async with asyncio.timeout(question.limits.seconds):
                found = await self._answered(question, running)
            how = "answered"
            return found
        except TimeoutError as error:
            how = "timed out"
            raise QueryTimedOut(
                f"The query took longer than {question.limits.seconds:g} s and was stopped",
                "Ask for less at a time, or allow more time",
            ) from error
        except asyncio.CancelledError as error:
            how = "cancelled" if running.cancelled else "client gone"
            if running.cancelled:
                task.uncancel()
                raise QueryCancelled("The query was cancelled", "Ask it again") from error
            raise
        except QueryTooLarge:
            how = "out of memory"
            raise
        except StoreBusy:
            how = "turned away"
            raise
        finally:
            del self._running[key]
            self.ended[how] += 1

    def cancel(self, running: Running) -> None:
        """Stop a query."""
        if not running.cancelled:
            running.cancelled = True
            running.task.cancel()

    async def rehearse(self, update: str, base: str, limits: Limits, caller: Caller) -> None:
        """Run an update on a copy of the store, in a process that can be killed; raises as `read`.

        What passes may be run where nothing could stop it.
        """
        question = Question(EVERYTHING, limits, None, None, update, base=base, kind="update")
        await self.read(question, caller)

    async def _answered(self, question: Question, running: Running) -> Answer:
        async with self._footing(question) as (checkpoint, path):
            attempt = Attempt(question, running, checkpoint, path, self._spool)
            found = await self._quickly(attempt)
            if found is None:
                running.stage = "waiting"
                async with self._slow.turn(running.caller.name):
                    found = await self._slowly(attempt)
            if running.stage == "slow":
                found = replace(found, slow=True)
            if checkpoint is not None and found.spool is None:
                size = found.size + question.dataset.size
                self._remembered.keep(question, checkpoint.epoch, question.text, found, size)
            return found

    @asynccontextmanager
    async def _footing(self, question: Question) -> AsyncIterator[tuple[Checkpoint | None, Path]]:
        """What the question is asked of: the checkpoint of now, or a copy to write into."""
        if question.kind == "update":
            path = await self._checkpoints.copy()
            try:
                yield None, path
            finally:
                remove(path)
            return
        checkpoint = await self._checkpoints.hold()
        try:
            yield checkpoint, checkpoint.path
        finally:
            self._checkpoints.let_go(checkpoint)

    async def _quickly(self, attempt: "Attempt") -> Answer | None:
        """The answer, unless it takes long and no place for slow ones is free."""
        turns = self._quick
        await turns.take(attempt.running.caller.name)
        try:
            async with self._workers.worker(attempt.checkpoint) as worker:
                attempt.running.stage = "quick"
                asked = attempt.put_to(worker)
                try:
                    if not await worker.is_quick(asked, self._quick_seconds):
                        if not self._slow.take_free():
                            return None
                        turns.give()
                        turns = self._slow
                        worker.step_back()
                        attempt.running.stage = "slow"
                    return await attempt.answer(asked)
                finally:
                    asked.cancel()
        finally:
            turns.give()

    async def _slowly(self, attempt: "Attempt") -> Answer:
        async with self._workers.worker(attempt.checkpoint) as worker:
            attempt.running.stage = "slow"
            worker.step_back()
            return await attempt.answer(attempt.put_to(worker))
