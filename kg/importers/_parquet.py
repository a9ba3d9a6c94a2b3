"""Reads Parquet files: their footer says what there is, and their columns are read one by one.

Only counts and figures are kept of what the columns hold, so a file of any size takes little
memory. What it needs of pyarrow comes with the extra `data`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_END
from operator import attrgetter, mul
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from kg.errors import DescriptorInvalid
from kg.importers._arrow import feed
from kg.importers._columns import Columns, called
from kg.profiles import ColumnProfile, ColumnType
from kg.statements import Subject

try:
    import pyarrow as pa
    from pyarrow import compute, parquet
except ImportError:  # the extra `data` is not installed
    pa = compute = parquet = None

# pyarrow carries no types.
_Arrow: TypeAlias = Any

MAGIC = b"PAR1"
"""How a Parquet file begins, and ends."""

_ENCRYPTED = b"PARE"
_LARGEST_FOOTER = 16 << 20
_MORE_THAN_ANY = 1 << 36
_BATCH_BYTES = 4 << 20
_BATCH_ROWS = 1 << 16
# Programs that write Parquet give up a dictionary that grows larger, and go on without.
_LARGEST_DICTIONARY = 1 << 20
# A file that holds more than this, and far more than it has bytes, is made to exhaust.
_MANY_VALUES = 20_000_000
_VALUES_A_BYTE = 32
_MANY_BYTES = 50 << 20
_BYTES_A_BYTE = 200
# Records that share a long text take no room in the file, but time to go through.
_UNFOLDED = 10 << 30
# Arrow's types by the word that they begin with, and what we call them.
_TYPES = {
    "bool": "boolean",
    "int": "integer",
    "uint": "integer",
    "halffloat": "double",
    "float": "double",
    "double": "double",
    "decimal": "double",
    "string": "string",
    "large_string": "string",
    "string_view": "string",
    "date": "date",
    "timestamp": "date-time",
    "time": "time",
    "duration": "duration",
    "binary": "binary",
    "large_binary": "binary",
    "binary_view": "binary",
    "fixed_size_binary": "binary",
    "list": "array",
    "large_list": "array",
    "list_view": "array",
    "fixed_size_list": "array",
    "struct": "object",
    "map": "object",
}
_PROFILED: dict[str, ColumnType] = {
    "boolean": "boolean",
    "integer": "integer",
    "double": "double",
    "string": "string",
}
_COUNTED = {"date", "date-time", "time", "duration"}


def take_parquet(location: Path, stream: BinaryIO, columns: Columns) -> None:
    """State what a Parquet file holds; raises DescriptorInvalid where it is broken."""
    if parquet is None:
        columns.problem("Parquet needs the extra `data`. Install `ml-mismatch[data]`.")
        return
    _require_footer(stream)
    try:
        _Parquet(location, columns, stream.seek(0, SEEK_END)).state()
    except _faults() as fault:
        _raise_for_memory(fault)
        raise DescriptorInvalid(
            f"The Parquet file is broken: {_cause(fault)}", "Write it again"
        ) from fault
    stream.seek(0)


def _require_footer(stream: BinaryIO) -> None:
    size = stream.seek(0, SEEK_END)
    stream.seek(max(size - 8, 0))
    end = stream.read(8)
    length = int.from_bytes(end[:4], "little")
    if end[4:] == _ENCRYPTED:
        raise DescriptorInvalid("The Parquet file is encrypted", "Give one that can be read")
    if end[4:] != MAGIC or length > size - len(MAGIC) - len(end):
        raise DescriptorInvalid(
            "The Parquet file is cut off: it does not end with its footer", "Copy it again"
        )
    if length > _LARGEST_FOOTER:
        raise DescriptorInvalid(
            f"The footer of the Parquet file has {length:,} bytes, more than are read",
            "Write fewer columns or larger row groups",
        )


def _raise_for_memory(fault: Exception) -> None:
    """Raises MemoryError where it was memory that lacked: a broken file asks for more than there
    is anywhere.
    """
    asked = re.search(r"size (\d+)", str(fault)) if isinstance(fault, MemoryError) else None
    if asked and int(asked[1]) < _MORE_THAN_ANY:
        raise MemoryError(str(fault)) from fault


def _faults() -> tuple[type[Exception], ...]:
    """What pyarrow raises over broken files; much of it only by its own classes."""
    return (
        pa.ArrowException,
        OSError,
        ValueError,
        TypeError,
        LookupError,
        MemoryError,
        OverflowError,
    )


def _cause(fault: Exception) -> str:
    """The first line of a fault's message, cut short."""
    return (str(fault).strip() or type(fault).__name__).splitlines()[0][:200]


