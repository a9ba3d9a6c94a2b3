"""One process that answers on connections which the service lends it, so that a quick query costs
nobody but this process.

Over a connection that keeps messages whole, the service lends connections: their sockets, and for
each head of requests a *grant* that says how a query behind it is answered. Whatever is not granted
is given back with what was read of it, and so is a connection that rests. All is void as soon as
the slate tells of a change.
"""

import os
import select
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from socket import MSG_DONTWAIT, MSG_NOSIGNAL, recv_fds, socket
from struct import pack
from time import monotonic, perf_counter, time
from typing import Any

import orjson
from pyoxigraph import Store

from kg.answering.heads import LENGTH, is_near, parted
from kg.answering.memory import limit
from kg.answering.questions import Answer, answer
from kg.answering.remembered import Remembered
from kg.answering.sinks import Sink
from kg.answering.slates import IDLE, SENDING, Slate
from kg.answering.tables import Unwritable

FRAME = 128 << 10
"""How many bytes a message has at most."""

BACK, GONE, REST, OPENED, TOLD = b"b", b"g", b"r", b"o", b"t"
"""How messages to the service begin: a connection that is given back with what was read of it, one
whose client has gone, one with what is still to be sent, that a checkpoint was opened, and what was
answered.
"""

_PATIENCE = 0.02
_RESTING = 1.0
_MANY = 64
_SHOWN = 500


class _Granted:
    """How requests of one head are answered."""

    __slots__ = (
        "asked",
        "kinds",
        "length",
        "question",
        "response",
        "size",
        "told",
        "until",
        "varies",
    )

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.until: float = told["until"]
        self.length: int = told["length"]
        self.size: int = told["size"]
        self.kinds: list[str] = told["kinds"]
        self.question: dict[str, Any] = told["question"]
        self.asked = orjson.dumps({**self.question, "text": ""})
        self.response: bytes = told["response"].encode("latin-1")
        self.varies: tuple[int, str] = told["varies"]
        self.told: dict[str, Any] = told["told"]


@dataclass(frozen=True, slots=True)
class _Made:
    """An answer: what it is one of, its body, and a digest of that."""

    kind: str
    body: bytes = b""
    digest: bytes = b""


_NONE = _Made("")


class _Lent:
    """A connection that was lent, with its grants by their heads."""

    __slots__ = ("counts", "grants", "number", "socket", "used")

    def __init__(self, number: int, found: socket, told: Mapping[str, Any]) -> None:
        self.number = number
        self.socket = found
        self.counts = tuple(told["counts"])
        self.grants = {one["head"].encode("latin-1"): _Granted(one) for one in told["grants"]}
        self.used = monotonic()


def borrow(control: socket) -> None:
    """Answers on what is lent, until the service closes the connection that it lends over."""
    control.send(pack(">I", os.getpid()))
    opening = orjson.loads(control.recv(FRAME))
    _Borrower(control, Slate(Path(opening["slate"])), opening).run()
    os._exit(0)


