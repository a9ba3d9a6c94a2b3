"""Turns what readers answer into responses, and stops reading when the client goes away."""

import asyncio
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from kg.service.negotiation import ROWS, TRIPLES, Form
from kg.service.readers.records import Answer

T = TypeVar("T")
TRUNCATED = "Query-Truncated"
ID = "Query-Id"
_FRESH = {"Cache-Control": "no-cache"}


class ClientGone(Exception):
    """The client closed the connection: nobody is there for an answer."""


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to; it is cancelled if the client goes away first, which raises
    ClientGone. The body of the request must have been read.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        task.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


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