class _TooMuchText(Exception):
    """Texts would take far more room in memory than in the file."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """The texts that records of a row group share: how many, and their bytes in all and at most."""

    count: int = 0
    size: int = 0
    longest: int = 0

    @classmethod
    def of(cls, dictionary: _Arrow) -> "_Shared":
        """What a dictionary holds."""
        texts = dictionary.cast(pa.string())
        longest = compute.max(compute.binary_length(texts)).as_py() or 0
        return cls(len(texts), texts.nbytes, longest)

    def are_all(self, rows: int) -> bool:
        """Whether so many rows have no other texts, as far as one can see, and share them often.

        Where the file has no dictionary, pyarrow makes one of the only row that was asked for.
        """
        return 1 < self.count <= rows // 2 and self.size < _LARGEST_DICTIONARY


class _Parquet:
    """A Parquet file: its footer says what there is, and its columns are read one by one.

    What the footer says of single chunks is not asked for: pyarrow ends the process over some that
    are broken, where reading the values raises an error.
    """

    def __init__(self, location: Path, columns: Columns, size: int) -> None:
        self._location = location
        self._columns = columns
        with self._open() as file:
            self._schema = file.schema_arrow
            self._metadata = file.metadata
        self._groups = list(map(self._metadata.row_group, range(self._metadata.num_row_groups)))
        self._rows = sum(group.num_rows for group in self._groups)
        values = self._rows * len(self._schema)
        unpacked = sum(group.total_byte_size for group in self._groups)
        self._is_exhausting = values > max(_MANY_VALUES, size * _VALUES_A_BYTE) or (
            unpacked > max(_MANY_BYTES, size * _BYTES_A_BYTE)
        )

    def state(self) -> None:
        """State columns and number of records; a column that is broken does not harm the others."""
        if self._is_exhausting:
            self._columns.problem("The file unpacks to far more than its size. It is not unpacked.")
        if self._rows == self._metadata.num_rows and all(g.num_rows >= 0 for g in self._groups):
            self._columns.records(self._rows)
        else:
            self._columns.problem("The footer contradicts itself over the number of records.")
        broken = []
        with self._open() as file:
            for place, field in self._columns.fields(self._schema.names).items():
                try:
                    self._column(file, field, self._schema.field(place).type)
                except _faults() as fault:
                    _raise_for_memory(fault)
                    broken.append(f"{called(field)} cannot be read: {_cause(fault)}")
        if broken:
            others = f" So it is with {len(broken) - 1:,} more." if len(broken) > 1 else ""
            self._columns.problem(f"{broken[0].rstrip('.')}.{others}")

    def _open(self, **options: object) -> _Arrow:
        return parquet.ParquetFile(
            self._location,
            pre_buffer=False,
            buffer_size=1 << 16,
            thrift_string_size_limit=_LARGEST_FOOTER,
            thrift_container_size_limit=1_000_000,
            **options,
        )

    def _column(self, file: _Arrow, field: Subject, written: _Arrow) -> None:
        kind = _kind(written)
        self._columns.type(field, kind, str(written))
        if kind in _PROFILED and not self._is_exhausting:
            profile = ColumnProfile(_PROFILED[kind], wholes=True, room=self._columns.room)
            values = self._texts if kind == "string" else self._batches
            try:
                for batch in values(file, called(field)):
                    feed(profile, batch)
            except _TooMuchText:
                self._columns.problem(f"{called(field)} unpacks to too much text. It is not read.")
            else:
                self._columns.describe(field, profile.finish(), typed=True)
            return
        self._columns.pass_over(called(field), "values of its type have no figures here")
        if kind in _COUNTED and not self._is_exhausting:
            absent = sum(values.null_count for values in self._batches(file, called(field)))
            self._columns.count(field, self._rows - absent, absent)

    def _texts(self, file: _Arrow, name: str) -> Iterator[_Arrow]:
        """The column's texts; those that come again and again in dictionaries, as they are stored.
        Raises _TooMuchText.
        """
        with self._open(read_dictionary=[name], metadata=self._metadata) as encoded:
            shared = [self._shared(encoded, name, place) for place in range(len(self._groups))]
            longest = list(map(attrgetter("longest"), shared))
            if sum(map(mul, longest, (group.num_rows for group in self._groups))) > _UNFOLDED:
                raise _TooMuchText
            for place, one in enumerate(shared):
                is_worthwhile = one.are_all(self._groups[place].num_rows)
                source = encoded if is_worthwhile else file
                yield from self._group(source, name, place, one.longest)

    def _shared(self, encoded: _Arrow, name: str, place: int) -> "_Shared":
        """What texts records of the row group share."""
        first = next(self._read(encoded, name, place, 1), None)
        return _Shared() if first is None else _Shared.of(first.dictionary)

    def _batches(self, file: _Arrow, name: str) -> Iterator[_Arrow]:
        """The column's values."""
        for place in range(len(self._groups)):
            yield from self._group(file, name, place)

    def _group(self, file: _Arrow, name: str, place: int, longest: int = 0) -> Iterator[_Arrow]:
        """A row group's values, so many at a time that they take little memory.

        `longest` is the length in bytes of the longest value, where it is known; else values are
        taken to be as long as the average.
        """
        group = self._groups[place]
        average = group.total_byte_size // max(group.num_rows, 1)
        rows = max(min(_BATCH_ROWS, _BATCH_BYTES // max(average, longest, 1)), 1)
        yield from self._read(file, name, place, rows)

    def _read(self, file: _Arrow, name: str, group: int, rows: int) -> Iterator[_Arrow]:
        for batch in file.iter_batches(rows, row_groups=[group], columns=[name], use_threads=False):
            yield batch.column(batch.schema.get_field_index(name))


def _kind(written: _Arrow) -> str:
    """What we call a type of Arrow; nothing where we have no word for it."""
    if pa.types.is_dictionary(written):
        return _kind(written.value_type)
    word = re.match("[a-z_]+", str(written))
    return _TYPES.get(word[0], "") if word else ""
