"""The matrix: how many attributes of each element the predicates of each mismatch read; of a few
predicates, which attributes each reads, with its formula.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.matrix import Column, Matrix, Row
from kg.pictures import Shown
from kg.pictures._canvas import (
    LINE,
    Box,
    Dot,
    Shape,
    Text,
    graded,
    on,
    paragraph,
    svg,
    wide,
    widest,
)
from kg.pictures._close import close
from kg.visible import capital

TITLE = "mismatches, elements and the attributes that predicates read"

FEW = 30
"""Up to so many predicates are drawn one by one."""

STEPS = (1, 5, 10, 20, 40)
"""From how many attributes on each shade stands."""
_SIZE, _SMALL = 9.0, 8.0
_ROW, _CELL, _GAP, _EDGE = 12.0, 18.0, 5.0, 4.0
_NARROWEST = 320.0
"""What the legend needs."""


def draw(shown: Shown) -> str:
    """The whole matrix as numbers, or of a few predicates each attribute."""
    if len(shown.matrix.predicates) > FEW:
        return _whole(shown.matrix)
    return close(shown.matrix, shown.vocabulary)


def _whole(matrix: Matrix) -> str:
    left = _EDGE + widest((row.mismatch.code for row in matrix.rows), _SIZE) + 6
    top = _EDGE + widest((column.label for column in matrix.columns), _SIZE) + 6
    right = left + _CELL * len(matrix.columns) + 6
    shapes: list[Shape] = [*_heads(matrix.columns, left, top), *_counts_heads(right, top)]
    y = top
    for rows in matrix.groups():
        for row in rows:
            shapes += _whole_row(row, matrix.columns, left, y)
            y += _ROW
        y += _GAP
    width = max(right + 2 * _CELL + _EDGE, _NARROWEST)
    legend, bottom = _legend(y, width)
    description = (
        f"For each of {len(matrix.rows)} mismatches and {len(matrix.columns)} elements, the number "
        f"of the element's attributes that the {len(matrix.predicates)} predicates read."
    )
    return svg(
        "matrix",
        "Matrix of mismatches and elements",
        description,
        (width, bottom),
        [*shapes, *legend],
    )


def _heads(columns: Sequence[Column], left: float, top: float) -> Iterator[Shape]:
    for number, column in enumerate(columns):
        x = left + (number + 0.5) * _CELL + 3
        yield Text(x, top - 5, capital(column.label), _SIZE, turn=-90)


def _counts_heads(right: float, top: float) -> Iterator[Shape]:
    for number, word in enumerate(("Predicates", "Examples told")):
        yield Text(right + (number + 0.5) * _CELL + 3, top - 5, word, _SIZE, tone="quiet", turn=-90)


def _whole_row(row: Row, columns: Sequence[Column], left: float, y: float) -> Iterator[Shape]:
    code = row.mismatch.code
    base = y + _ROW - 3.2
    yield Text(left - 6, base, code, _SIZE, anchor="end", title=row.mismatch.label)
    for number, column in enumerate(columns):
        read, unread = len(row.read(column.name)), len(row.unread.get(column.name, ()))
        x, tone = left + number * _CELL, graded(read, STEPS)
        told = f"{code}, {column.label}: {read} read, {unread} more inform it"
        yield Box(x + 0.5, y + 0.5, _CELL - 1, _ROW - 1, tone, title=told)
        if read:
            yield Text(x + _CELL / 2, base, str(read), _SMALL, anchor="middle", tone=on(tone))
        if unread:
            yield Dot(x + _CELL - 2.4, y + 2.8, 1, tone=on(tone))
    x = left + _CELL * len(columns) + 6
    for number, count in enumerate((len(row.readings), row.mismatch.interviews)):
        if count is not None:
            place = x + (number + 0.75) * _CELL
            yield Text(place, base, str(count), _SMALL, anchor="end", tone="quiet")


def _legend(y: float, width: float) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    x, y = _EDGE, y + 6
    for number, (low, high) in enumerate(pairwise((*STEPS, 0)), 1):
        label = f"{low}–{high - 1}" if high else f"{low} or more attributes read"
        shapes += [
            Box(x, y, 12, 9, f"shade-{number}"),
            Text(x + 15, y + 7.5, label, _SMALL),
        ]
        x += 15 + wide(label, _SMALL) + 8
    y += 20
    shapes += [Dot(_EDGE + 6, y - 2.5, 1.3)]
    told = (
        "more attributes of the element inform the mismatch, and none of its predicates reads them"
    )
    note = paragraph(told, (_EDGE + 15, y), _SMALL, width - 2 * _EDGE - 15)
    return [*shapes, *note], y + LINE * len(note) + _EDGE
