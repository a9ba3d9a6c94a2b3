"""Governed reads: no query can hurt the service, because each runs in a process that can be killed.

A query has a place at once if it is quick. After a twentieth of a second it has to make room: it
goes on behind all others if a place for slow ones is free, else it is stopped, waits for one, and
starts over. So a small query is never behind a large one. Its time runs from its arrival.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kg.errors import (
    NotFound,
    QueryCancelled,
    QueryFailed,
    QueryRefused,
    QueryTimedOut,
    QueryTooLarge,
    StoreBusy,
    StoreUnreachable,
)
from kg.namespaces import prefixes
from kg.service.access import EVERYTHING, Caller
from kg.service.negotiation import ROWS, TRIPLES, not_acceptable
from kg.service.problems import RequestRefused
from kg.service.readers.channels import Reply
from kg.service.readers.checkpoints import Checkpoint, Checkpoints, remove
from kg.service.readers.records import Answer, Limits, Question, Running, spool_path
from kg.service.readers.remembered import Remembered
from kg.service.readers.turns import Turns
from kg.service.readers.workers import Worker, Workers, too_large
from kg.service.settings import Settings
from kg.service.writer import Writer
from kg.stores.oxigraph import placed

__all__ = ["Answer", "Limits", "Question", "Readers", "Running", "no_graph"]

_TOLD = 500
# One at work and one to take its place.
_READY = 2
_SHOWN = ("mm", "rdf", "rdfs", "xsd")


class Readers:
    """Answers questions, and knows which are being answered."""

    def __init__(self, settings: Settings, writer: Writer, folder: Path) -> None:
        self.running: dict[str, Running] = {}
        self.ended: Counter[str] = Counter()
        self._spool = folder / "answers"
        self._spool.mkdir()
        self._quick_seconds = settings.quick_seconds
        self._quick = Turns(settings.quick_workers, settings.queue, newest_first=True)
        self._slow = Turns(settings.slow_workers, settings.queue)
        self._remembered = Remembered(settings.answers << 20)
        self._writer = writer
        self._checkpoints = Checkpoints(writer, folder)
        self._workers = Workers(_READY * settings.quick_workers, self._checkpoints)

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
        tasks = [running.task for running in self.running.values()]
        for name in list(self.running):
            self.cancel(name)
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._workers.close()

    async def read(self, question: Question, caller: Caller, name: str | None = None) -> Answer:
        """The answer to a question.

        Raises QueryRefused, QueryTimedOut, QueryTooLarge, QueryCancelled, StoreBusy, NotFound, and
        RequestRefused where no format fits.
        """
        if name in self.running:
            raise RequestRefused(
                HTTPStatus.CONFLICT, f"A query {name} is running", "Choose another id"
            )
        known = self._remembered.find(question, self._writer.epoch)
        if known is not None:
            self.ended["remembered"] += 1
            return known
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - it is a coroutine that runs
        running = Running(name or uuid4().hex, caller, question.text, monotonic(), task)
        self.running[running.id] = running
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
            del self.running[running.id]
            self.ended[how] += 1

    def cancel(self, name: str) -> None:
        """Stop a query; raises NotFound."""
        if name not in self.running:
            raise NotFound(f"No query {name} is running", "GET /queries lists those that are")
        running = self.running[name]
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
            attempt = _Attempt(question, running, checkpoint, path, self._spool)
            found = await self._quickly(attempt)
            if found is None:
                running.stage = "waiting"
                async with self._slow.turn(running.caller.name):
                    found = await self._slowly(attempt)
            if checkpoint is not None:
                self._remembered.keep(question, checkpoint.epoch, found)
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

    async def _quickly(self, attempt: "_Attempt") -> Answer | None:
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

    async def _slowly(self, attempt: "_Attempt") -> Answer:
        async with self._workers.worker(attempt.checkpoint) as worker:
            attempt.running.stage = "slow"
            worker.step_back()
            return await attempt.answer(attempt.put_to(worker))


class _Attempt:
    """A question on its way, which may be put to a process more than once."""

    def __init__(
        self,
        question: Question,
        running: Running,
        checkpoint: Checkpoint | None,
        path: Path,
        spool: Path,
    ) -> None:
        self.running = running
        self.checkpoint = checkpoint
        self._question = question
        self._path = path
        self._folder = spool

    def put_to(self, worker: Worker) -> asyncio.Future[Reply]:
        """What a process will answer."""
        self._spool = spool_path(self._folder, self.running.id)
        return worker.ask(self._message())

    async def answer(self, asked: asyncio.Future[Reply]) -> Answer:
        """The answer that a process gives; raises what it says."""
        try:
            found, body = await asked
            _raise(found)
        except ConnectionError as error:
            self._spool.unlink(missing_ok=True)
            raise too_large() from error
        except BaseException:
            self._spool.unlink(missing_ok=True)
            raise
        return Answer(
            kind=found.get("kind", "done"),
            form=found.get("form", ""),
            size=found["size"],
            digest=found["digest"],
            cut=found.get("cut", ""),
            body=body,
            spool=self._spool if found["spooled"] else None,
        )

    def _message(self) -> Mapping[str, Any]:
        asked = self._question
        return {
            "kind": asked.kind,
            "checkpoint": str(self._path),
            "text": asked.text,
            "base": asked.base,
            "graph": asked.graph,
            "default": asked.dataset.default,
            "named": asked.dataset.named,
            "unseen": asked.dataset.unseen,
            "union": asked.union,
            "rows_as": asked.rows_as,
            "triples_as": asked.triples_as,
            "rows": asked.limits.rows,
            "bytes": asked.limits.size << 20,
            "memory": asked.limits.memory << 20,
            "spool": str(self._spool),
            "prefixes": _shown(),
        }


@cache
def _shown() -> Mapping[str, str]:
    """The prefixes that graphs are written with."""
    return {name: prefixes()[name] for name in _SHOWN if name in prefixes()}


def no_graph() -> NotFound:
    """What is told of a graph that is not there, or not for everybody to see."""
    return NotFound("There is no such graph", "Look for its name with `GRAPH ?g {}`")


def _raise(found: Mapping[str, Any]) -> None:
    """Raises what an answer tells of, if it is no good one."""
    outcome, message = found["outcome"], str(found.get("message", ""))[:_TOLD]
    if outcome == "malformed":
        raise QueryRefused(f"The query is no SPARQL: {placed(message)}", "Correct it there")
    if outcome == "failed":
        raise QueryFailed(f"The query cannot be answered: {message}", "Correct it")
    if outcome == "unreachable":
        raise StoreUnreachable(f"The query could not be answered: {message}", "Try again later")
    if outcome == "memory":
        raise too_large()
    if outcome == "absent":
        raise no_graph()
    if outcome == "unacceptable":
        raise not_acceptable(ROWS if found["what"] == "rows" else TRIPLES)
    if outcome == "unwritable":
        raise RequestRefused(HTTPStatus.NOT_ACCEPTABLE, message, "Accept another format")
