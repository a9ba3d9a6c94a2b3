"""Reads large plain tables of delimited text with pyarrow, some ten times as fast as without.

A table is plain where every record is a line with as many cells as the header, in UTF-8. As soon as
one is not, nothing is said, and the table has to be read the slow way, which knows what to do.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from kg.importers._arrow import feed
from kg.importers._delimited import Delimited
from kg.profiles import ColumnProfile

try:
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute, csv
except ImportError:  # the extra `data` is not installed
    np = pa = compute = csv = None  # type: ignore[assignment]

# pyarrow carries no types.
_Arrow: TypeAlias = Any

WORTHWHILE = 1 << 18
"""From so many bytes on it pays."""

# Smaller ones take longer in all, larger ones more memory.
_BLOCK = 4 << 20
# No record is longer, as where tables are read line by line.
_LONGEST_RECORD = 1 << 20
# The csv module takes no longer one, in characters.
_LONGEST_VALUE = 128 << 10
_LINE_END = ord("\n")


class Survey:
    """What is to be known of a table's bytes as they go by: how many lines they are, and whether
    there is a NUL among them.
    """

    def __init__(self) -> None:
        self._ends = 0
        self._last = b""
        self.has_nul = False

    @property
    def lines(self) -> int:
        """How many lines went by."""
        return self._ends + (self._last not in {b"", b"\n"})

    def take(self, piece: bytes) -> None:
        """Take the next bytes; without pyarrow nobody asks what they are."""
        if csv is None:
            return
        # bytes.count takes four times as long, and keeps the interpreter to itself.
        self._ends += int(np.count_nonzero(np.frombuffer(piece, np.uint8) == _LINE_END))
        self._last = piece[-1:] or self._last
        self.has_nul = self.has_nul or b"\0" in piece


def stream_table(
    location: Path,
    text: Delimited,
    profiles: Mapping[int, ColumnProfile],
    survey: Survey,
    finish: Callable[[], object],
) -> bool:
    """Let the profiles take the columns of a table; false where it is not plain.

    Meanwhile `finish` lets the survey take all bytes that it has not. Profiles that a table has
    left half way are of no more use.
    """
    # pyarrow and hashlib let go of the interpreter while they work, so all goes on side by side.
    with ThreadPoolExecutor(1) as aside, ThreadPoolExecutor(os.cpu_count()) as pool:
        finishing = aside.submit(finish)
        records = _streamed(location, text, profiles, pool)
        finishing.result()
    if records is None or survey.has_nul or survey.lines != text.line + records:
        return False
    text.records = records
    return True


def _streamed(
    location: Path,
    text: Delimited,
    profiles: Mapping[int, ColumnProfile],
    pool: ThreadPoolExecutor,
) -> int | None:
    """How many records the profiles took; None where the table is not plain."""
    if csv is None or not text.plain:
        return None
    records = 0
    try:
        for batch in _batches(location, text):
            records += batch.num_rows
            if sum(pool.map(partial(_feed, batch, profiles), profiles)) > _LONGEST_RECORD:
                return None
    except (pa.ArrowException, OSError):
        return None
    return records


def _feed(batch: _Arrow, profiles: Mapping[int, ColumnProfile], place: int) -> int:
    """Let a profile take its column; the length in bytes of the longest value."""
    values = batch.column(place)
    longest = _longest(values)
    feed(profiles[place], values)
    return longest


def _batches(location: Path, text: Delimited) -> Iterator[_Arrow]:
    names = [str(place) for place in range(len(text.header))]
    yield from csv.open_csv(
        location,
        read_options=csv.ReadOptions(block_size=_BLOCK, skip_rows=text.line, column_names=names),
        parse_options=csv.ParseOptions(delimiter=text.delimiter),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _longest(values: _Arrow) -> int:
    """The length in bytes of the longest value; raises ArrowInvalid for values that the csv module
    refuses, or may read otherwise.
    """
    longest = compute.max(compute.binary_length(values)).as_py() or 0
    if longest > _LONGEST_VALUE:
        raise pa.ArrowInvalid("a value is too long")
    if longest and b'"' in values.buffers()[-1].to_pybytes():
        begun = compute.starts_with(compute.utf8_ltrim_whitespace(values), '"')
        if compute.any(begun).as_py():
            raise pa.ArrowInvalid("a quote stands within a cell")
    return int(longest)