class _Borrower:
    def __init__(self, control: socket, slate: Slate, opening: Mapping[str, Any]) -> None:
        self._control = control
        self._slate = slate
        self._spool: str = opening["spool"]
        self._memory: int = opening["memory"]
        self._remembered: Remembered[_Made] = Remembered(opening["answers"])
        self._store: Store | None = None
        self._checkpoint = ""
        self._lent: dict[int, _Lent] = {}
        self._texts: bool = opening["texts"]
        self._told: list[Answer] = []
        self._poll = select.epoll()
        self._poll.register(control, select.EPOLLIN)
        self._date = (0, b"")

    def run(self) -> None:
        while True:
            wait = _PATIENCE if self._told else _RESTING if self._lent else None
            ready = self._poll.poll(wait)
            if not ready or len(self._told) >= _MANY:
                self._tell()
            for number, _ in ready:
                if number == self._control.fileno():
                    if not self._take():
                        return
                elif (lent := self._lent.get(number)) is not None:
                    self._serve(lent)
            if self._lent and not ready:
                self._rest()

    def _take(self) -> bool:
        """Takes what is lent; whether there is still somebody who lends."""
        message, sockets, _, _ = recv_fds(self._control, FRAME, 1)
        if not message:
            return False
        told = orjson.loads(message)
        if told["checkpoint"] != self._checkpoint:
            self._open(told["checkpoint"])
        found = _Lent(told["connection"], socket(fileno=sockets[0]), told)
        self._lent[sockets[0]] = found
        self._poll.register(found.socket, select.EPOLLIN)
        return True

    def _open(self, checkpoint: str) -> None:
        # What a store takes to open is no question's.
        limit(None)
        self._store = Store.read_only(checkpoint)
        self._checkpoint = checkpoint
        limit(self._memory)
        self._send(OPENED, 0, checkpoint.encode())

    def _serve(self, lent: _Lent) -> None:
        lent.used = monotonic()
        try:
            data = lent.socket.recv(LENGTH + 1, MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._give_back(lent, GONE)
            return
        started = perf_counter()
        found = self._answered(lent, data)
        if found is None:
            self._give_back(lent, BACK, data)
            return
        told, response = found
        self._slate.turn(SENDING)
        try:
            sent = lent.socket.send(response, MSG_DONTWAIT | MSG_NOSIGNAL)
        except BlockingIOError:
            sent = 0
        except OSError:
            sent = len(response)
        self._slate.turn(IDLE)
        self._told.append({**told, "seconds": perf_counter() - started})
        if sent < len(response):
            self._give_back(lent, REST, response[sent:])

    def _answered(self, lent: _Lent, data: bytes) -> tuple[Answer, bytes] | None:
        """What to tell of an answer, and all of it as it is sent; None where it is for the service
        to give.
        """
        found = parted(data)
        grant = None if found is None else lent.grants.get(found[0])
        if found is None or grant is None:
            return None
        text = found[1]
        void = self._slate.counts != lent.counts or lent.used > grant.until
        if void or len(text) > grant.length or not is_near(text):
            return None
        self._slate.begin(lent.number, data)
        made = self._made(grant, text, lent.counts)
        if made.kind not in grant.kinds or len(made.body) > grant.size:
            self._slate.turn(IDLE)
            return None
        longest, varies = grant.varies
        names = os.urandom(32).hex()
        filled = grant.response % {
            b"date": self._now(),
            b"size": len(made.body),
            b"vary": b"" if len(made.body) < longest else varies.encode(),
            b"digest": made.digest,
            b"query": names[:32].encode(),
            b"request": names[32:].encode(),
        }
        told = {**grant.told, "request": names[32:], "size": len(made.body)}
        if self._texts:
            told["query"] = text[:_SHOWN]
        return told, filled + made.body

    def _made(self, grant: _Granted, text: str, counts: tuple[int, ...]) -> _Made:
        """The answer to a query, remembered or made; it has no kind where it is not one to give."""
        known = self._remembered.find((grant.asked, text), counts)
        if known is not None:
            return known
        assert self._store is not None  # noqa: S101 - nothing is lent before one is opened
        sink = Sink(self._spool)
        try:
            found = answer(self._store, {**grant.question, "text": text}, sink)
        except MemoryError:
            # What is left of this process is not worth much; the slate says what it was at.
            os._exit(1)
        except (SyntaxError, Unwritable, OSError, RuntimeError, ValueError):
            found = {}
        if sink.path is not None:
            sink.path.unlink(missing_ok=True)
        if found.get("outcome") != "answered" or found.get("cut") or sink.path is not None:
            return _NONE
        made = _Made(found["kind"], sink.held(), sink.digest.encode())
        size = sink.size + len(grant.asked)
        self._remembered.keep((grant.asked, text), counts, text, made, size)
        return made

    def _now(self) -> bytes:
        second = int(time())
        if second != self._date[0]:
            self._date = second, formatdate(usegmt=True).encode()
        return self._date[1]

    def _give_back(self, lent: _Lent, how: bytes, data: bytes = b"") -> None:
        self._poll.unregister(lent.socket)
        del self._lent[lent.socket.fileno()]
        lent.socket.close()
        self._tell()
        self._send(how, lent.number, data)

    def _rest(self) -> None:
        """Gives back what rests, so that the service sees to how long it may."""
        late = monotonic() - _RESTING
        for lent in [one for one in self._lent.values() if one.used < late]:
            self._give_back(lent, BACK)

    def _tell(self) -> None:
        if self._told:
            self._send(TOLD, 0, orjson.dumps(self._told))
            self._told.clear()

    def _send(self, how: bytes, number: int, data: bytes) -> None:
        self._control.send(how + pack(">I", number) + data)
