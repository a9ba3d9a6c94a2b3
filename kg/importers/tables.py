"""Reads tables (CSV, JSON Lines, Parquet) in one pass: their columns, and how the values of each
are spread.

All is observed: what a table should hold is for a descriptor to say. Only counts and figures leave
the file, and the labels of columns that have few. Parquet is read where pyarrow is installed, and
large tables of text are read faster.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import BinaryIO

from kg.errors import DescriptorInvalid
from kg.importers import codecarbon
from kg.importers._columns import ATTRIBUTES, Columns
from kg.importers._delimited import Delimited
from kg.importers._json_lines import take_json_lines
from kg.importers._parquet import MAGIC, take_parquet
from kg.importers._results import is_results
from kg.importers._streamed import WORTHWHILE, Survey, stream_table
from kg.profiles import ColumnProfile
from kg.statements import Node, Notes, Reading, Source, Subject

TITLE = "Tables (CSV, JSON Lines, Parquet)"
BY_CONTENT = False
FILES = (
    "`*.csv`, `*.tsv`, `*.jsonl`, `*.ndjson`, `*.parquet`, `*.parq`, `*.pq`; Parquet under any name"
)
FORMATS = {"by name": "namedFormat", "by content": "fileFormat"}
STATES = frozenset({*ATTRIBUTES.values(), *FORMATS.values(), "name"})

_NAMES = re.compile(
    r".+\.(?:(?P<text>csv|tsv)|(?P<lines>jsonl|ndjson)|(?P<parquet>parquet|parq|pq))",
    re.IGNORECASE | re.DOTALL,
)
_KINDS = {"text": "CSV", "lines": "JSON Lines", "parquet": "Parquet"}
_POINTER = re.compile(rb"version https://git-lfs.*\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\r?\n")
_SIGNS = frozenset({b"\0", b'"'})
_RECORD = re.compile(r'\s*\{\s*"')


def claims(source: Source) -> bool:
    """Whether the file has the name of a table, or begins as Parquet does, and holds records; those
    of runs and results are for others.
    """
    named = bool(_NAMES.fullmatch(source.name)) or source.head.startswith(MAGIC)
    return named and not is_results(source) and not codecarbon.claims(source)


def read(source: Source) -> Reading:
    """The table's columns and size; statements are about data whose role the project knows."""
    notes = Notes()
    data = notes.about(Node("Data", str(source.path), named=False), observed=True)
    if pointer := _POINTER.match(source.head):
        notes.problem("The data are not here but in Git LFS. Fetch them with `git lfs pull`.", 1)
        pointed = notes.about(data.node)
        pointed.state(ATTRIBUTES["digest"], f"sha256:{pointer[1].decode()}", line=2)
        return notes.reading(source.path)
    kind = _kind(source, data)
    with source.location.open("rb") as stream:
        survey = Survey()
        hashing = _Hashing(stream, survey.take if kind == "text" else lambda _: None)
        if kind == "parquet":
            take_parquet(source.location, stream, Columns(data))
        elif kind == "lines":
            take_json_lines(hashing, data)
        else:
            _take_delimited(source, hashing, survey, data)
        digest = hashing.digest()
    data.state(ATTRIBUTES["digest"], f"sha256:{digest}")
    return replace(notes.reading(source.path), digest=digest)


def _kind(source: Source, data: Subject) -> str:
    """What the file is by its first bytes; a name that says otherwise is a problem, and stated."""
    name = _NAMES.fullmatch(source.name)
    named = name.lastgroup if name else None
    if source.head.startswith(MAGIC):
        found = "parquet"
    elif not source.is_text and source.head and named == "parquet":
        raise DescriptorInvalid(
            "The file is not Parquet: it does not begin with PAR1",
            "Write it again as Parquet, or give it the name of what it is",
        )
    elif named == "lines" or _RECORD.match(source.head.decode(errors="replace")):
        found = "lines"
    else:
        found = "text"
    if named and named != found and source.head:
        given = "text" if found == "text" else _KINDS[found]
        wrong = source.path.suffix[1:].upper() if named == "text" else _KINDS[named]
        wanted = "text" if named == "text" else wrong
        differs = f"The file is {given}, not {wrong} as its name says"
        data.notes.problem(f"{differs}. Rename it, or write it as {wanted}.")
        data.notes.about(data.node).state(FORMATS["by name"], wrong, given=source.path.suffix)
        data.state(FORMATS["by content"], given)
    return found


class _Hashing:
    """A stream whose bytes are digested as they are read, and looked at."""

    def __init__(self, stream: BinaryIO, look: Callable[[bytes], None] = lambda _: None) -> None:
        self._stream = stream
        self._hash = sha256()
        self._look = look

    def read(self, size: int) -> bytes:
        """The next bytes."""
        piece = self._stream.read(size)
        self._hash.update(piece)
        self._look(piece)
        return piece

    def digest(self) -> str:
        """The digest of the whole, in hexadecimal; what nobody asked for is read too."""
        while self.read(1 << 20):
            pass
        return self._hash.hexdigest()


def _take_delimited(source: Source, stream: _Hashing, survey: Survey, data: Subject) -> None:
    """State what delimited text holds; raises DescriptorInvalid where it is none."""
    text = _delimited(source, stream)
    columns = Columns(data, text.line, text.line_of)
    if not text.named:
        columns.problem(
            "The first row looks like data and names no columns. Write a header above it."
        )
        return
    fields = columns.fields([name.strip() for name in text.header])
    profiles = _profiles(fields, columns.room)
    if source.location.stat().st_size < WORTHWHILE:
        _feed(text, profiles)
    elif not stream_table(source.location, text, profiles, survey, stream.digest):
        with source.location.open("rb") as again:
            text, profiles = _delimited(source, again), _profiles(fields, columns.room)
            columns.line_of = text.line_of
            _feed(text, profiles)
    _judge(text, data.notes)
    columns.records(text.records)
    for place, profile in profiles.items():
        columns.describe(fields[place], profile.finish())


def _delimited(source: Source, stream: _Hashing | BinaryIO) -> Delimited:
    return Delimited(stream, tabbed=source.name.lower().endswith("tsv"))


def _profiles(fields: dict[int, Subject], room: int) -> dict[int, ColumnProfile]:
    return {place: ColumnProfile(wholes=True, room=room) for place in fields}


def _feed(text: Delimited, profiles: dict[int, ColumnProfile]) -> None:
    for block in text.blocks():
        cells = list(zip(*block, strict=True))
        for place, profile in profiles.items() if cells else ():
            profile.feed_all(cells[place])


def _judge(text: Delimited, notes: Notes) -> None:
    """Say which records are broken; raises DescriptorInvalid where most are."""
    cells = f"the {len(text.header)} cells of the header"
    if text.ragged * 2 > text.records:
        raise DescriptorInvalid(
            f"{text.ragged:,} of {text.records:,} rows do not have {cells}",
            "Begin the file with a header, and write one record a line",
            line=text.first_ragged,
        )
    if text.ragged:
        rows = "1 row does" if text.ragged == 1 else f"{text.ragged:,} rows do"
        notes.problem(f"{rows} not have {cells}. Their values are left out.", text.first_ragged)
    if text.unclosed:
        notes.problem("A quote is opened in this record and never closed.", text.unclosed)
