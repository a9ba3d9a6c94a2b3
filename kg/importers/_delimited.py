"""Reads delimited text as it streams by: its encoding, its delimiter, its header and its records.

No more is held than a block of records, whatever the size of the file. What a column holds is not
its business, and where the first record may be data no header is made up.
"""

import csv
import re
from array import array
from bisect import bisect_right
from codecs import (
    BOM_UTF8,
    BOM_UTF16_BE,
    BOM_UTF16_LE,
    BOM_UTF32_BE,
    BOM_UTF32_LE,
    getincrementaldecoder,
)
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import StringIO
from itertools import islice
from typing import Protocol

from kg.errors import DescriptorInvalid
from kg.profiles import ColumnProfile
from kg.reading import decode

Row = list[str]

_PIECE = 1 << 16
_BLOCK_ROWS = 512
_BLOCK_CELLS = 250_000
_LONGEST_RECORD = 1 << 20
_BLOCK_CHARACTERS = 4 << 20
_MOST_BLANK = 1_000_000
_MOST_SHIFTS = 100_000
_SAMPLED = 100
_LOOKED_AT = 1000
_YEARS = range(1900, 2101)
_DELIMITERS = ",;\t|"
_HIGH = bytes(range(0x80, 0x100))
# UTF-32 comes first: its mark begins with the mark of UTF-16.
_MARKS = (
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
# What is saved under the name of a table when a download goes wrong.
_OTHERS = (
    ("<!doctype", "an HTML page"),
    ("<html", "an HTML page"),
    ("<?xml", "XML"),
    ('{"', "JSON"),
    ("[{", "JSON"),
)


class Stream(Protocol):
    """Bytes that come in one after the other."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, fewer than `size` only at the end."""


class Delimited:
    """A table in delimited text: its header at once, then its records block by block, once.

    `line` is where the header stands, and `named` is false where it looks like data. `records`
    counts what has gone by; `ragged` those with more or fewer cells than the header, which are in
    no block, and `first_ragged` is the line of the first. `plain` is whether the header is a line
    as it stands in the file. `unclosed` is the line of a record that
    ends with the file inside quotes. Raises DescriptorInvalid for what is no text, for a record of
    more than a million characters, and where the text breaks off.
    """

    def __init__(self, stream: Stream, *, tabbed: bool = False) -> None:
        self._lines = _Lines(stream)
        self._starts = Starts()
        sample = self._lines.sample()
        self.delimiter = _delimiter(sample, tabbed=tabbed)
        self._reader = csv.reader(self._lines, delimiter=self.delimiter, skipinitialspace=True)
        self.records = self.ragged = 0
        self.first_ragged: int | None = None
        self.unclosed: int | None = None
        self.line, self.header = self._first()
        body = _body(_parsed(sample, self.delimiter), self.header)
        self.named = _is_header(self.header[:_LOOKED_AT], body)
        width = len(self.header)
        # R writes the names of rows without a name above them; spreadsheets write empty columns.
        if len(self.header) > 1 and body and _has_row_names(self.header, body):
            self.header.insert(0, "")
        while len(self.header) > 1 and _is_blank([self.header, *body], len(self.header) - 1):
            self.header.pop()
        self.plain = (
            len(self.header) == width
            and self._reader.line_num == self.line
            and self._lines.encoding in {"utf-8", "utf-8-sig"}
        )

    def line_of(self, record: int | None) -> int | None:
        """The line of a record that was in some block, counted from 0; None where it is lost."""
        return self._starts.line(record, self.line + 1)

    def blocks(self) -> Iterator[list[Row]]:
        """The records that have as many cells as the header, some hundred at a time."""
        rows = max(min(_BLOCK_ROWS, _BLOCK_CELLS // len(self.header)), 1)
        block: list[Row] = []
        size = 0
        for line, row in self._rows():
            self.records += 1
            if self._fits(row, line):
                self._starts.add(line, self.records - self.ragged - 1, self.line + 1)
                block.append(row)
                size += self._lines.taken
            if len(block) == rows or size > _BLOCK_CHARACTERS:
                yield block
                block, size = [], 0
        yield block

    def _first(self) -> tuple[int, Row]:
        for line, row in self._rows():
            return line, row
        raise DescriptorInvalid(
            "The first record has no end", "Close its quotes", line=self.unclosed
        )

    def _rows(self) -> Iterator[tuple[int, Row]]:
        """The records as the csv module cuts them, without blank lines, and where each begins."""
        blank = 0
        while blank < _MOST_BLANK:
            self._lines.taken = 0
            before = self._reader.line_num
            try:
                row = next(self._reader)
            except StopIteration:
                return
            except csv.Error as fault:
                raise DescriptorInvalid(
                    f"The record that begins here cannot be read: {fault}",
                    "See whether a quote is not closed",
                    line=before + 1,
                ) from fault
            if self._lines.ended:
                self.unclosed = before + 1
            elif row:
                yield before + 1, row
            else:
                blank += 1
        raise DescriptorInvalid(
            f"The file has {blank:,} blank lines or more", "Take them out", line=before + 1
        )

    def _fits(self, row: Row, line: int) -> bool:
        width = len(self.header)
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            del row[width:]
        if len(row) == width:
            return True
        self.first_ragged = self.first_ragged or line
        self.ragged += 1
        return False


class Starts:
    """On which line each record begins: mostly on the one after that of the record before it."""

    def __init__(self) -> None:
        self._records = array("Q")
        self._shifts = array("Q")

    def add(self, line: int, record: int, first: int) -> None:
        """Take down where a record begins that is not where it would with one line a record."""
        shift = line - first - record
        if shift != (self._shifts[-1] if self._shifts else 0) and len(self._shifts) < _MOST_SHIFTS:
            self._records.append(record)
            self._shifts.append(shift)

    def line(self, record: int | None, first: int) -> int | None:
        """The line of a record; None for none, or where too many stand out of line to tell."""
        if record is None:
            return None
        place = bisect_right(self._records, record)
        if place == _MOST_SHIFTS:
            return None
        return first + record + (self._shifts[place - 1] if place else 0)


# -- lines -----------------------------------------------------------------------------------------


class _Lines:
    """The lines of a text that comes in as bytes; `taken` counts characters since it was set to 0.

    Line ends stay, since a cell may hold them. `encoding` is what it has shown so far. `ended` is
    true once a line was asked for in vain.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        first = stream.read(_PIECE)
        whole = len(first) < _PIECE
        self.encoding = _encoding(first, whole=whole)
        self._decoder = getincrementaldecoder(self.encoding)()
        self._ascii = True
        self._number = 0
        self._head = self._decoded(first, final=whole)
        _require_table(self._head)
        self._whole = whole
        self._source = self._split()
        self.taken = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self._number += 1
        self.taken += len(line)
        if self.taken > _LONGEST_RECORD:
            raise self._too_long(self._number)
        return line

    def sample(self) -> list[str]:
        """The first lines, without taking them; the last is left out where it may go on."""
        lines = list(islice(StringIO(self._head, newline=""), _SAMPLED + 1))
        return lines if self._whole and len(lines) <= _SAMPLED else lines[:-1] or lines

    def _split(self) -> Iterator[str]:
        carried = ""
        for text in self._texts():
            lines = StringIO(carried + text, newline="").readlines()
            # A lone \r at the end of a piece may be the first half of a line end.
            carried = "" if not lines or lines[-1].endswith("\n") else lines.pop()
            if len(carried) > _LONGEST_RECORD:
                raise self._too_long(self._number + len(lines) + 1)
            yield from lines
        yield from StringIO(carried, newline="")

    def _texts(self) -> Iterator[str]:
        yield self._head
        final = self._whole
        while not final:
            piece = self._stream.read(_PIECE)
            final = len(piece) < _PIECE
            yield self._decoded(piece, final=final)

    def _decoded(self, piece: bytes, *, final: bool) -> str:
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeDecodeError as fault:
            text = self._decoded_anew(piece, fault, final=final)
        if "\x00" in text:
            raise _nul(self._number + text.count("\n", 0, text.index("\x00")) + 1)
        self._ascii = self._ascii and text.isascii()
        return text

    def _decoded_anew(self, piece: bytes, fault: UnicodeDecodeError, *, final: bool) -> str:
        """The piece as Windows' Latin, where nothing has yet shown that the text is UTF-8."""
        data = self._decoder.getstate()[0] + piece
        line = self._number + data.count(b"\n", 0, fault.start) + 1
        name = self.encoding[:6].rstrip("-").upper()
        refused = DescriptorInvalid(
            f"The text is not {name} throughout", "Save the file as UTF-8", line=line
        )
        if self.encoding != "utf-8" or not self._ascii:
            raise refused from fault
        try:
            decode(data)
            self.encoding = "cp1252"
            self._decoder = getincrementaldecoder(self.encoding)()
            return self._decoder.decode(data, final)
        except (DescriptorInvalid, UnicodeDecodeError):
            raise refused from fault

    def _too_long(self, line: int) -> DescriptorInvalid:
        return DescriptorInvalid(
            f"A record has more than {_LONGEST_RECORD:,} characters",
            "See whether a quote is not closed, or the line ends are missing",
            line=line,
        )


def _encoding(first: bytes, *, whole: bool) -> str:
    """The encoding that the first bytes speak for; raises DescriptorInvalid if they are no text."""
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return encoding
    if 0 < first.count(0) * 10 < len(first):
        decode(first.replace(b"\x00", b""))
        raise _nul(first.count(b"\n", 0, first.index(0)) + 1)
    if b"\x00" in first:
        decode(first[: len(first) & ~1])
        little = first[1::2].count(0) > first[::2].count(0)
        return "utf-16-le" if little else "utf-16-be"
    # What is cut off must not end within a character.
    decode(first if whole else first[: first.rfind(b"\n") + 1] or first.rstrip(_HIGH))
    return "utf-8"


def _nul(line: int) -> DescriptorInvalid:
    return DescriptorInvalid(
        "A NUL byte stands in the text",
        "Write the file again: it was cut off or damaged",
        line=line,
    )


def _require_table(head: str) -> None:
    begin = head.lstrip()[:20].lower()
    if not begin:
        raise DescriptorInvalid(
            "The file is empty, or begins with blanks", "Leave it out, or write a table into it"
        )
    for sign, kind in _OTHERS:
        if begin.startswith(sign):
            raise DescriptorInvalid(
                f"The file is not a table but {kind}", "Give it the name of what it is"
            )


# -- delimiter and header --------------------------------------------------------------------------


def _delimiter(sample: list[str], *, tabbed: bool) -> str:
    """The sign that cuts the first record, and cuts most others into as many cells."""
    if tabbed and any("\t" in line for line in sample):
        return "\t"
    return max(_DELIMITERS, key=lambda delimiter: _likeness(_parsed(sample, delimiter)))


def _likeness(rows: Sequence[Row]) -> tuple[bool, float, int]:
    """How like a table the rows are: are there columns, how many rows fit, how many columns."""
    if not rows:
        return False, 0.0, 0
    width = len(rows[0])
    widths = {width, width + 1} if width > 1 else {width}
    fitting = sum(len(row) in widths for row in rows)
    return width > 1 or _is_titled(rows), fitting / len(rows), width


def _is_titled(rows: Sequence[Row]) -> bool:
    """Whether the first record is no more than a title above the header."""
    first, *body = map(len, rows)
    columns = set(body)
    return (
        first == 1
        and len(body) > 1
        and len(columns) == 1
        and columns != {1}
        and not any(_kind([cell]) for cell in rows[1])
    )


def _parsed(sample: list[str], delimiter: str) -> list[Row]:
    rows: list[Row] = []
    with suppress(csv.Error):
        rows.extend(filter(None, csv.reader(sample, delimiter=delimiter, skipinitialspace=True)))
    return rows


def _body(rows: list[Row], header: Row) -> list[Row]:
    """The records of the sample below the header."""
    return rows[1:] if rows and rows[0] == header else []


def _is_header(first: Row, body: list[Row]) -> bool:
    """Whether the first record names columns: it does not where it looks like the data below it.

    A number is a name where it counts the columns or years, or stands over what is no number.
    """
    alike = [
        cell.strip()
        for place, cell in enumerate(first)
        if _kind([cell]) and (not body or _kind([cell]) == _kind(_column(body, place)))
    ]
    return not alike or _is_count(alike, first)


def _has_row_names(header: Row, body: list[Row]) -> bool:
    return all(len(row) == len(header) + 1 and row[-1].strip() for row in body)


def _is_blank(rows: list[Row], place: int) -> bool:
    return not any(cell.strip() for cell in _column(rows, place))


def _column(body: list[Row], place: int) -> Iterator[str]:
    return (row[place] for row in body if place < len(row))


def _kind(cells: Iterable[str]) -> str:
    """Number, date or truth value, which a column's name is not; nothing for text."""
    column = ColumnProfile()
    column.feed_all(cells)
    kind = column.finish().type
    kinds = {"integer": "number", "double": "number", "dateTime": "date", "string": ""}
    return kinds.get(kind, kind)


def _is_count(numbers: list[str], first: Row) -> bool:
    """Whether the numbers are those that pandas gives to columns without a name, or years."""
    if not all(re.fullmatch(r"[0-9]{1,9}", number) for number in numbers):
        return False
    counts = [int(number) for number in numbers]
    alone = len(counts) == len(first)
    least = 3 if alone else 2 if first[0].strip() else 1
    run = list(range(counts[0], counts[0] + len(counts)))
    from_start = counts == run and counts[0] in ({0} if alone else {0, 1})
    years = sorted(set(counts)) == counts and all(count in _YEARS for count in counts)
    return len(counts) >= least and (from_start or (years and not alone))
