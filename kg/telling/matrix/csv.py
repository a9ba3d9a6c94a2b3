"""The matrix as CSV: a row for each mismatch, predicate, element and attribute that meet."""

from collections.abc import Iterator

from kg.matrix import Row, written
from kg.pictures import Shown
from kg.reports import Telling
from kg.reports.csv import written as as_csv

TITLE = "CSV"
SUFFIX = ".csv"

COLUMNS = (
    "mismatch",
    "label",
    "category",
    "told",
    "important",
    "respondents",
    "predicate",
    "kind",
    "severity",
    "formal",
    "element",
    "attribute",
    "informs",
)
"""The header row. What no predicate reads has none, and what reads nothing has no attribute."""


def render(shown: Shown, _telling: Telling) -> str:
    """A header row, and the rows of each mismatch in the matrix's order."""
    return as_csv([COLUMNS, *_rows(shown)])


def _rows(shown: Shown) -> Iterator[tuple[str, ...]]:
    for row in shown.matrix.rows:
        first = _mismatch(row)
        for rest in _met(row, shown):
            yield *first, *rest


def _mismatch(row: Row) -> tuple[str, ...]:
    one = row.mismatch
    told = "" if one.interviews is None else str(one.interviews)
    important, respondents = map(str, row.importance) if one.ratings else ("", "")
    return one.code, one.label, one.category, told, important, respondents


def _met(row: Row, shown: Shown) -> Iterator[tuple[str, ...]]:
    for reading in row.readings:
        one = reading.predicate
        words = (one.id, one.kind, one.severity.value, one.formal)
        for element, attributes in reading.attributes.items():
            for attribute in attributes:
                informs = "yes" if row.mismatch.name in attribute.informs else "no"
                yield *words, element, written(attribute, shown.vocabulary), informs
        if not reading.attributes:
            yield *words, "", "", ""
    for element, attributes in row.unread.items():
        for attribute in attributes:
            yield "", "", "", "", element, written(attribute, shown.vocabulary), "yes"
    if not row.readings and not row.unread:
        yield ("",) * 7
