"""Writes files whole or not at all, and tells where a disk has no room from all else that can go
wrong there.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from kg.errors import DiskFull, StoreError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_WORDS = tuple(map(os.strerror, _FULL))
_CODE = 0xFF
ROOM = "Make room there, and try again"
"""What to do where a disk is full."""


def is_full(error: BaseException) -> bool:
    """Whether an error of the system, of SQLite or of a store says that there is no room.

    >>> is_full(OSError(errno.ENOSPC, "x")), is_full(OSError("IO error: No space left on device"))
    (True, True)
    >>> is_full(OSError(errno.EACCES, "x"))
    False
    """
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & _CODE == sqlite3.SQLITE_FULL
    # Stores and programs tell of it in words only.
    return getattr(error, "errno", None) in _FULL or says_full(str(error))


def says_full(text: str) -> bool:
    """Whether a message of another program says so."""
    return any(words in text for words in _WORDS)


def failed(what: str, error: Exception, hint: str) -> StoreError:
    """The error of something that could not be written or read: that the disk is full, where it is,
    else what the system says, with the hint.
    """
    if is_full(error):
        return DiskFull(f"{what}: there is no room left on the disk", ROOM)
    return StoreError(f"{what}: {error}", hint)


@contextmanager
def writing(what: str) -> Iterator[None]:
    """Raises DiskFull where what is written meanwhile finds no room."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise failed(what, error, ROOM) from error
        raise


@contextmanager
def whole(path: Path, *, lasting: bool = False) -> Iterator[BinaryIO]:
    """A file to write into, which gets its name when all of it is written, so that no half file
    ever has it; one that is there is replaced then. A lasting one is on the disk before, whatever
    becomes of the machine. Raises OSError.
    """
    if path.exists() and not _can_be_replaced(path):
        with path.open("wb") as target:
            yield target
        return
    place = path.resolve()
    beside = place.with_name(f".{uuid4().hex}")
    try:
        with beside.open("xb") as target:
            yield target
            target.flush()
            if lasting:
                os.fsync(target.fileno())
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _can_be_replaced(path: Path) -> bool:
    """Whether it is a file, not a pipe or a device, in a folder that another can be made in."""
    is_plain = path.is_file() and not path.is_relative_to("/dev")
    return is_plain and os.access(path.resolve().parent, os.W_OK)
