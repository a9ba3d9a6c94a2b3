"""A slate: memory that the service shares with one process that answers on lent connections.

The service writes which state of things counts; the process writes what it is at, so that the
request it was at is known when it is killed.
"""

import os
from mmap import mmap
from pathlib import Path
from time import monotonic_ns

from kg.answering.heads import LENGTH

IDLE, BUSY, SENDING = 0, 1, 2
"""What a process is at: nothing, a request that it has not answered, or one that it may have."""

_EPOCH, _CHANGES, _NUMBER, _STATE, _STARTED, _CONNECTION, _SIZE = range(7)
_HEAD = 64


class Slate:
    """One of them, in a file."""

    def __init__(self, path: Path) -> None:
        """Make it, or open it where it is there."""
        with path.open("a+b") as file:
            # Where the disk has no room for it, that must be told now: to write into memory without
            # any behind it ends the process.
            os.posix_fallocate(file.fileno(), 0, _HEAD + LENGTH)
            self._memory = mmap(file.fileno(), _HEAD + LENGTH)
        # A number is written by one instruction, so no other process reads half of it.
        self._numbers = memoryview(self._memory)[:_HEAD].cast("Q")

    def begin(self, connection: int, request: bytes) -> None:
        """Be at a request of a connection."""
        numbers = self._numbers
        numbers[_CONNECTION], numbers[_SIZE] = connection, len(request)
        numbers[_STARTED] = monotonic_ns()
        self._memory[_HEAD : _HEAD + len(request)] = request
        numbers[_NUMBER] += 1
        numbers[_STATE] = BUSY

    def turn(self, state: int) -> None:
        """Be at another stage of it."""
        self._numbers[_STATE] = state

    @property
    def state(self) -> int:
        """What the process is at."""
        return self._numbers[_STATE]

    @property
    def number(self) -> int:
        """How many requests it has begun."""
        return self._numbers[_NUMBER]

    @property
    def seconds(self) -> float:
        """How long ago it began with the last."""
        return (monotonic_ns() - self._numbers[_STARTED]) / 1e9

    @property
    def request(self) -> tuple[int, bytes]:
        """The connection of the last, and its bytes."""
        size = self._numbers[_SIZE]
        return self._numbers[_CONNECTION], self._memory[_HEAD : _HEAD + size]

    @property
    def counts(self) -> tuple[int, int]:
        """The epoch of the store, and how often the history was changed."""
        return self._numbers[_EPOCH], self._numbers[_CHANGES]

    def set_epoch(self, epoch: int) -> None:
        """Tell the epoch of the store."""
        self._numbers[_EPOCH] = epoch

    def set_changes(self, changes: int) -> None:
        """Tell how often the history was changed."""
        self._numbers[_CHANGES] = changes
