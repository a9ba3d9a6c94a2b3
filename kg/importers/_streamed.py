"""Reads large plain tables of delimited text with pyarrow, some ten times as fast as without.

A table is plain where every record is a line with as many cells as the header, in UTF-8. As soon as
one is not, nothing is said, and the table has to be read the slow way, which knows what to do.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from kg.importers._arrow import feed
from kg.importers._delimited import Delimited
from kg.profiles import ColumnProfile

try:
    import pyarrow as pa
    from pyarrow import compute, csv
except ImportError:  # the extra `data` is not installed
    pa = compute = csv = None

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


def stream_table(
    location: Path,
    text: Delimited,
    profiles: Mapping[int, ColumnProfile],
    lines: int,
    *,
    quoted: bool,
) -> bool:
    """Let the profiles take the columns of a table of so many lines; false where it is not plain.

    `quoted` is whether there is any quote in it. Profiles that a table has left half way are of no
    more use.
    """
    if csv is None or not text.plain:
        return False
    records = 0
    try:
        # pyarrow lets go of the interpreter while it works, so columns are fed side by side.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for batch in _batches(location, text):
                records += batch.num_rows
                work = partial(_feed, batch, profiles, quoted=quoted)
                if sum(pool.map(work, profiles)) > _LONGEST_RECORD:
                    return False
    except (pa.ArrowException, OSError):
        return False
    text.records = records
    return lines == text.line + records


def _feed(batch: _Arrow, profiles: Mapping[int, ColumnProfile], place: int, *, quoted: bool) -> int:
    """Let a profile take its column; the length in bytes of the longest value."""
    values = batch.column(place)
    longest = _longest(values, quoted=quoted)
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


def _longest(values: _Arrow, *, quoted: bool) -> int:
    """The length in bytes of the longest value; raises ArrowInvalid for values that the csv module
    refuses, or may read otherwise.
    """
    longest = compute.max(compute.binary_length(values)).as_py() or 0
    if longest > _LONGEST_VALUE:
        raise pa.ArrowInvalid("a value is too long")
    if quoted:
        begun = compute.starts_with(compute.utf8_ltrim_whitespace(values), '"')
        if compute.any(begun).as_py():
            raise pa.ArrowInvalid("a quote stands within a cell")
    return int(longest)
