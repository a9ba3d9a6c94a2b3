"""Reads from a store that is at an endpoint, within the same limits.

A query is first answered here, from nothing, which tells what is no SPARQL and what it asks for.
Then the endpoint is asked, with the dataset that the asker may see, and what it answers is told
again by a process that can be killed: so formats, limits and marks are those of a store in a
folder. Who cancels a query, or waits no longer, has its connection closed.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from kg.disks import failed
from kg.errors import StoreUnreachable
from kg.queries import query
from kg.service.access import EVERYTHING, Dataset
from kg.service.changing.keeping import is_kept
from kg.service.changing.writer import Writer
from kg.service.datasets import named_graphs
from kg.service.readers import Readers
from kg.service.readers.attempts import no_graph
from kg.service.readers.checkpoints import Checkpoints
from kg.service.readers.records import Answer, Question, Running, spool_path
from kg.service.readers.turns import Turns
from kg.service.settings import Settings
from kg.stores.oxigraph import open_store
from kg.stores.sparql import SparqlStore

_DEFAULT, _NAMED = "default-graph-uri", "named-graph-uri"
# A query that has to wait for an endpoint is quick for as many times as long as one here.
_PATIENCE = 10
Parameters = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Told:
    """A file with what an endpoint answered, and whether it is but a part."""

    path: Path
    is_part: bool


class _Enough(Exception):
    """The answer has as many bytes as are taken."""


class RemoteReaders(Readers):
    """Answers questions from an endpoint."""

    def __init__(
        self, settings: Settings, writer: Writer, store: SparqlStore, folder: Path
    ) -> None:
        nothing = Writer(partial(open_store, str(folder / "nothing")))
        # What others write there is not noticed here, so no answer is given twice.
        forgetful = settings.model_copy(update={"answers": 0})
        super().__init__(forgetful, nothing, Checkpoints(nothing, folder), folder)
        self._nothing = nothing
        self._store = store
        self._graphs = writer
        self._base = settings.base if settings.serves == "projects" else None
        self._quick_there = Turns(settings.quick_workers, settings.queue, newest_first=True)
        self._slow_there = Turns(settings.slow_workers, settings.queue)
        self._is_bounded = False

    async def close(self) -> None:
        """Stop whatever is being answered."""
        await super().close()
        await self._nothing.close()

    async def _answered(self, question: Question, running: Running) -> Answer:
        if question.kind == "update":
            return await super()._answered(question, running)
        asked = await self._put(question)
        tried = await super()._answered(replace(asked, dataset=EVERYTHING), running)
        tried.discard()
        triples = tried.kind == "triples"
        coming = partial(self._come, asked, await self._parameters(asked), triples=triples)
        running.stage = "waiting"
        told = await self._quickly_told(coming, running)
        if told is None:
            running.stage = "waiting"
            async with self._slow_there.turn(running.caller.name):
                running.stage = "slow"
                told = await coming()
        retold = replace(
            asked,
            kind="retold",
            rows_as=None if triples else asked.rows_as,
            triples_as=asked.triples_as if triples else None,
            told=str(told.path),
            partial=told.is_part,
        )
        try:
            return await super()._answered(retold, running)
        finally:
            told.path.unlink(missing_ok=True)

    async def _quickly_told(
        self, coming: Callable[[], Coroutine[Any, Any, "_Told"]], running: Running
    ) -> "_Told | None":
        """What comes of a query, unless it takes long and no place for slow ones is free: then its
        connection is closed.
        """
        turns = self._quick_there
        await turns.take(running.caller.name)
        running.stage = "quick"
        task = asyncio.ensure_future(coming())
        try:
            await asyncio.wait((task,), timeout=_PATIENCE * self._quick_seconds)
            if not task.done():
                if not self._slow_there.take_free():
                    return None
                turns.give()
                turns = self._slow_there
                running.stage = "slow"
            return await task
        finally:
            task.cancel()
            turns.give()

    async def _put(self, question: Question) -> Question:
        """The question as a query: one graph whole is asked for by one."""
        if question.kind != "graph":
            return question
        if question.graph is None:
            # Where there are projects, an endpoint whose default graph is all others would show
            # more than may be seen.
            dataset = EVERYTHING if self._base is None else Dataset((), ())
            return replace(question, kind="query", text=query("endpoint", "whole"), dataset=dataset)
        if not await asyncio.to_thread(self._store.has, question.graph):
            raise no_graph()
        text = query("endpoint", "graph", graph=question.graph)
        dataset = Dataset((), (question.graph,))
        return replace(question, kind="query", text=text, dataset=dataset)

    async def _come(self, question: Question, parameters: Parameters, *, triples: bool) -> "_Told":
        """The file with what the endpoint answers; where that fails, there is none."""
        path = spool_path(self._spool, "told")
        most, size = question.limits.size << 20, 0
        base = f"BASE <{question.base}> " if question.base else ""
        seconds = ("timeout", f"{question.limits.seconds:g}")
        try:
            with path.open("xb") as file, suppress(_Enough):

                def take(data: bytes) -> None:
                    nonlocal size
                    size += len(data)
                    try:
                        file.write(data)
                    except OSError as error:
                        raise failed("What came could not be written", error, "") from error
                    if size > most:
                        raise _Enough  # noqa: TRY301 - it is raised into what calls it

                text = f"{base}{question.text}"
                await self._store.tell(text, [*parameters, seconds], take, triples=triples)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return _Told(path, size > most)

    async def _parameters(self, question: Question) -> Parameters:
        """The dataset as the protocol has it; what is empty is a graph that nobody has, because
        nothing would stand for what the endpoint likes.
        """
        dataset = question.dataset
        if dataset == EVERYTHING:
            names = await self._names() if question.union else ()
            return [*_all(_DEFAULT, names), *_all(_NAMED, names)] if names else []
        await self._require_bounds()
        default, named = dataset.default or (), dataset.named
        if named is None:
            found = named_graphs(question.text)
            there = await self._names() if found is None else found
            named = tuple(name for name in there if dataset.shows(name))
        return [
            *_all(_DEFAULT, [name for name in default if name is not None and self._is_one(name)]),
            *_all(_NAMED, list(filter(self._is_one, named))),
        ]

    def _is_one(self, name: str) -> bool:
        """Whether a name is that of one graph: some endpoints have others, for all together."""
        return self._base is None or is_kept(name, self._base) or name in self._graphs.loose

    async def _names(self) -> Sequence[str]:
        return await asyncio.to_thread(self._store.names)

    async def _require_bounds(self) -> None:
        """Make sure, once, that the endpoint shows nothing but the dataset that it is told,
        whatever the query says; raises StoreUnreachable.
        """
        if self._is_bounded:
            return
        names = await self._names()
        if not names:
            return
        graph = names[0]
        here, nowhere = [graph], [_nobody()]
        tried = (
            (query("endpoint", "any", graph=graph), nowhere, nowhere, False),
            (query("endpoint", "named"), here, nowhere, False),
            (query("endpoint", "default"), nowhere, here, False),
            (query("endpoint", "default"), here, nowhere, True),
            (query("endpoint", "named"), nowhere, here, True),
        )
        for text, default, named, wanted in tried:
            if await self._finds(text, default, named) is not wanted:
                raise StoreUnreachable(
                    "The endpoint does not keep to the graphs that it is told to look into, so that"
                    " a query would see what it may not",
                    "Serve from another, or from a folder",
                )
        self._is_bounded = True

    async def _finds(self, text: str, default: list[str], named: list[str]) -> bool:
        come: list[bytes] = []
        parameters = [*_all(_DEFAULT, default), *_all(_NAMED, named)]
        await self._store.tell(text, parameters, come.append, triples=False)
        return bool(orjson.loads(b"".join(come))["results"]["bindings"])


def _all(parameter: str, names: Sequence[str]) -> Parameters:
    return [(parameter, name) for name in names or [_nobody()]]


def _nobody() -> str:
    return f"urn:uuid:{uuid4()}"
