"""Turns a file's bytes into text, or says why they are none.

Only regular files are opened, and none larger than the caller allows; links are not followed, since
who walks a folder knows better where they may lead.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from kg.errors import DescriptorInvalid

_LINE_LENGTH = 100_000
_SAMPLE = 65_536
# UTF-32 comes first: its mark begins with the mark of UTF-16.
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_KINDS = (
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x7fELF", "a program"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_HIGH = bytes(range(0x80, 0x100))
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def read_bytes(path: Path, limit: int) -> bytes:
    """Reads a regular file of at most `limit` bytes.

    Folders, links, pipes, sockets and devices are refused before they are opened, and larger files
    before they are read. Raises DescriptorInvalid.
    """
    try:
        _require_regular(os.lstat(path), limit)
        # A pipe may take the file's place between the look and the opening: do not wait for it.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            _require_regular(os.fstat(file.fileno()), limit)
            # Files of the system say that they are empty and are not; growing ones say too little.
            data = file.read(limit + 1)
    except (OSError, ValueError) as problem:
        reason = (problem.strerror if isinstance(problem, OSError) else None) or str(problem)
        raise DescriptorInvalid(
            f"The file cannot be read: {reason.lower()}", "Check its name and its permissions"
        ) from problem
    _require_size(len(data), limit)
    return data


def decode(data: bytes) -> str:
    """Decodes UTF-8, UTF-16 and UTF-32 with a byte order mark or without, and Windows' Latin.

    >>> decode("caffè".encode("utf-16")), decode("caffè".encode("latin-1"))
    ('caffè', 'caffè')

    Raises DescriptorInvalid for binary data, and for text that changes its encoding midway.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _plausible(_strictly(data[len(mark) :], encoding), data)
    if b"\x00" in data[:_SAMPLE]:
        return _plausible(_strictly(data, _wide(data)), data)
    try:
        return _plausible(data.decode(), data)
    except UnicodeDecodeError as problem:
        return _plausible(_western(data, problem.start), data)


def lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Yields each line with its number, from 1, split where an editor splits and nowhere else.

    >>> list(lines("a\r\nb\u2028c"))
    [(1, 'a'), (2, 'b\u2028c')]

    Raises DescriptorInvalid at a line of more than 100,000 characters.
    """
    start = 0
    number = 1
    for end in _LINE_ENDS.finditer(text):
        yield number, _bounded(text[start : end.start()], number)
        start = end.end()
        number += 1
    if start < len(text):
        yield number, _bounded(text[start:], number)


def _require_regular(status: os.stat_result, limit: int) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise DescriptorInvalid("The file is a link", "Give the file that it leads to")
    if not stat.S_ISREG(status.st_mode):
        raise DescriptorInvalid("This is no regular file", "Give a file, not a folder or a device")
    _require_size(status.st_size, limit)


def _require_size(size: int, limit: int) -> None:
    if size > limit:
        raise DescriptorInvalid(
            f"The file has more than the {limit:,} bytes that are read",
            "Leave it out, or give a smaller file that says the same",
        )


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise DescriptorInvalid(
            f"The file begins as {encoding.upper()} but is broken at byte {problem.start:,}",
            "Save it again as UTF-8",
        ) from problem


def _wide(data: bytes) -> str:
    """Tells the byte order of UTF-16 from where its zero bytes stand."""
    sample = data[: _SAMPLE & ~1]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 == 0 and odd > len(sample) // 4 and even * 20 < odd:
        return "utf-16-le"
    if len(data) % 2 == 0 and even > len(sample) // 4 and odd * 20 < even:
        return "utf-16-be"
    raise _binary(data)


def _western(data: bytes, position: int) -> str:
    """Reads Windows' Latin, where nothing in the data speaks for a broken UTF-8 instead."""
    high = len(data) - len(data.translate(None, _HIGH))
    other = not data.decode(errors="ignore").isascii() or _SURROGATE.search(data)
    try:
        if not other and high * 3 <= len(data):
            return data.decode("cp1252")
    except UnicodeDecodeError:
        pass
    if _CONTROL_BYTES.search(data, 0, _SAMPLE):
        raise _binary(data)
    raise DescriptorInvalid(
        f"The text is not UTF-8 throughout: byte 0x{data[position]:02X} is out of place",
        "Save the file as UTF-8",
        line=data.count(b"\n", 0, position) + 1,
    )


def _plausible(text: str, data: bytes) -> str:
    sample = text[:_SAMPLE]
    if "\x00" in text or len(_CONTROLS.findall(sample)) * 10 > len(sample):
        raise _binary(data)
    return text


def _binary(data: bytes) -> DescriptorInvalid:
    kind = next((kind for magic, kind in _KINDS if data.startswith(magic)), "binary data")
    return DescriptorInvalid(
        f"The file is not text but {kind}",
        "Give it the name of what it is, or write it as UTF-8 text",
    )


def _bounded(line: str, number: int) -> str:
    if len(line) > _LINE_LENGTH:
        raise DescriptorInvalid(
            f"A line has {len(line):,} characters, and at most {_LINE_LENGTH:,} are read",
            "Break the line, or leave the file out",
            line=number,
        )
    return line
