"""What a file holds: its size and digests, also as they would be with other line ends.

A file that Git wrote with other line ends is the same file to whoever recorded it. Of a pointer of
Git LFS, size and digest are those of the file that it stands for.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_PIECE = 1 << 20
_HEAD = 4096
_POINTER = re.compile(
    rb"version https://git-lfs.*\n(?:.*\n)*?oid sha256:(?P<oid>[0-9a-f]{64})\r?\nsize (?P<size>\d+)"
)
# What DVC 2 called md5 is that of a text whose lines end in line feeds alone.
LINE_FEEDS = "md5-dos2unix"
_ALGORITHMS = {name: name for name in ("md5", "sha1", "sha256", "sha384", "sha512")} | {
    LINE_FEEDS: "md5"
}

_Way = Callable[[bytes], bytes]


class Contents:
    """The contents of one file, which is read in pieces, and only for what is asked.

    Raises OSError where the file cannot be read.
    """

    def __init__(self, location: Path) -> None:
        self._location = location
        with location.open("rb") as stream:
            head = stream.read(_HEAD)
        self._pointer = _POINTER.match(head)
        self._ways: tuple[_Way, ...] = (_as_it_is,)
        if b"\0" not in head and not self._pointer:
            self._ways = (_as_it_is, _with_line_feeds, _with_both)

    def size(self, recorded: Iterable[int]) -> int:
        """The size that was recorded, where it is the file's in some way of ending lines, else the
        file's own.
        """
        if self._pointer:
            return int(self._pointer["size"])
        own = self._location.stat().st_size
        wanted = set(recorded) - {own}
        others = [sum(map(len, self._pieces(way))) for way in self._ways[1:]] if wanted else []
        return next((size for size in others if size in wanted), own)

    def digests(self, recorded: Iterable[str]) -> list[str]:
        """Each recorded digest where it is the file's in some way of ending lines, else the file's
        own; nothing for an algorithm that is not known.
        """
        found: dict[str, None] = {}
        for text in recorded:
            algorithm, _, digest = text.partition(":")
            name = algorithm.lower()
            if self._pointer:
                own = self._pointer["oid"].decode() if name == "sha256" else None
            else:
                own = self._own(name, digest.lower()) if name in _ALGORITHMS else None
            if own:
                found[text if own == digest.lower() else f"{algorithm}:{own}"] = None
        return list(found)

    def _own(self, name: str, wanted: str) -> str:
        """The wanted digest if some way of ending lines gives it, else the plain one."""
        # What DVC took for binary it left as it was.
        ways = self._ways[1::-1] if name == LINE_FEEDS else self._ways
        digests = (self._digest(_ALGORITHMS[name], way) for way in ways)
        first = next(digests)
        return wanted if first == wanted or wanted in digests else first

    def _digest(self, name: str, way: _Way) -> str:
        made = hashlib.new(name, usedforsecurity=False)
        for piece in self._pieces(way):
            made.update(piece)
        return made.hexdigest()

    def _pieces(self, way: _Way) -> Iterator[bytes]:
        """The bytes with lines ended in that way, no line end cut in two."""
        with self._location.open("rb") as stream:
            while piece := stream.read(_PIECE):
                while piece.endswith(b"\r") and (further := stream.read(1)):
                    piece += further
                yield way(piece)


def _as_it_is(piece: bytes) -> bytes:
    return piece


def _with_line_feeds(piece: bytes) -> bytes:
    return piece.replace(b"\r\n", b"\n")


def _with_both(piece: bytes) -> bytes:
    return piece.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
