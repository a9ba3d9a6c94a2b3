"""Connections that may be lent to who answers on them, and come back."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from kg.answering.heads import LENGTH
from kg.service.lending import Lending
from kg.service.lending.grants import OFFER, Grant, Offer
from kg.service.wire.plainly import Plainly

# Clients say what they want in few ways.
_GRANTS = 4


class Lendable(Plainly):
    """Is lent once a request was answered on it whose like somebody else may answer."""

    length: int
    """How many bytes the head of a request may have."""

    in_head = True
    """Whether what comes next is the head of a request."""
    since = 0.0
    """When it began to wait for a request."""

    # The bytes of the last request, if they came at once and alone.
    _request = b""
    _grants: Mapping[bytes, Grant] = MappingProxyType({})
    _is_lent = False
    _is_kept = False
    _is_ending = False

    def be_content(self) -> None:
        """Wait for nothing."""

    def remember(self, data: bytes, *, alone: bool) -> None:
        """Keep what came, if it may be all of a request; `alone` where nothing came before it."""
        may_be = alone and self.in_head and self.is_answered() and len(data) <= LENGTH
        self._request = data if may_be else b""

    def on_response_complete(self) -> None:
        """Go on to the next request; where none waits, somebody may have the connection."""
        super().on_response_complete()
        # What is not read of a request, such as the body of a GET, is no other one.
        is_offered = OFFER in self.scope and self.in_head and not self._is_kept
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
            self.since = self.loop.time()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def note(self) -> None:
        """Note that a request was answered on it."""
        self.since = self.loop.time()

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

    def close(self) -> None:
        """Close it, wherever it is."""
        if self._is_lent:
            # Whoever has it learns of this, too.
            with self._file() as file, suppress(OSError):
                file.shutdown(socket.SHUT_RDWR)
        self.let_go()

    def is_answered(self) -> bool:
        """Whether nothing is asked that is not answered."""
        # Before its first request there is none.
        return bool(getattr(self.cycle, "response_complete", True))

    def _file(self) -> socket.socket:
        """Another file of the same connection."""
        return socket.socket(fileno=os.dup(self.transport.get_extra_info("socket").fileno()))

    def _lend(self, scope: Mapping[str, Any]) -> None:
        """Lends it, if it may be."""
        if self.transport.is_closing():
            return
        if self._is_lendable(scope[OFFER], scope):
            self._unset_keepalive_if_required()
            self.be_content()
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
