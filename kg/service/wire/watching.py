"""Gives every request an id, counts it, and logs it in one line, as plain ASGI."""

import logging
import re
from time import perf_counter
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.service.lending.grants import OFFER
from kg.service.settings import Settings
from kg.service.wire.logs import HEADER, REQUEST, Answered, tell

_NAME = HEADER.lower().encode()
# No page is shown within another's, nor its address told to others, and no type is guessed.
_GUARDS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
)
_SANE = re.compile(rb"[A-Za-z0-9._:~-]{1,64}")
_SHOWN = 2000
_ERROR = 500
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_STEPS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Counts:
    """How many requests were answered, and how long that took."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answered = Counter(
            "mismatch_http_requests",
            "Requests that were answered.",
            ("method", "path", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "mismatch_http_request_seconds",
            "Seconds from the arrival of a request to the end of its answer.",
            ("path",),
            buckets=_STEPS,
            registry=self.registry,
        )

    def tell(self, one: Answered) -> None:
        """Count an answer, and log it."""
        self.answered.labels(one.method, one.path, str(one.status)).inc()
        self.seconds.labels(one.path).observe(one.seconds)
        token = REQUEST.set(one.request)
        tell(
            "answered",
            logging.ERROR if one.status >= _ERROR else logging.INFO,
            method=one.method,
            path=one.path,
            status=one.status,
            ms=round(one.seconds * 1000, 1),
            bytes=one.size,
            caller=one.caller,
            **({"query": one.query[:_SHOWN]} if one.query else {}),
        )
        REQUEST.reset(token)


class Watched:
    """Passes every request on, and looks at what comes back."""

    def __init__(self, app: ASGIApp, *, counts: Counts, settings: Settings) -> None:
        self._app = app
        self._counts = counts
        self._queries = settings.log_queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on; whatever goes wrong goes on to who tells it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        name = _id(scope)
        REQUEST.set(name)
        header = (_NAME, name.encode())
        status, size = _ERROR, 0

        async def told(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), header, *_GUARDS]
                if OFFER in scope:
                    scope[OFFER].headers = message["headers"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, told)
        finally:
            # Whatever a client may make up counts as one.
            method = scope["method"] if scope["method"] in _METHODS else "other"
            query = scope.get("query", "") if self._queries else ""
            seconds, caller = perf_counter() - started, scope.get("caller", "")
            self._counts.tell(
                Answered(name, method, template(scope), status, size, seconds, caller, query)
            )


def template(scope: Scope) -> str:
    """The path as the resource has it, with names in braces; empty where there is no resource."""
    if "endpoint" not in scope:
        return ""
    route = scope.get("route")
    return str(getattr(route, "path", scope["path"]))


def _id(scope: Scope) -> str:
    """The id that the client gave its request, if it is a sane one, or a new one."""
    given = next((value for name, value in scope["headers"] if name == _NAME), b"")
    return given.decode() if _SANE.fullmatch(given) else uuid4().hex
