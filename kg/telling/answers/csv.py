"""CSV for spreadsheets and data frames, after RFC 4180."""

import csv
from io import StringIO

from kg.reports import Telling
from kg.reports.csv import harmless
from kg.stores import Answers
from kg.telling.answers._cells import cells, text_of

TITLE = "CSV"
SUFFIX = ".csv"


def render(answers: Answers, telling: Telling) -> str:
    """A header row and a row for each answer; no cell is run as a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(answers.variables)
    for row in cells(answers):
        writer.writerow(["" if cell is None else harmless(text_of(cell)) for cell in row])
    return out.getvalue()
