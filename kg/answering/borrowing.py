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
from email.utils import formatdate
from pathlib import Path
from socket import MSG_DONTWAIT, MSG_NOSIGNAL, MSG_PEEK, recv_fds, socket
from struct import pack
from time import monotonic, perf_counter, time
from typing import Any

import orjson
from pyoxigraph import Store

from kg.answering.heads import LENGTH, is_near, parted
from kg.answering.lent import NOTHING, Granted, Lent, Made
from kg.answering.memory import limit
from kg.answering.questions import Answer, answer
from kg.answering.remembered import Remembered
from kg.answering.sinks import Sink
from kg.answering.slates import HOLDING, IDLE, NOTES, Slate
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
_LONG = 0.005
_SHOWN = 2000


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
        self._remembered: Remembered[Made] = Remembered(opening["answers"])
        self._store: Store | None = None
        self._checkpoint = ""
        self._lent: dict[int, Lent] = {}
        self._texts: bool = opening["texts"]
        # How long the queries of each caller took, of which half is forgotten each second.
        self._spent: dict[str, float] = {}
        self._noted = 0.0
        self._looked = monotonic()
        self._poll = select.epoll()
        self._poll.register(control, select.EPOLLIN)
        self._date = (0, b"")

    def run(self) -> None:
        while True:
            wait = _PATIENCE if self._noted else _RESTING if self._lent else None
            ready = [number for number, _ in self._poll.poll(wait)]
            if self._control.fileno() in ready and not self._take():
                return
            self._serve([self._lent[number] for number in ready if number in self._lent])
            now = monotonic()
            if self._noted and now - self._noted >= _PATIENCE:
                self._tell()
            if self._lent and now - self._looked >= _RESTING:
                self._rest(now)

    def _take(self) -> bool:
        """Takes all that is lent; whether there is still somebody who lends."""
        while True:
            try:
                # What receives sockets always waits, whatever flags it is given.
                if not self._control.recv(1, MSG_DONTWAIT | MSG_PEEK):
                    return False
            except BlockingIOError:
                return True
            message, sockets, _, _ = recv_fds(self._control, FRAME, 1)
            told = orjson.loads(message)
            if told["checkpoint"] != self._checkpoint:
                self._open(told["checkpoint"])
            found = Lent(told["connection"], socket(fileno=sockets[0]), told)
            self._lent[sockets[0]] = found
            self._poll.register(found.socket, select.EPOLLIN)

    def _open(self, checkpoint: str) -> None:
        # What a store takes to open is no question's.
        limit(None)
        self._store = Store.read_only(checkpoint)
        self._checkpoint = checkpoint
        limit(self._memory)
        self._send(OPENED, 0, checkpoint.encode())

    def _serve(self, ready: list[Lent]) -> None:
        """Answers those first whose queries took least; who comes meanwhile waits for one long
        query at most.
        """
        if len(ready) > 1:
            ready.sort(key=lambda one: self._spent.get(one.caller, 0))
        started = monotonic()
        for lent in ready:
            self._slate.hold(lent.number)
            self._attend(lent)
            self._slate.turn(IDLE)
            now = monotonic()
            self._spent[lent.caller] = self._spent.get(lent.caller, 0) + now - lent.used
            if now - started > _LONG:
                return

    def _attend(self, lent: Lent) -> None:
        """Answers what came on a connection, or gives the connection back."""
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
        self._note({**told, "seconds": perf_counter() - started}, lent)
        try:
            sent = lent.socket.send(response, MSG_DONTWAIT | MSG_NOSIGNAL)
        except BlockingIOError:
            sent = 0
        except OSError:
            sent = len(response)
        if sent < len(response):
            self._give_back(lent, REST, response[sent:])

    def _answered(self, lent: Lent, data: bytes) -> tuple[Answer, bytes] | None:
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
        self._slate.begin(data)
        made = self._made(grant, text, lent.counts)
        self._slate.turn(HOLDING)
        if not grant.covers(made):
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

    def _made(self, grant: Granted, text: str, counts: tuple[int, ...]) -> Made:
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
            return NOTHING
        made = Made(found["kind"], sink.held(), sink.digest.encode())
        size = sink.size + len(grant.asked)
        self._remembered.keep((grant.asked, text), counts, text, made, size)
        return made

    def _now(self) -> bytes:
        second = int(time())
        if second != self._date[0]:
            self._date = second, formatdate(usegmt=True).encode()
        return self._date[1]

    def _give_back(self, lent: Lent, how: bytes, data: bytes = b"") -> None:
        self._poll.unregister(lent.socket)
        del self._lent[lent.socket.fileno()]
        lent.socket.close()
        self._tell()
        self._send(how, lent.number, data)

    def _rest(self, now: float) -> None:
        """Gives back what rests, so that the service sees to how long it may."""
        self._looked = now
        self._spent = {one: spent / 2 for one, spent in self._spent.items() if spent > _LONG}
        for lent in [one for one in self._lent.values() if one.used < now - _RESTING]:
            self._give_back(lent, BACK)

    def _note(self, told: Answer, lent: Lent) -> None:
        """Notes what is told of an answer, where the service finds it if this process is killed."""
        line = orjson.dumps({"connection": lent.number, **told}, option=orjson.OPT_APPEND_NEWLINE)
        self._noted = self._noted or lent.used
        if self._slate.note(line) > NOTES // 2:
            self._tell()

    def _tell(self) -> None:
        if self._noted:
            number, notes = self._slate.notes
            self._send(TOLD, number, notes)
            self._slate.wipe()
            self._noted = 0.0

    def _send(self, how: bytes, number: int, data: bytes) -> None:
        self._control.send(how + pack(">I", number) + data)
