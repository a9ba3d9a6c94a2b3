"""Turns what readers answer into responses, and stops reading when the client goes away."""

import asyncio
from collections.abc import Awaitable
from http import HTTPStatus
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from kg.service.readers.records import Answer
from kg.service.wire.negotiation import ROWS, TRIPLES, Form

T = TypeVar("T")
TRUNCATED = "Query-Truncated"
ID = "Query-Id"
_SOON = 0.05
_FRESH = {"Cache-Control": "no-cache"}


class ClientGone(Exception):
    """The client closed the connection: nobody is there for an answer."""


async def while_connected(request: Request, work: Awaitable[T]) -> T:
    """What the work comes to; it is cancelled if the client goes away first, which raises
    ClientGone. The body of the request must have been read.
    """
    watch = _Watch(request)
    # Most answers are there before anybody can have gone.
    timer = asyncio.get_running_loop().call_later(_SOON, watch.begin)
    try:
        return await work
    except asyncio.CancelledError as error:
        if watch.is_gone:
            watch.asker.uncancel()
            raise ClientGone from error
        raise
    finally:
        timer.cancel()
        watch.end()


class _Watch:
    """Cancels the task that asks, once its client has gone."""

    def __init__(self, request: Request) -> None:
        asker = asyncio.current_task()
        assert asker is not None  # noqa: S101 - only a coroutine that runs asks
        self.asker = asker
        self.is_gone = False
        self._request = request
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._task = asyncio.ensure_future(self._until_gone())

    def end(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _until_gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True
        self.asker.cancel()


def response(request: Request, answer: Answer, name: str, vary: str = "Accept") -> Response:
    """The response that brings an answer; 304 where the client has it already."""
    headers = {
        **_FRESH,
        "ETag": f'"{answer.digest}"',
        "Vary": vary,
        ID: name,
        **({TRUNCATED: answer.cut} if answer.cut else {}),
    }
    if matches(request, headers["ETag"]):
        answer.discard()
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    media_type = form_of(answer).media_type
    if answer.spool is None:
        return Response(answer.body, headers=headers, media_type=media_type)
    headers["Content-Length"] = str(answer.size)
    return StreamingResponse(answer.chunks(), headers=headers, media_type=media_type)


def matches(request: Request, tag: str) -> bool:
    """Whether the client said that it has what the tag stands for."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or tag in {
        one.strip().removeprefix("W/") for one in known.split(",")
    }


def form_of(answer: Answer) -> Form:
    """The format of an answer."""
    forms = TRIPLES if answer.kind == "triples" else ROWS
    return next(form for form in forms if form.name == answer.form)
