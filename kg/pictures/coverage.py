"""The coverage: how many predicates of each kind detect each mismatch, beside how often it was told
and how many find it important.
"""

from collections.abc import Iterator

from kg.catalogue import KINDS
from kg.matrix import Row
from kg.pictures import Shown
from kg.pictures._canvas import LINE, Box, Shape, Text, graded, on, paragraph, svg, widest

TITLE = "predicates of each kind for each mismatch, beside the study's evidence"

_STEPS = (1, 2, 4, 8, 12)
_SIZE, _SMALL = 9.0, 8.0
_ROW, _CELL, _GAP, _EDGE, _BAR = 12.0, 16.0, 5.0, 4.0, 34.0
_NOTE = (
    "Number of predicates; darker is more. Told: examples from interviews. "
    "Important: to so many percent of the survey's respondents."
)
_ALONE = (
    "Completeness only tells that something is not stated; what nothing else detects is written "
    "in red italics."
)


def draw(shown: Shown) -> str:
    """The heat map, with two columns of bars."""
    rows = shown.matrix.rows
    left = _EDGE + widest((row.mismatch.code for row in rows), _SIZE) + 6
    top = _EDGE + widest((*KINDS, "important"), _SIZE) + 6
    bars = left + _CELL * len(KINDS) + 8
    width = bars + 2 * (_BAR + 24) + _EDGE
    most = max((row.mismatch.interviews or 0 for row in rows), default=0)
    shapes = list(_heads(left, top, bars))
    y = top
    for group in shown.matrix.groups():
        for row in group:
            shapes += _row(row, left, y)
            shapes += _bars(row, bars, y, most)
            y += _ROW
        y += _GAP
    y += 8
    note = f"{_NOTE} {_ALONE}" if any(_stands_alone(row) for row in rows) else _NOTE
    told = paragraph(note, (_EDGE, y), _SMALL, width - 2 * _EDGE)
    shapes += told
    y += LINE * len(told)
    description = (
        f"For each of {len(rows)} mismatches, the number of predicates of each of {len(KINDS)} "
        "kinds, the number of examples and the share of respondents who find it important."
    )
    return svg("coverage", "Coverage of mismatches by predicates", description, (width, y), shapes)


def _heads(left: float, top: float, bars: float) -> Iterator[Shape]:
    for number, kind in enumerate(KINDS):
        x = left + (number + 0.5) * _CELL + 3
        yield Text(x, top - 5, kind.capitalize(), _SIZE, turn=-90)
    yield Text(bars, top - 5, "Told", _SIZE, tone="quiet")
    yield Text(bars + _BAR + 24, top - 5, "Important", _SIZE, tone="quiet")


def _row(row: Row, left: float, y: float) -> Iterator[Shape]:
    kinds, base = row.kinds(), y + _ROW - 3.2
    tone = "mark" if _stands_alone(row) else "ink"
    code = row.mismatch.code
    yield Text(left - 6, base, code, _SIZE, anchor="end", tone=tone, title=row.mismatch.label)
    for number, kind in enumerate(KINDS):
        count = kinds.get(kind, 0)
        x, shade = left + number * _CELL, graded(count, _STEPS)
        yield Box(x + 0.5, y + 0.5, _CELL - 1, _ROW - 1, shade, title=f"{code}: {count} {kind}")
        if count:
            yield Text(x + _CELL / 2, base, str(count), _SMALL, anchor="middle", tone=on(shade))


def _stands_alone(row: Row) -> bool:
    """Whether nothing but completeness detects the mismatch, or nothing at all."""
    return not row.kinds().keys() - {"completeness"}


def _bars(row: Row, x: float, y: float, most: int) -> Iterator[Shape]:
    told = row.mismatch.interviews
    important, respondents = row.importance
    shares = (
        (told, (told or 0) / most if most else 0, ""),
        (round(100 * important / respondents), important / respondents, " %")
        if respondents
        else (None, 0, ""),
    )
    for number, (count, share, unit) in enumerate(shares):
        if count is not None:
            place = x + number * (_BAR + 24)
            yield Box(place, y + 2.5, _BAR * share, _ROW - 5, "shade-3")
            yield Text(place + _BAR * share + 3, y + _ROW - 3.2, f"{count}{unit}", _SMALL)
