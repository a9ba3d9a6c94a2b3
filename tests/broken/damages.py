"""The ways in which a file of any format breaks: on the way, on the disk, in somebody's hands."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

SPARSE = 1 << 30
"""How many bytes a file claims to have that holds next to none."""

PAGE = b"""<!DOCTYPE html>
<html><head><title>404: Not Found</title></head>
<body><h1>Not Found</h1><p>The file you asked for is "gone" &amp; will not return.</p></body></html>
"""
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
PICKLE = b"\x80\x05\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94."


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to break a file; `whole` where nothing is left that tells what it was.

    `make` is given the intact file and where in it the damage may begin. `size` is the length in
    bytes to which the file is stretched without being written.
    """

    name: str
    make: Callable[[bytes, int], bytes]
    whole: bool = False
    size: int = 0


def noise(size: int) -> bytes:
    """Bytes without any sense, the same at each run."""
    return Random(size).randbytes(size)  # noqa: S311 (nothing secret is made of it)


def _replaced(content: bytes) -> Callable[[bytes, int], bytes]:
    return lambda _intact, _at: content


def _inserted(content: bytes) -> Callable[[bytes, int], bytes]:
    return lambda intact, at: intact[:at] + content + intact[at:]


def _appended(content: bytes) -> Callable[[bytes, int], bytes]:
    return lambda intact, _at: intact + content


def _conflict(intact: bytes, at: int) -> bytes:
    """What a merge leaves behind that nobody settled."""
    begin = intact.rfind(b"\n", 0, at) + 1
    end = intact.find(b"\n", at) + 1 or len(intact)
    line = intact[begin:end]
    both = b"<<<<<<< HEAD\n" + line + b"=======\n" + line + b">>>>>>> feature\n"
    return intact[:begin] + both + intact[end:]


DAMAGES = [
    Damage("empty", _replaced(b""), whole=True),
    Damage("blank", _replaced(b" \n\n  \n"), whole=True),
    Damage("only-a-byte-order-mark", _replaced(b"\xef\xbb\xbf"), whole=True),
    Damage("zeros", _replaced(bytes(4096)), whole=True),
    Damage("noise", _replaced(noise(4096)), whole=True),
    Damage("picture", _replaced(PICTURE + noise(500)), whole=True),
    Damage("pickle", _replaced(PICKLE), whole=True),
    Damage("web-page", _replaced(PAGE), whole=True),
    Damage("packed", lambda intact, _at: gzip.compress(intact, mtime=0), whole=True),
    Damage("mainframe-encoding", lambda intact, _at: _recoded(intact, "cp037"), whole=True),
    Damage("half-characters", _replaced(b"\xff\xfe" + b"\x00\xd8a\x00" * 50), whole=True),
    Damage("sparse", _replaced(b""), whole=True, size=SPARSE),
    Damage("cut-off", lambda intact, at: intact[:at]),
    Damage("cut-off-in-a-wide-character", lambda intact, _at: _recoded(intact, "utf-16")[:-1]),
    Damage("nul", _inserted(b"\0")),
    Damage("nuls-at-the-end", _appended(bytes(4096))),
    Damage("noise-at-the-end", _appended(noise(4096))),
    Damage("noise-within", _inserted(noise(64))),
    Damage("two-encodings", _inserted("é".encode() + "é".encode("latin-1"))),
    Damage("surrogate", _inserted(b"\xed\xa0\x80")),
    Damage("escape-sequence", _inserted(b"\x1b[31m\x07\x08")),
    Damage("merge-conflict", _conflict),
    Damage("endless-line", _inserted(b"x" * 2_000_000)),
    Damage("sparse-end", _appended(b""), size=SPARSE),
]
"""Kinds of breakages that are tried on every format."""


def _recoded(intact: bytes, encoding: str) -> bytes:
    return intact.decode("latin-1").encode(encoding)
