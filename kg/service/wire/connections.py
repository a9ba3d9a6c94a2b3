"""Connections as HTTP: bounded in number, and each in what comes before a request is there.

What uvicorn has for it bounds neither the head of a request nor the time that it takes.
"""

import asyncio
import logging
import os
import socket
from asyncio import TimerHandle
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

from kg.answering.heads import LENGTH
from kg.errors import KgError, StoreBusy
from kg.service.lending import Lending
from kg.service.lending.grants import OFFER, Grant, Offer
from kg.service.settings import Settings
from kg.service.wire import logs
from kg.service.wire.plainly import Plainly
from kg.service.wire.problems import RequestRefused, problem

_HEADERS = 200
# Clients say what they want in few ways.
_GRANTS = 4


def protocol(settings: Settings) -> type[asyncio.Protocol]:
    """The protocol of a server with these settings."""

    class Bounded(_Connection):
        most = settings.connections
        length = settings.head_length
        seconds = settings.head_seconds
        answer_seconds = settings.answer_seconds

    return Bounded


class _Connection(Plainly):
    """Refuses heads that are too long, too slow, or none, and connections that are too many."""

    most: int
    length: int
    seconds: float

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._in_head = True
        # Bytes since something of a request was there: what a head, trailers or blanks have.
        self._came = 0
        self._since = 0.0
        self._timer: TimerHandle | None = None
        # The bytes of the last request, if they came at once and alone.
        self._request = b""
        self._grants: dict[bytes, Grant] = {}
        self._is_lent = False
        self._is_kept = False
        self._is_ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take it, if need be in the place of the one that has waited longest for a request."""
        if len(self.connections) >= self.most and not _make_room(self.connections):
            super().connection_made(transport)
            self._refuse(StoreBusy("There are too many connections", "Try again soon"))
            return
        super().connection_made(transport)
        self._since = self.loop.time()
        self._await()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._be_content()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as what comes is HTTP and within the bounds."""
        self._unset_keepalive_if_required()
        is_alone = self._in_head and not self._came and self._is_answered()
        self._request = data if is_alone and len(data) <= LENGTH else b""
        self._came += len(data)
        try:
            self.feed(data)
        except httptools.HttpParserError as error:
            self._refuse(_malformed(), error)
            return
        if self._came > self.length:
            self._refuse(_too_long(self.length))
        elif self._timer is None and (self._came if self._in_head else self._is_answered()):
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
        self._in_head, self._came = False, 0
        self._be_content()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body, whose bounds are those of who reads it."""
        self._came = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of a request; what comes now is the head of another."""
        if self.is_read_anew():
            return
        self._in_head, self._came = True, 0
        self._since = self.loop.time()
        self._be_content()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on to the next request; where none waits, somebody may have the connection."""
        super().on_response_complete()
        # What is not read of a request, such as the body of a GET, is no other one.
        is_offered = OFFER in self.scope and self._in_head and not self._is_kept
        if self._request and is_offered and not self.transport.is_closing():
            # Nothing is to come meanwhile, and what was written is on its way only after this.
            self.transport.pause_reading()
            self.loop.call_soon(self._lend, self.scope)

    def take_back(self, data: bytes) -> None:
        """Go on as if it had never been lent, with what came meanwhile."""
        self._is_lent = False
        if self.transport.is_closing():
            return
        if self._is_ending:
            with self._file() as file, suppress(BlockingIOError, ConnectionError):
                data = data or file.recv(self.length, socket.MSG_DONTWAIT)
            if data:
                self.data_received(data)
            super().shutdown()
            return
        self.transport.resume_reading()
        if data:
            self.data_received(data)
        else:
            self._since = self.loop.time()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def note(self) -> None:
        """Note that a request was answered on it."""
        self._since = self.loop.time()

    def keep(self) -> None:
        """Lend it no more."""
        self._is_kept = True

    def send_on(self, data: bytes) -> None:
        """Go on, once what is left of an answer is sent."""
        self.transport.write(data)
        self.take_back(b"")

    def break_off(self) -> None:
        """Close the connection."""
        self._is_lent = False
        self.let_go()

    def shutdown(self) -> None:
        """End it with the server."""
        if self._is_lent:
            # Whoever has it answers what has come, and gives it back at the end of that.
            self._is_ending = True
            with self._file() as file, suppress(OSError):
                file.shutdown(socket.SHUT_RD)
        else:
            super().shutdown()

    def idle_since(self) -> float | None:
        """Since when it waits for a request; None while there is one to answer."""
        return self._since if self._is_answered() and not self.transport.is_closing() else None

    def close(self) -> None:
        """Close it, wherever it is."""
        if self._is_lent:
            # Whoever has it learns of this, too.
            with self._file() as file, suppress(OSError):
                file.shutdown(socket.SHUT_RDWR)
        self.let_go()

    def _file(self) -> socket.socket:
        """Another file of the same connection."""
        return socket.socket(fileno=os.dup(self.transport.get_extra_info("socket").fileno()))

    def _lend(self, scope: Mapping[str, Any]) -> None:
        """Lends it, if it may be."""
        if self.transport.is_closing():
            return
        if self._is_lendable(scope[OFFER], scope):
            self._unset_keepalive_if_required()
            self._be_content()
            self._is_lent = True
        else:
            self.transport.resume_reading()

    def _is_lendable(self, offer: Offer, scope: Mapping[str, Any]) -> bool:
        """Whether somebody has it, which takes that all that was answered has left."""
        added = self.server_state.default_headers
        grant = offer.grant(self._request, scope, added)
        if grant is None or self.transport.get_write_buffer_size():
            return False
        lending: Lending = scope["app"].state.engine.lending
        living = [one for one in self._grants.values() if one.lives(lending.counts)]
        self._grants = {one.head: one for one in (*living[-_GRANTS:], grant)}
        file = self.transport.get_extra_info("socket").fileno()
        return lending.lend(self, file, offer.caller.name, self._grants.values())

    def _is_answered(self) -> bool:
        # Before its first request there is none.
        return bool(getattr(self.cycle, "response_complete", True))

    def _await(self) -> None:
        self._timer = self.loop.call_later(self.seconds, self._time_out)

    def _be_content(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_out(self) -> None:
        if not self._is_answered():
            # It has sent a part of the next request, and still waits for the answer to this one.
            self._await()
        elif self._came and self._in_head:
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
        if not self.pipeline and (self._is_answered() or not self.cycle.response_started):
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
