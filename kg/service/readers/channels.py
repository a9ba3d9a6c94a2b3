"""The connection with a process that answers: one question at a time, each answered in one frame.

It is a protocol of asyncio, not a pair of streams: what a small question costs is mostly waiting
here and there, and streams wait three times for each answer.
"""

import asyncio
import socket
from collections.abc import Mapping
from struct import pack, unpack_from
from typing import Any, cast

import orjson

_LENGTH = 4

Reply = tuple[dict[str, Any], bytes]
"""What a process tells of its answer, and the body."""


class Channel(asyncio.Protocol):
    """Sends questions, and puts their answers together from what arrives."""

    def __init__(self) -> None:
        self.gone = False
        self._transport: asyncio.Transport | None = None
        self._came = bytearray()
        self._waiting: asyncio.Future[Reply] | None = None
        self.number: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        """The number of the process; a ConnectionError where it ends before it tells it."""

    def ask(self, question: Mapping[str, Any]) -> asyncio.Future[Reply]:
        """What will be answered; it is a ConnectionError where the process ends before."""
        self._waiting = reply = asyncio.get_running_loop().create_future()
        if self.gone or self._transport is None:
            reply.set_exception(ConnectionError())
            return reply
        text = orjson.dumps(question)
        self._transport.write(pack(">I", len(text)) + text)
        return reply

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        # Those of uvloop are none by their class.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand an answer over once all of it is there."""
        self._came += data
        if not self.number.done():
            if len(self._came) >= _LENGTH:
                self.number.set_result(unpack_from(">I", self._came)[0])
                del self._came[:_LENGTH]
            return
        reply = _whole(self._came)
        if reply is not None:
            self._came.clear()
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's protocol
        """Tell whoever waits that nothing will come."""
        self.gone = True
        for waiting in (self.number, self._waiting):
            if waiting is not None and not waiting.done():
                waiting.set_exception(ConnectionError())


def _whole(came: bytearray) -> Reply | None:
    """The answer that came, if all of it did."""
    if len(came) < _LENGTH:
        return None
    end = _LENGTH + unpack_from(">I", came)[0]
    if len(came) < end:
        return None
    found = orjson.loads(came[_LENGTH:end])
    size = 0 if found["spooled"] else found["size"]
    return (found, bytes(came[end:])) if len(came) >= end + size else None


async def connected(connection: socket.socket) -> tuple[Channel, int]:
    """A channel, and the number of the process at its other end; raises ConnectionError."""
    loop = asyncio.get_running_loop()
    _, channel = await loop.create_unix_connection(Channel, sock=connection)
    return channel, await channel.number
