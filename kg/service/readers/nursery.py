"""Where processes that answer come from: one process that forks, so that none has to be loaded."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from struct import pack

from kg.errors import StoreUnreachable
from kg.service.readers.channels import Channel, connected

_COMMAND = (sys.executable, "-P", "-m")
# Without these, each thread, and Arrow, set aside far more memory than they ever take, and that is
# limited.
_ENVIRONMENT = {
    "RUST_BACKTRACE": "0",
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


class Nursery:
    """Starts processes and ends them."""

    def __init__(self, module: str = "kg.answering", *arguments: str) -> None:
        """Of a module that is run with the number of a connection, and the arguments behind it."""
        self._module = module
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def open(self) -> None:
        """Start the process that forks."""
        ours, theirs = socket.socketpair()
        with theirs:
            silent = subprocess.DEVNULL
            self._process = subprocess.Popen(  # noqa: S603 - it is ours
                [*_COMMAND, self._module, str(theirs.fileno()), *self._arguments],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **_ENVIRONMENT},
                # Ctrl-C is for the service, which lets them finish.
                start_new_session=True,
                stdin=silent,
                stdout=silent,
                stderr=silent,
            )
        self._control = ours

    async def close(self) -> None:
        """End it, and with it all processes that it started."""
        if self._control is not None and self._process is not None:
            self._control.close()
            self._end_all(self._process)
            await asyncio.to_thread(self._process.wait)
        self._control = None

    async def start(self) -> tuple[Channel, int]:
        """A new process: the connection with it, and its number; raises StoreUnreachable."""
        ours = await self.forked()
        try:
            return await connected(ours)
        except ConnectionError as error:
            raise no_process() from error

    async def forked(self, kind: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
        """The connection with a new process, of a kind of socket."""
        ours, theirs = socket.socketpair(type=kind)
        with theirs:
            if not self._tell(b"s", 0, theirs):
                # Whatever ended it, the next may live.
                await self.close()
                self.open()
                self._tell(b"s", 0, theirs)
        return ours

    def end(self, number: int) -> None:
        """Kill a process; all of them where the nursery has ended, as nothing can end one then."""
        if not self._tell(b"e", number) and self._control is not None and self._process is not None:
            self._end_all(self._process)

    def put_behind(self, number: int) -> None:
        """Let all others go before a process."""
        self._tell(b"b", number)

    def _end_all(self, process: subprocess.Popen[bytes]) -> None:
        # They are a session of their own, whose number is nobody else's before it is waited for.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _tell(self, command: bytes, number: int, *connections: socket.socket) -> bool:
        """Tells it what to do; whether it is there to be told."""
        if self._control is None:
            return False
        numbers = [one.fileno() for one in connections]
        try:
            socket.send_fds(self._control, [command + pack(">I", number)], numbers)
        except OSError:
            return False
        return True


def no_process() -> StoreUnreachable:
    """What is told where no process came."""
    return StoreUnreachable("No process could be started to answer the query", "Try again later")
