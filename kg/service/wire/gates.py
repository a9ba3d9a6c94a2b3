"""What every request passes before a resource sees it, as plain ASGI.

A service that only this machine reaches answers only who calls it by a name of this machine, so
that no page elsewhere can reach it under a name of its own; and it changes nothing for such a page.
"""

import re
from collections.abc import Collection
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import KgError, NotAllowed
from kg.service.access import ADMITTED, Access
from kg.service.settings import is_loopback
from kg.service.wire.problems import RequestRefused, problem

_READS = ("GET", "HEAD", "OPTIONS")
_PROXIES = re.compile(r"forwarded|via|x-forwarded-.*|x-real-ip")
_FOREIGN = ("cross-site", "same-site")
_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


class Loopback:
    """Refuses hosts that are no names of this machine, and writes from foreign origins."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await problem(refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> KgError | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not is_loopback(_name(hosts[0])):
            return RequestRefused(
                HTTPStatus.MISDIRECTED_REQUEST,
                "This service answers only on its own machine",
                "Call it by localhost or 127.0.0.1",
            )
        if any(map(_PROXIES.fullmatch, headers)):
            return RequestRefused(
                HTTPStatus.MISDIRECTED_REQUEST,
                "The request comes from a proxy, and this service answers only on its own machine",
                "Its operator may set MISMATCH_HOST, so that tokens count",
            )
        origin = headers.get("origin")
        if origin is None and headers.get("sec-fetch-site") in _FOREIGN:
            origin = "another site"
        own = f"{scope['scheme']}://{hosts[0]}"
        if scope["method"] in _READS or origin is None or origin in (own, *self._origins):
            return None
        return _foreign(origin)


class Tokens:
    """Finds out who shows a token, before anything else does: one that does not count is refused
    everywhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with who asks, or refuse it."""
        if scope["type"] == "http":
            access: Access = scope["app"].state.engine.access
            address = scope["client"][0] if scope.get("client") else ""
            try:
                scope[ADMITTED] = await access.admitted(Headers(scope=scope), address)
            except KgError as error:
                await problem(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Heads:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as GET, and pass back what is no body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        inner = {**scope, "method": "GET"}
        try:
            await self._app(inner, receive, bodiless)
        finally:
            # Who asked for what is still to be logged.
            scope.update({**inner, "method": "HEAD"})


def _foreign(origin: str) -> NotAllowed:
    return NotAllowed(
        f"A page of {origin[:100]} may change nothing here",
        "List its origin in MISMATCH_CORS, if it may",
    )


def _name(host: str) -> str:
    """The host without its port; nothing where it is not written as one."""
    found = _HOST.fullmatch(host)
    return found["name"] if found else ""
