"""Many clients in one process, which cost next to nothing, so that what is measured is the service.

Each keeps its connection, sends the next request as soon as the last is answered, and looks at
nothing but the status and where the answer ends.
"""

import select
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench._targets import Target

_CHUNK = 1 << 16


@dataclass(slots=True)
class Tally:
    """What became of the requests: how many got which status, and how long each took."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def rate(self) -> float:
        """How many were answered in a second."""
        return len(self.seconds) / self.lasted


class Client:
    """A connection, and what came so far of the answer."""

    def __init__(self, target: Target, source: str = "127.0.0.1") -> None:
        """Connect, from an address of this machine."""
        parts = urlsplit(target.root)
        address = parts.hostname, parts.port
        self.socket = socket.create_connection(address, 60, source_address=(source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.started = 0.0
        self._came = b""

    def ask(self, request: bytes) -> int:
        """The status of the answer to a request."""
        self.send(request)
        while (status := self.status()) is None:
            pass
        return status

    def send(self, request: bytes) -> None:
        """Send a request."""
        self.started = time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> int | None:
        """The status, once all of the answer came."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise SystemExit("the service closed a connection")
        self._came += data
        head, end, body = self._came.partition(b"\r\n\r\n")
        if not end or not _is_whole(head.lower(), body):
            return None
        self._came = b""
        return int(head[9:12])


def busy(target: Target, requests: Iterator[bytes], *, clients: int, seconds: float) -> Tally:
    """What becomes of requests that so many clients send for so long."""
    tally = Tally()
    started = time.perf_counter()
    waiting = {}
    poll = select.epoll()
    for _ in range(clients):
        client = Client(target)
        waiting[client.socket.fileno()] = client
        poll.register(client.socket, select.EPOLLIN)
        client.send(next(requests))
    while waiting:
        for number, _ in poll.poll():
            client = waiting[number]
            status = client.status()
            if status is None:
                continue
            now = time.perf_counter()
            tally.statuses[status] += 1
            tally.seconds.append(now - client.started)
            if now - started < seconds:
                client.send(next(requests))
            else:
                poll.unregister(client.socket)
                waiting.pop(number).socket.close()
    tally.lasted = time.perf_counter() - started
    poll.close()
    return tally


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as it goes over the wire; an underscore in the name of a header is a hyphen."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _is_whole(head: bytes, body: bytes) -> bool:
    """Whether no more of the body is to come."""
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    _, told, rest = head.partition(b"content-length:")
    return len(body) >= int(rest.partition(b"\r\n")[0]) if told else True
