"""Sorts the rows of a matrix, and narrows it to some mismatches or elements."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from kg.errors import NotFound
from kg.matrix import ByElement, Column, Matrix, Row
from kg.namespaces import snake


class Order(StrEnum):
    """What rows can be sorted by, the most first; those that are equal keep the study's order."""

    STUDY = "study"
    TOLD = "told"
    IMPORTANT = "important"
    PREDICATES = "predicates"
    ATTRIBUTES = "attributes"


MEASURES: Mapping[Order, Callable[[Row], float]] = {
    Order.STUDY: lambda _: 0,
    Order.TOLD: lambda row: row.mismatch.interviews or 0,
    Order.IMPORTANT: lambda row: row.importance[0] / (row.importance[1] or 1),
    Order.PREDICATES: lambda row: len(row.readings),
    Order.ATTRIBUTES: lambda row: len(row.attributes),
}
"""What each order goes by."""


def ordered(matrix: Matrix, by: Order) -> Matrix:
    """The matrix with its rows in that order."""
    return replace(matrix, rows=tuple(sorted(matrix.rows, key=MEASURES[by], reverse=True)))


def narrowed(
    matrix: Matrix, mismatches: Collection[str] = (), elements: Collection[str] = ()
) -> Matrix:
    """The matrix of some mismatches or categories, and of some elements; raises NotFound.

    A mismatch is named by its code, its category's, or its name; an element by class, code, label.
    A predicate stays where it reads one of the elements.
    """
    rows = [*_named_rows(matrix, mismatches)] if mismatches else matrix.rows
    columns = [*_named_columns(matrix, elements)] if elements else matrix.columns
    kept = {column.name for column in columns}
    cut = (_cut(row, kept) for row in rows) if elements else rows
    return Matrix(tuple(columns), tuple(row for row in cut if not elements or row.elements))


def _named_rows(matrix: Matrix, names: Iterable[str]) -> Iterator[Row]:
    wanted = {name.strip().lower(): name for name in names}
    for low, name in wanted.items():
        if not any(low in _names_of(row) for row in matrix.rows):
            codes = dict.fromkeys(row.category for row in matrix.rows)
            raise NotFound(
                f"There is no mismatch {name}",
                f"Name one such as OE.ComputingResources, or a category: {', '.join(codes)}",
            )
    yield from (row for row in matrix.rows if wanted.keys() & _names_of(row))


def _names_of(row: Row) -> set[str]:
    names = (row.mismatch.code, row.mismatch.name, row.category, row.mismatch.category)
    return {name.lower() for name in names}


def _named_columns(matrix: Matrix, names: Iterable[str]) -> Iterator[Column]:
    called = {
        name.lower(): column
        for column in matrix.columns
        for name in (column.name, column.code, column.label, snake(column.name))
    }
    wanted = {name.strip().lower().replace("-", " "): name for name in names}
    for key, name in wanted.items():
        if key not in called:
            listed = ", ".join(f"{column.code} ({column.label})" for column in matrix.columns)
            raise NotFound(f"There is no element {name}", f"There are {listed}")
    yield from (c for c in matrix.columns if any(called[key] is c for key in wanted))


def _cut(row: Row, elements: Collection[str]) -> Row:
    readings = (
        replace(reading, attributes=_kept(reading.attributes, elements)) for reading in row.readings
    )
    return Row(
        row.mismatch, tuple(r for r in readings if r.attributes), _kept(row.unread, elements)
    )


def _kept(attributes: ByElement, elements: Collection[str]) -> ByElement:
    return {name: found for name, found in attributes.items() if name in elements}
