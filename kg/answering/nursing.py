"""What a nursery does: makes processes by forking itself, which takes a millisecond.

It is told what to do over a connection: five bytes a command, a letter and a process. With `s`
comes a connection, and a process is started that serves there; `e` ends a process, `b` puts it
behind all others. When the connection is closed, all of them end, and so they do when the nursery
is killed itself.

What few of its processes need, and takes long to load, it loads a second after its start, when
nobody waits to be served.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from select import select
from socket import recv_fds, socket
from struct import unpack
from time import monotonic

_LENGTH = 5
_BEHIND = 10
_SOON = 1.0
_PR_SET_PDEATHSIG = 1


def nurse(
    control: socket, serve: Callable[[socket], None], prepare: Callable[[], None] = lambda: None
) -> None:
    """Does what it is told, until nobody tells it anything; prepares what comes when whoever waited
    for its start is served.
    """
    children: set[int] = set()
    due = monotonic() + _SOON
    is_prepared = False
    while True:
        if not is_prepared and not select([control], [], [], max(due - monotonic(), 0))[0]:
            prepare()
            is_prepared = True
        command, connections, _, _ = recv_fds(control, _LENGTH, 1)
        _reap(children)
        if len(command) < _LENGTH:
            break
        (process,) = unpack(">I", command[1:])
        if command[:1] == b"s":
            nursery, child = os.getpid(), os.fork()
            if not child:
                control.close()
                _end_with(nursery)
                serve(socket(fileno=connections[0]))
                os._exit(0)
            os.close(connections[0])
            children.add(child)
        elif process in children:
            _obey(command[:1], process)
    for child in children:
        os.kill(child, signal.SIGKILL)


def _end_with(nursery: int) -> None:
    """Has the kernel kill this process when the nursery ends: one that works on a question looks at
    nothing else.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != nursery:
        os._exit(0)


def _obey(command: bytes, process: int) -> None:
    # A child that nobody waited for keeps its number, so none but a child of ours is meant.
    with suppress(ProcessLookupError):
        if command == b"e":
            os.kill(process, signal.SIGKILL)
        else:
            os.setpriority(os.PRIO_PROCESS, process, _BEHIND)


def _reap(children: set[int]) -> None:
    """Lets those go that have ended."""
    while children:
        child, _ = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        children.discard(child)
