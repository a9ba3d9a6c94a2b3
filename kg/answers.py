"""Tells the answers to a question as a table, as CSV or as JSON."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from math import isfinite
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import unquote

from kg.namespaces import local, snake
from kg.reports._page import Page
from kg.reports.csv import harmless
from kg.stores import Answers
from kg.visible import as_json as written
from kg.visible import visible, whole

Cell: TypeAlias = str | int | float | bool | None

_ELEMENT = re.compile(r"https?://[^ ]*?/projects/(?P<project>[^/ ]+)/")


def as_text(answers: Answers, width: int, *, colour: bool) -> str:
    """A table for a terminal, and how many answers there are."""
    page = Page(width, colour=colour)
    heads = [snake(name).replace("_", " ") for name in answers.variables]
    rows = [[_shown(cell, row) for cell in row] for row in cells(answers)]
    if rows:
        page.table(heads, rows)
        page.gap()
    page.row(f"{len(rows):,} answer{'' if len(rows) == 1 else 's'}")
    return page.text()


def as_csv(answers: Answers) -> str:
    """A header row and a row for each answer, after RFC 4180; no cell is run as a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(answers.variables)
    for row in cells(answers):
        writer.writerow(["" if cell is None else harmless(_text(cell)) for cell in row])
    return out.getvalue()


def as_json(answers: Answers) -> str:
    """A list with an object for each answer; what is unbound is left out."""
    rows = [
        {
            name: _kept(cell)
            for name, cell in zip(answers.variables, row, strict=True)
            if cell is not None
        }
        for row in cells(answers)
    ]
    return written(rows)


def cells(answers: Answers) -> Iterator[list[Cell]]:
    """The answers with Python's values: numbers, truths and texts; an IRI of ours by its name."""
    for row in answers.rows:
        yield [None if term is None else value(term) for term in row]


def value(term: str) -> Cell:
    """The value of a term in N-Triples.

    >>> value('"8"^^<http://www.w3.org/2001/XMLSchema#integer>'), value('<urn:x>')
    (8, 'urn:x')
    """
    if not term.startswith('"'):
        return local(term[1:-1]) if term.startswith("<") else term
    text, _, kind = term.rpartition('"')
    plain: str = json.loads(f'{text}"', strict=False)
    made = _KINDS.get(kind.rpartition("#")[2].rstrip(">"), str)
    return made(plain)


def _kept(cell: Cell) -> Cell:
    """The cell as JSON can hold it: it has no number for what is none, or has no end."""
    no_number = isinstance(cell, float) and not isfinite(cell)
    return str(cell) if no_number else whole(cell) if isinstance(cell, str) else cell


def _truth(text: str) -> bool:
    return text in {"true", "1"}


_KINDS: Mapping[str, Callable[[str], Cell]] = MappingProxyType(
    {"integer": int, "double": float, "decimal": float, "boolean": _truth}
)


def _text(cell: Cell) -> str:
    return str(cell).lower() if isinstance(cell, bool) else whole(str(cell))


def _shown(cell: Cell, row: list[Cell]) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:,.4g}"
    text = _text(cell)
    # A row that names the project need not name it again in each element.
    if (match := _ELEMENT.match(text)) and unquote(match["project"]) in row:
        text = text[match.end() :]
    return visible(text)
