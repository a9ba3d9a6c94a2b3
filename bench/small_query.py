"""Where the time of a small query goes: microseconds of processor, part by part.

Requests are handed to the application as its server would, without a network. What a part takes is
told by leaving it out.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any

import uvloop
from pyoxigraph import RdfFormat, Store
from starlette.types import Message, Receive, Scope, Send

from bench._clients import request
from kg.answering.heads import parted
from kg.answering.questions import answer
from kg.answering.sinks import Sink
from kg.service.access import EVERYTHING, Caller
from kg.service.app import create_app
from kg.service.readers import Answer, Limits, Question
from kg.service.readers.attempts import message
from kg.service.settings import read_settings
from kg.service.wire.watching import Counts, Watched

ROUNDS, ASKED = 9, 400
THINGS = 2000
_NUMBERS = count()
_POSTED = {
    "Content_Type": "application/sparql-query",
    "Accept": "application/sparql-results+json",
}
_HEADERS = {
    b"host": b"localhost",
    b"content-type": b"application/sparql-query",
    b"accept": b"application/sparql-results+json",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """Knows one answer to everything."""

    answer: Answer

    async def read(self, _: Question, __: Caller, ___: str | None = None) -> Answer:
        return self.answer


def main() -> None:
    """Prints a row for each part."""
    uvloop.run(_front())
    _process()


async def _front() -> None:
    """The process that takes requests."""
    settings = read_settings(serves="graphs", answers=0)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        whole = await _spent(lambda: _request(app))
        engine = app.state.engine
        app.state.engine = _WithKnown(engine, Answer("rows", "json", 300, "0", "", b"x" * 300))
        rest = await _spent(lambda: _request(app))
        app.state.engine = engine
    bare = await _spent(lambda: _request(_nothing))
    watched = Watched(_nothing, counts=Counts(), settings=settings)
    counting = await _spent(lambda: _request(watched)) - bare
    _row("the service, without its HTTP server", whole)
    _row("  asking a process that answers", whole - rest)
    _row("  counting, and the id of the request", counting)
    _row("  gates, routes, request, formats, response", rest - counting)


class _WithKnown:
    """An engine whose readers know the answer."""

    def __init__(self, engine: Any, known: Answer) -> None:  # noqa: ANN401 - any attribute is its
        self._engine = engine
        self.readers = _Known(known)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - see above
        return getattr(self._engine, name)


def _process() -> None:
    """A process that answers."""
    with TemporaryDirectory() as folder:
        store = Store(folder)
        lines = "".join(f'<x:{n}> <x:p> "{n}" .\n' for n in range(THINGS))
        store.load(lines.encode(), format=RdfFormat.N_TRIPLES)
        limits = Limits(seconds=30, memory=512, rows=1000, size=1)
        asked = message(Question(EVERYTHING, limits, "json", "turtle", union=True))

        async def whole() -> None:
            answer(store, {**asked, "text": _text()}, Sink(""))

        async def alone() -> None:
            list(store.query(_text(), use_default_graph_as_union=True))  # type: ignore[arg-type]

        async def head() -> None:
            parted(request("POST", "/sparql", _text().encode(), **_POSTED))

        async def nothing() -> None:
            request("POST", "/sparql", _text().encode(), **_POSTED)

        all_of_it, oxigraph, parting, made = asyncio.run(_each(whole, alone, head, nothing))
    _row("a process that answers, without its connection", all_of_it)
    _row("  Oxigraph", oxigraph)
    _row("  writing the answer", all_of_it - oxigraph)
    _row("parting a request, where a connection is lent", parting - made)


async def _each(*works: Callable[[], Awaitable[None]]) -> list[float]:
    return [await _spent(work) for work in works]


async def _spent(work: Callable[[], Awaitable[None]]) -> float:
    """The median of what it takes this process, in microseconds."""
    found = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(ASKED):
            await work()
        found.append((time.process_time() - started) / ASKED * 1e6)
    return statistics.median(found)


async def _request(app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
    body = _text().encode()
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/sparql",
        "query_string": b"",
        "root_path": "",
        "headers": [*_HEADERS.items(), (b"content-length", str(len(body)).encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    messages = iter([{"type": "http.request", "body": body}])

    async def receive() -> Message:
        if (found := next(messages, None)) is None:
            await asyncio.Future()
        assert found is not None  # noqa: S101 - nothing comes behind a body
        return found

    async def send(message: Message) -> None:
        if message.get("status", 200) != 200:  # noqa: PLR2004 - the only good status
            raise SystemExit(f"a query got {message['status']}")

    await app(scope, receive, send)


async def _nothing(scope: Scope, _: Receive, send: Send) -> None:
    scope["endpoint"] = _nothing
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _text() -> str:
    return f"SELECT ?p ?o {{ <x:{next(_NUMBERS) % THINGS}> ?p ?o }}"


def _row(name: str, spent: float) -> None:
    print(f"{name:<50}{spent:>6.0f}")


if __name__ == "__main__":
    main()
