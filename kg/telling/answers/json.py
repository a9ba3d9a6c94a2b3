"""JSON for programs."""

from math import isfinite

from kg.cells import Cell, cells
from kg.reports import Telling
from kg.stores import Answers
from kg.visible import as_json, whole

TITLE = "JSON"
SUFFIX = ".json"


def render(answers: Answers, telling: Telling) -> str:
    """A list with an object for each answer; what is unbound is left out."""
    rows = [
        {
            name: _kept(cell)
            for name, cell in zip(answers.variables, row, strict=True)
            if cell is not None
        }
        for row in cells(answers)
    ]
    return as_json(rows)


def _kept(cell: Cell) -> Cell:
    """The cell as JSON can hold it: it has no number for what is none, or has no end."""
    no_number = isinstance(cell, float) and not isfinite(cell)
    return str(cell) if no_number else whole(cell) if isinstance(cell, str) else cell
