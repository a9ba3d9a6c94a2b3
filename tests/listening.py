"""A host of the test's own on a free port of this machine, which answers what it is told to."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Listener:
    """What came: connections, and the requests among them that were read to their end."""

    port: int
    calls: int = 0
    asked: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)


@contextmanager
def listening(
    *pieces: bytes, pause: float = 0, stays: bool = False, context: ssl.SSLContext | None = None
) -> Iterator[Listener]:
    """A host that answers each request by these pieces, one after the other; where it `stays`, the
    connection is not closed after them.
    """
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        listener = Listener(server.getsockname()[1], answers=list(pieces))

        def serve() -> None:
            while not ended.is_set():
                with suppress(TimeoutError):
                    connection, _ = server.accept()
                    listener.calls += 1
                    connection.settimeout(5)
                    # A client that leaves early is what some tests are about.
                    with suppress(OSError), _secured(connection, context) as spoken:
                        listener.asked.append(_request(spoken))
                        for piece in listener.answers:
                            ended.wait(pause)
                            spoken.sendall(piece)
                        if stays:
                            ended.wait(5)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener
        finally:
            ended.set()
            thread.join()


def _secured(connection: socket.socket, context: ssl.SSLContext | None) -> socket.socket:
    return connection if context is None else context.wrap_socket(connection, server_side=True)


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            raise OSError
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
