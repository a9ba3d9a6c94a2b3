"""CSV for spreadsheets and data frames, after RFC 4180."""

from kg.cells import cells, text_of
from kg.reports import Telling
from kg.reports.csv import written
from kg.stores import Answers

TITLE = "CSV"
SUFFIX = ".csv"


def render(answers: Answers, telling: Telling) -> str:
    """A header row and a row for each answer; no cell is run as a formula."""
    rows = (["" if cell is None else text_of(cell) for cell in row] for row in cells(answers))
    return written([answers.variables, *rows])
