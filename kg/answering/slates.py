"""A slate: memory that the service shares with one process that answers on lent connections.

The service writes which state of things counts; the process writes what it is at, and what it has
not told yet of its answers, so that both are known when it is killed.
"""

import os
from mmap import mmap
from pathlib import Path
from time import monotonic_ns

from kg.answering.heads import LENGTH

IDLE, BUSY, HOLDING = 0, 1, 2
"""What a process is at: nothing, a request that it has not answered, or a connection of which bytes
may be lost with it.
"""

NOTES = 64 << 10
"""How many bytes of notes there is room for."""

_EPOCH, _CHANGES, _NUMBER, _STATE, _STARTED, _CONNECTION, _SIZE, _NOTED, _TURN = range(9)
_HEAD = 128
_NOTES = _HEAD + LENGTH
_ALL = _NOTES + NOTES


class Slate:
    """One of them, in a file."""

    def __init__(self, path: Path) -> None:
        """Make it, or open it where it is there; raises OSError where there is no room for it."""
        with path.open("a+b") as file:
            # Whoever writes where the disk has no room is killed, and the service writes here, too.
            os.posix_fallocate(file.fileno(), 0, _ALL)
            self._memory = mmap(file.fileno(), _ALL)
        # A number is written by one instruction, so no other process reads half of it.
        self._numbers = memoryview(self._memory)[:_HEAD].cast("Q")

    def hold(self, connection: int) -> None:
        """Be at a connection."""
        self._numbers[_CONNECTION] = connection
        self._numbers[_STATE] = HOLDING

    def begin(self, request: bytes) -> None:
        """Be at a request of the connection."""
        numbers = self._numbers
        numbers[_SIZE], numbers[_STARTED] = len(request), monotonic_ns()
        self._memory[_HEAD : _HEAD + len(request)] = request
        numbers[_NUMBER] += 1
        numbers[_STATE] = BUSY

    def turn(self, state: int) -> None:
        """Be at another stage of it."""
        self._numbers[_STATE] = state

    def note(self, line: bytes) -> int:
        """Note what is to be told; the number of bytes that are noted."""
        size = self._numbers[_NOTED]
        end = size + len(line)
        self._memory[_NOTES + size : _NOTES + end] = line
        self._numbers[_NOTED] = end
        return end

    @property
    def notes(self) -> tuple[int, bytes]:
        """Which notes these are, by how many were told before, and the notes."""
        return self._numbers[_TURN], self._memory[_NOTES : _NOTES + self._numbers[_NOTED]]

    def wipe(self) -> None:
        """Have no notes any more: they were told."""
        self._numbers[_NOTED] = 0
        self._numbers[_TURN] += 1

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
