"""One request and its answer, at addresses that are known already."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import h11

from kg import __version__
from kg.errors import CallFailed
from kg.outgoing.reach import Place, Reach

_TRIED = 4
_CHUNK = 1 << 16
_HEAD = 1 << 14
_GOOD = range(200, 300)
_AGENT = f"ml-mismatch/{__version__}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a host is asked."""

    method: str
    there: Place
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answers; the names of its headers are in small letters."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


async def answered(
    asked: Asked,
    found: Sequence[str],
    reach: Reach,
    *,
    whole: bool,
    take: Callable[[bytes], object] | None = None,
) -> Answer:
    """The answer of the first address that can be called; its body is read where `whole` says so,
    and that of a good answer handed over piece by piece where somebody takes it. Raises CallFailed.
    """
    there = asked.there
    try:
        reader, writer = await _connected(there, found, reach)
    except ssl.SSLError as error:
        raise CallFailed(
            f"{there.host} does not prove who it is: {error.reason or error}",
            "See to its certificate",
        ) from error
    except OSError as error:
        raise CallFailed(f"{there.host} cannot be reached", "Try again later") from error
    spoken = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD)
    try:
        writer.write(_request(spoken, asked))
        await writer.drain()
        return await _read(spoken, reader, reach.most, take, whole=whole)
    except (OSError, h11.RemoteProtocolError) as error:
        raise CallFailed(
            f"{there.host} answers with no proper HTTP", "Check that it is a web server"
        ) from error
    finally:
        writer.transport.abort()


async def _connected(
    there: Place, found: Sequence[str], reach: Reach
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    trust = _trust(reach.authorities) if there.scheme == "https" else None
    failed: OSError = OSError("no address")
    for address in found[:_TRIED]:
        # One that does not answer leaves time for the others.
        patience = reach.seconds / min(len(found), _TRIED)
        try:
            async with asyncio.timeout(patience):
                return await asyncio.open_connection(
                    address, there.port, ssl=trust, server_hostname=there.name if trust else None
                )
        except OSError as error:  # A time that is out is one too.
            failed = error
    raise failed


@cache
def _trust(authorities: Path | None) -> ssl.SSLContext:
    trust = ssl.create_default_context()
    if authorities is not None:
        trust.load_verify_locations(authorities)
    return trust


def _request(spoken: h11.Connection, asked: Asked) -> bytes:
    always = {"Host": asked.there.host, "User-Agent": _AGENT, "Connection": "close"}
    length = {"Content-Length": str(len(asked.body))} if asked.body else {}
    request = h11.Request(
        method=asked.method,
        target=asked.there.target,
        headers=list({**always, **length, **asked.headers}.items()),
    )
    body = [h11.Data(data=asked.body)] if asked.body else []
    events: list[h11.Event] = [request, *body, h11.EndOfMessage()]
    return b"".join(spoken.send(event) or b"" for event in events)


async def _read(
    spoken: h11.Connection,
    reader: asyncio.StreamReader,
    most: int,
    take: Callable[[bytes], object] | None,
    *,
    whole: bool,
) -> Answer:
    status, headers, body, come, size = 0, {}, bytearray(), 0, 0
    while True:
        event = spoken.next_event()
        if event is h11.NEED_DATA:
            data = await reader.read(_CHUNK)
            come += len(data)
            # Its head, and the frames of what comes in pieces, count too.
            if come > 2 * most + _HEAD:
                raise _too_long(most)
            spoken.receive_data(data)
        elif isinstance(event, h11.Response):
            status = event.status_code
            headers = {name.decode(): value.decode("latin-1") for name, value in event.headers}
            if not whole:
                return Answer(status, b"", headers)
        elif isinstance(event, h11.Data):
            size += len(event.data)
            if size > most:
                raise _too_long(most)
            if take is not None and status in _GOOD:
                take(bytes(event.data))
            else:
                body += event.data
        elif not isinstance(event, h11.InformationalResponse):
            return Answer(status, bytes(body), headers)


def _too_long(most: int) -> CallFailed:
    return CallFailed(f"The answer has more than {most:,} bytes", "Check what is there")
