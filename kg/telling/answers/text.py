"""A table for a terminal."""

import re
from urllib.parse import unquote

from kg.cells import Cell, cells, text_of
from kg.namespaces import snake
from kg.reports import Telling
from kg.reports._page import Page
from kg.stores import Answers
from kg.visible import visible

TITLE = "Text"
SUFFIX = ".txt"

_ELEMENT = re.compile(r"https?://[^ ]*?/projects/(?P<project>[^/ ]+)/")


def render(answers: Answers, telling: Telling) -> str:
    """The table, and how many answers there are."""
    page = Page(telling.width, colour=telling.colour)
    heads = [snake(name).replace("_", " ") for name in answers.variables]
    rows = [[_shown(cell, row) for cell in row] for row in cells(answers)]
    if rows:
        page.table(heads, rows)
        page.gap()
    page.row(f"{len(rows):,} answer{'' if len(rows) == 1 else 's'}")
    return page.text()


def _shown(cell: Cell, row: list[Cell]) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:,.4g}"
    text = text_of(cell)
    # A row that names the project need not name it again in each element.
    if (match := _ELEMENT.match(text)) and unquote(match["project"]) in row:
        text = text[match.end() :]
    return visible(text)
