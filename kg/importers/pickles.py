"""Reads pickles, also those of joblib, without loading them: of which classes they are made.

Only names and the release of scikit-learn are read, since whoever loads a pickle runs what it says.
One that would run a program is a problem. Git LFS's pointers stand for files that are not here.
"""

import re
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable
from io import BytesIO
from lzma import LZMADecompressor, LZMAError
from typing import BinaryIO, Protocol

from kg.errors import DescriptorInvalid
from kg.importers._objects import STATES as STATED
from kg.importers._objects import take_objects
from kg.importers._pickled import Pickled, read_pickle
from kg.statements import Notes, Reading, Source

TITLE = "Pickled objects (.pkl, .joblib)"
FILES = "`*.pkl`, `*.pickle`, `*.joblib`"
BY_CONTENT = False
STATES = STATED

_NAMES = re.compile(r".+\.(?:pkl|pickle|joblib)", re.IGNORECASE | re.DOTALL)
_POINTER = b"version https://git-lfs"
_UNPACKED = 32 << 20
_RUNNING = re.compile(
    r"(?:os|posix|nt|subprocess|runpy|shutil|socket|pty|commands)\..+|"
    r"(?:builtins|__builtin__)\.(?:eval|exec|execfile|compile|__import__|open)"
)


class _Unpacking(Protocol):
    """What unpacks a file, no more than it is told."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """The unpacked bytes."""


# What unpacks a file that begins so.
_PACKED: dict[bytes, Callable[[], _Unpacking]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(zlib.MAX_WBITS | 32),
    b"\x78": lambda: zlib.decompressobj(zlib.MAX_WBITS | 32),
    b"BZ": BZ2Decompressor,
    b"\xfd7zXZ": LZMADecompressor,
    b"\x5d\x00": LZMADecompressor,
}


def claims(source: Source) -> bool:
    """Whether the file is called like a pickle."""
    return bool(_NAMES.fullmatch(source.name))


def read(source: Source) -> Reading:
    """What the stored model, or the prepared step, is made of and needs."""
    notes = Notes()
    if source.head.startswith(_POINTER):
        notes.problem("The object is not here but in Git LFS. Fetch it with `git lfs pull`.", 1)
        return notes.reading(source.path)
    with source.location.open("rb") as stream:
        unpacked = _unpacked(source, stream)
        found = read_pickle(unpacked)
        # What is only unpacked in part cannot come to its end.
        is_whole = unpacked is stream or unpacked.tell() < _UNPACKED
    _judge(found, notes, is_whole=is_whole)
    take_objects(source, notes, found.root, found.names, found.versions)
    return notes.reading(source.path)


def _unpacked(source: Source, stream: BinaryIO) -> BinaryIO:
    """The pickle itself, of which at most 32 MB are unpacked; raises DescriptorInvalid."""
    begin = next((way for head, way in _PACKED.items() if source.head.startswith(head)), None)
    if begin is None:
        return stream
    try:
        return BytesIO(begin().decompress(stream.read(_UNPACKED), _UNPACKED))
    except (OSError, ValueError, zlib.error, LZMAError) as fault:
        message = f"The file cannot be unpacked: {fault}"
        raise DescriptorInvalid(message, "Write it again") from fault


def _judge(found: Pickled, notes: Notes, *, is_whole: bool) -> None:
    """Say what is wrong with the pickle; raises DescriptorInvalid where it is none."""
    if found.broken and not found.root:
        raise DescriptorInvalid(
            "The file is no pickle", "Write it again, or name it for what it is"
        )
    if found.broken and is_whole and not found.has_arrays:
        notes.problem("The pickle is broken or cut off: its instructions do not come to an end.")
    for name in found.names:
        if _RUNNING.fullmatch(name):
            notes.problem(f"Whoever loads the pickle runs `{name}`. Do not load it.")
