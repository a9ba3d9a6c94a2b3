"""Knows a small table that holds the results of an evaluation, not records: of measures and their
values, or of models and the measures of each.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import DescriptorInvalid
from kg.importers._measures import measure_of
from kg.statements import Source

_SUFFIXES = {".csv", ".tsv"}
_MEASURES = {"metric", "metrics", "measure", "score", "metric_name", "name"}
_VALUES = {"value", "values", "score", "result", "metric_value"}
_MODELS = {"model", "models", "model name", "model_name", "algorithm", "classifier", "regressor"}
_LARGEST = 64 << 10
_DELIMITERS = ",;\t"
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Cells:
    """The name of a measure and its value as written, of one of several models or of the only
    one.
    """

    name: str
    value: str
    line: int
    model: str = ""


def is_results(source: Source) -> bool:
    """Whether the table's header and first rows are those of measures and values."""
    if source.suffix not in _SUFFIXES or not source.is_text:
        return False
    rows = list(_rows(source.head.decode("utf-8", "replace")))
    return bool(_cells(rows)) and any(measure_of(cells.name) for cells in _cells(rows))


def split_cells(source: Source) -> list[Cells]:
    """The measures and values of such a table; raises DescriptorInvalid where it is too long."""
    return _cells(list(_rows(source.text(_LARGEST))))


def _cells(rows: list[tuple[int, list[str]]]) -> list[Cells]:
    """The rows of a table of measures and values, or its only row where each column is a measure;
    none where it is another table.
    """
    if len(rows) < _PAIR:
        return []
    header = [cell.strip().lower() for cell in rows[0][1]]
    if len(header) == _PAIR and header[0] in _MEASURES and header[1] in _VALUES:
        return [Cells(row[0], row[1], line) for line, row in rows[1:] if len(row) == _PAIR]
    if header[0] in _MODELS and all(map(measure_of, header[1:])) and len(header) >= _PAIR:
        return [
            Cells(name, value, line, row[0].strip())
            for line, row in rows[1:]
            for name, value in zip(header[1:], row[1:], strict=False)
            if row[0].strip()
        ]
    line, first = rows[1]
    if len(rows) == _PAIR and len(header) == len(first) and all(map(measure_of, header)):
        return [Cells(name, value, line) for name, value in zip(header, first, strict=True)]
    return []


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise DescriptorInvalid(
            f"The table cannot be read: {error}", "Write it again", line=reader.line_num
        ) from error
