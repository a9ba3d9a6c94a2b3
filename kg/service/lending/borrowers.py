"""One process that borrows: what is lent to it, and what it gives back."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from struct import error, unpack
from typing import Any, Protocol, Self

import orjson

from kg.answering import borrowing
from kg.answering.slates import BUSY, IDLE, Slate
from kg.service.readers.checkpoints import Checkpoint, Checkpoints
from kg.service.readers.nursery import Nursery, no_process
from kg.service.readers.workers import worked
from kg.service.settings import Settings
from kg.service.wire.logs import Answered

_NUMBER, _HEAD = 4, 5
_ROOM = borrowing.FRAME // 2
_PATIENCE = 10


class Connection(Protocol):
    """What is lent."""

    def note(self) -> None:
        """Note that a request was answered on it."""

    def take_back(self, data: bytes) -> None:
        """Go on with it here, with what was read of it and not answered."""

    def keep(self) -> None:
        """Lend it no more."""

    def send_on(self, data: bytes) -> None:
        """Go on with it here, and send first what is left of an answer."""

    def break_off(self) -> None:
        """Close it."""


class Borrower:
    """The process, its slate, and the connections that it has."""

    def __init__(
        self,
        control: socket.socket,
        process: int,
        path: Path,
        checkpoints: Checkpoints,
        told: Callable[[Answered], None],
    ) -> None:
        """Raises OSError where there is no room for its slate."""
        self.process = process
        self.slate = Slate(path)
        self._path = path
        self._control = control
        self._checkpoints = checkpoints
        self._told = told
        self._lent: dict[int, tuple[Connection, str]] = {}
        self._made = 0
        self._heard = 0
        self._held: list[Checkpoint] = []
        self._first_seen = (-1, 0.0, 0)

    @classmethod
    async def started(
        cls,
        nursery: Nursery,
        path: Path,
        settings: Settings,
        checkpoints: Checkpoints,
        told: Callable[[Answered], None],
    ) -> Self:
        """One that is ready; raises StoreUnreachable."""
        loop = asyncio.get_running_loop()
        control = await nursery.forked(socket.SOCK_SEQPACKET)
        control.setblocking(False)  # noqa: FBT003 - it has no name
        try:
            (process,) = unpack(">I", await loop.sock_recv(control, _NUMBER))
            opening = {
                "slate": str(path),
                "spool": str(_spool(path)),
                "memory": settings.query_memory << 20,
                # They take of the memory that a query may have.
                "answers": min(settings.answers << 20, settings.query_memory << 18),
                "texts": settings.log_queries,
            }
            made = cls(control, process, path, checkpoints, told)
            await loop.sock_sendall(control, orjson.dumps(opening))
        except (OSError, error) as fault:
            control.close()
            raise no_process() from fault
        return made

    @property
    def lent(self) -> int:
        """How many connections it has."""
        return len(self._lent)

    @property
    def under_way(self) -> str | None:
        """Who asked what it is at; None where it is at nothing."""
        if self.slate.state != BUSY:
            return None
        return self._lent[self.slate.request[0]][1]

    def attend(self, gone: Callable[[Self], None]) -> None:
        """Heed what it says, from now on; tell once when it has ended."""

        def heed() -> None:
            if not self._heed():
                self.ignore()
                gone(self)

        asyncio.get_running_loop().add_reader(self._control, heed)

    def ignore(self) -> None:
        """Heed it no longer."""
        asyncio.get_running_loop().remove_reader(self._control)

    def take(self, connection: Connection, file: int, caller: str, told: Mapping[str, Any]) -> bool:
        """Have a connection of a caller, by its file, with what is told of it; whether it has."""
        checkpoint = self._checkpoints.current
        if checkpoint is None:
            return False
        self._made += 1
        frame = orjson.dumps(
            {**told, "caller": caller, "connection": self._made, "checkpoint": str(checkpoint.path)}
        )
        if len(frame) > _ROOM:
            return False
        try:
            socket.send_fds(self._control, [frame], [file])
        except OSError:
            # It is behind with what it has, or gone.
            return False
        self._lent[self._made] = connection, caller
        if checkpoint not in self._held:
            checkpoint.holders += 1
            self._held.append(checkpoint)
        return True

    def is_slow(self, seconds: float) -> bool:
        """Whether it has been at one request for longer, of the time that it had a processor."""
        slate = self.slate
        if slate.state != BUSY or slate.seconds < seconds:
            return False
        number, before, seen = self._first_seen
        if number != slate.number:
            self._first_seen = slate.number, worked(self.process), 1
            return False
        self._first_seen = number, before, seen + 1
        return seen >= _PATIENCE or worked(self.process) - before >= seconds / 2

    def end(self) -> None:
        """Take back all that it has, of a process that has ended, and tell what it did not."""
        self._heed()
        self._hear(*self.slate.notes)
        number, request = self.slate.request
        state = self.slate.state
        for one, (connection, _) in self._lent.items():
            if one != number or state == IDLE:
                connection.take_back(b"")
            elif state == BUSY:
                connection.keep()
                connection.take_back(request)
            else:
                # It may have read a request, or sent its answer, or half of it.
                connection.break_off()
        self._lent.clear()
        while self._held:
            self._checkpoints.let_go(self._held.pop())
        self._control.close()
        self._path.unlink(missing_ok=True)
        _spool(self._path).unlink(missing_ok=True)

    def _heed(self) -> bool:
        """Does what it says; whether it may say more."""
        while True:
            try:
                message = self._control.recv(borrowing.FRAME)
            except BlockingIOError:
                return True
            except ConnectionResetError:
                # It ended before it read all; what it said itself comes behind this.
                continue
            except OSError:
                return False
            if not message:
                return False
            (number,) = unpack(">I", message[1:_HEAD])
            self._obey(message[:1], number, message[_HEAD:])

    def _obey(self, how: bytes, number: int, data: bytes) -> None:
        if how == borrowing.TOLD:
            self._hear(number, data)
        elif how == borrowing.OPENED:
            while str(self._held[0].path) != data.decode():
                self._checkpoints.let_go(self._held.pop(0))
        else:
            connection, _ = self._lent.pop(number)
            if how == borrowing.BACK:
                connection.take_back(data)
            elif how == borrowing.REST:
                connection.send_on(data)
            else:
                connection.break_off()

    def _hear(self, number: int, notes: bytes) -> None:
        """Tells what it noted, unless these notes were told before."""
        if number < self._heard:
            return
        self._heard = number + 1
        for line in notes.splitlines():
            told = orjson.loads(line)
            if (lent := self._lent.get(told.pop("connection"))) is not None:
                lent[0].note()
            self._told(Answered(**told))


def _spool(path: Path) -> Path:
    """Where a large answer goes, beside the slate."""
    return path.with_name(f"{path.name}-spool")
