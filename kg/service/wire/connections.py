"""Connections as HTTP: bounded in number, and each in what comes before a request is there.

What uvicorn has for it bounds neither the head of a request nor the time that it takes.
"""

import asyncio
import logging
from asyncio import TimerHandle
from collections.abc import Iterable
from http import HTTPStatus

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from kg.errors import KgError, StoreBusy
from kg.service.settings import Settings
from kg.service.wire import logs
from kg.service.wire.lendable import Lendable
from kg.service.wire.problems import RequestRefused, problem

_HEADERS = 200


def protocol(settings: Settings) -> type[asyncio.Protocol]:
    """The protocol of a server with these settings."""

    class Bounded(_Connection):
        most = settings.connections
        length = settings.head_length
        seconds = settings.head_seconds
        answer_seconds = settings.answer_seconds

    return Bounded


class _Connection(Lendable):
    """Refuses heads that are too long, too slow, or none, and connections that are too many."""

    most: int
    seconds: float

    # Bytes since something of a request was there: what a head, trailers or blanks have.
    _came = 0
    _timer: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take it, if need be in the place of the one that has waited longest for a request."""
        if len(self.connections) >= self.most and not _make_room(self.connections):
            super().connection_made(transport)
            self._refuse(StoreBusy("There are too many connections", "Try again soon"))
            return
        super().connection_made(transport)
        self.since = self.loop.time()
        self._await()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self.be_content()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as what comes is HTTP and within the bounds."""
        self._unset_keepalive_if_required()
        self.remember(data, alone=not self._came)
        self._came += len(data)
        try:
            self.feed(data)
        except httptools.HttpParserError as error:
            self._refuse(_malformed(), error)
            return
        if self._came > self.length:
            self._refuse(_too_long(self.length))
        elif self._timer is None and (self._came if self.in_head else self.is_answered()):
            self._await()

    def on_message_begin(self) -> None:
        """Note that a head has begun, maybe behind another request."""
        self._came = self._came or 1
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Take the head, if it is within the bounds."""
        if self.is_read_anew():
            return
        size = sum(len(name) + len(value) for name, value in self.headers) + len(self.url)
        if size > self.length or len(self.headers) > _HEADERS:
            self._refuse(_too_long(self.length))
            raise ValueError
        self.in_head, self._came = False, 0
        self.be_content()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body, whose bounds are those of who reads it."""
        self._came = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of a request; what comes now is the head of another."""
        if self.is_read_anew():
            return
        self.in_head, self._came = True, 0
        self.since = self.loop.time()
        self.be_content()
        super().on_message_complete()

    def idle_since(self) -> float | None:
        """Since when it waits for a request; None while there is one to answer."""
        return self.since if self.is_answered() and not self.transport.is_closing() else None

    def _await(self) -> None:
        self._timer = self.loop.call_later(self.seconds, self._time_out)

    def be_content(self) -> None:
        """Wait for nothing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_out(self) -> None:
        if not self.is_answered():
            # It has sent a part of the next request, and still waits for the answer to this one.
            self._await()
        elif self._came and self.in_head:
            self._refuse(_too_slow(self.seconds))
        else:
            self.let_go()

    def _refuse(self, error: KgError, cause: Exception | None = None) -> None:
        """Closes the connection, and tells why unless that would be amid an answer."""
        if self.transport.is_closing():
            return
        response = problem(error)
        logs.tell(
            "refused",
            logging.DEBUG,
            status=response.status_code,
            detail=error.what,
            caller=self.client[0] if self.client else "",
            **({"cause": str(cause)} if cause else {}),
        )
        if not self.pipeline and (self.is_answered() or not self.cycle.response_started):
            headers = [*response.raw_headers, (b"connection", b"close")]
            lines = b"".join(b"%b: %b\r\n" % one for one in headers)
            head = STATUS_LINE[response.status_code] + lines
            self.transport.write(b"%b\r\n%b" % (head, bytes(response.body)))
        self.let_go()


def _make_room(connections: Iterable[asyncio.Protocol]) -> bool:
    """Closes the connection that has waited longest for a request; whether there is one."""
    waiting = [
        (since, number, one)
        for number, one in enumerate(connections)
        if isinstance(one, _Connection) and (since := one.idle_since()) is not None
    ]
    if not waiting:
        return False
    min(waiting)[2].close()
    return True


def _too_long(most: int) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        f"The head of the request has more than {most:,} bytes, or {_HEADERS} headers",
        "Send a long query in the body of a POST",
    )


def _too_slow(seconds: float) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.REQUEST_TIMEOUT,
        f"The head of the request was not there within {seconds:g} s",
        "Send it anew",
    )


def _malformed() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.BAD_REQUEST, "The request is no HTTP that can be read", "Send HTTP/1.1"
    )
