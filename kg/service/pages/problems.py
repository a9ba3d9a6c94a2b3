"""Problems as pages: whatever problem leaves the service for a browser, leaves it as a page."""

import orjson
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.service.pages import rendered
from kg.service.wire.logs import HEADER, REQUEST
from kg.service.wire.negotiation import PAGE, Form, preferred
from kg.service.wire.problems import MEDIA_TYPE, fault, problem

_PROBLEM = Form("json", MEDIA_TYPE, ("application/json",))


async def unforeseen(request: Request, _: Exception) -> Response:
    """The answer where nobody foresaw an error: no gate is left to turn it into a page."""
    # What gives ids to responses does not see this one.
    answer = problem(fault(), {HEADER: REQUEST.get()})
    if not _likes_pages(request.headers):
        return answer
    kept = {HEADER: REQUEST.get()}
    return HTMLResponse(_text(request, bytes(answer.body)), answer.status_code, kept)


class ProblemPages:
    """Turns problems into pages for those who like pages better."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass all on, but a problem as a page."""
        if scope["type"] != "http" or not _likes_pages(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def turned(message: Message) -> None:
            if message["type"] == "http.response.start":
                kind = Headers(raw=message["headers"]).get("content-type", "")
                if kind.startswith(MEDIA_TYPE):
                    held.append(message)
                    return
            if not held:
                await send(message)
                return
            held.append(message)
            if not message.get("more_body", False):
                for one in _page(scope, held):
                    await send(one)

        await self._app(scope, receive, turned)


def _likes_pages(headers: Headers) -> bool:
    accept = headers.get("accept", "")
    # Most programs are told from browsers without weighing what they accept.
    return "html" in accept and preferred(accept, (_PROBLEM, PAGE)) is PAGE


def _page(scope: Scope, held: list[Message]) -> tuple[Message, Message]:
    """The messages of a page, of those of a problem."""
    start, *bodies = held
    body = _text(Request(scope), b"".join(one.get("body", b"") for one in bodies)).encode()
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["Content-Type"], headers["Content-Length"] = PAGE.media_type, str(len(body))
    headers["Vary"] = "Accept"
    return (
        {**start, "headers": headers.raw},
        {"type": "http.response.body", "body": body},
    )


def _text(request: Request, body: bytes) -> str:
    told = orjson.loads(body)
    return rendered(request, "problem.html.jinja", title=told["title"], problem=told)
