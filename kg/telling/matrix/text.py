"""The matrix on a terminal: numbers for all mismatches; of few, every predicate with its formula
and the attributes that it reads.
"""

from kg.matrix import ByElement, Matrix, Reading, Row, written
from kg.pictures import Shown
from kg.reports import Telling
from kg.reports._page import Page, cut, padded
from kg.visible import flowing, visible

TITLE = "Text"
SUFFIX = ".txt"

_CODE, _CELL, _FIGURE = 31, 6, 7
_FEW = 3
"""Up to so many mismatches are told in full."""


def render(shown: Shown, telling: Telling) -> str:
    """The numbers, then each mismatch in full where there are few."""
    page = Page(telling.width, colour=telling.colour)
    matrix = shown.matrix
    _numbers(matrix, page)
    if len(matrix.rows) <= _FEW:
        for row in matrix.rows:
            _whole(row, shown, page)
    else:
        page.gap()
        page.row(
            "`mismatch matrix --mismatch OE.ComputingResources` tells the attributes and formulas."
        )
    return page.text()


def _numbers(matrix: Matrix, page: Page) -> None:
    codes = "".join(f"{column.code:>{_CELL}}" for column in matrix.columns)
    figures = "".join(f"{word:>{_FIGURE}}" for word in ("by", "told", "rated"))
    page.row((f"{'attributes read, by element':{_CODE}}{codes}{figures}", "dim"))
    for rows in matrix.groups():
        page.gap()
        for row in rows:
            page.row(*_line(row, matrix))
    page.gap()
    elements = ", ".join(f"{column.code} {column.label}" for column in matrix.columns)
    page.paragraph(f"{elements}.", hanging=0)
    page.paragraph(
        "+n: so many more attributes inform the mismatch, and none of its predicates reads them. "
        "by: predicates that detect it. told: examples from interviews. rated: percent of the "
        "survey's respondents to whom it is important or very important."
    )


def _line(row: Row, matrix: Matrix) -> tuple[str | tuple[str, str], ...]:
    head = padded(cut(visible(row.mismatch.code), _CODE - 1), _CODE)
    cells = "".join(f"{_cell(row, column.name):>{_CELL}}" for column in matrix.columns)
    important, respondents = row.importance
    rated = str(round(100 * important / respondents)) if respondents else ""
    told = "" if row.mismatch.interviews is None else str(row.mismatch.interviews)
    figures = (str(len(row.readings)), told, rated)
    return (
        (head, "" if row.readings else "red"),
        cells,
        ("".join(f"{text:>{_FIGURE}}" for text in figures), "dim"),
    )


def _cell(row: Row, element: str) -> str:
    read, unread = len(row.read(element)), len(row.unread.get(element, ()))
    return f"{read or '·'}+{unread}" if unread else str(read or "·")


# -- one mismatch ----------------------------------------------------------------------------------


def _whole(row: Row, shown: Shown, page: Page) -> None:
    page.gap(2)
    one = row.mismatch
    page.between((visible(one.code), "bold"), right=(f"{one.category}", "dim"))
    page.paragraph(f"{flowing(one.label)}: {flowing(one.definition)}")
    for reading in row.readings:
        _reading(reading, shown, page)
    if not row.readings:
        page.gap()
        page.row(("  No predicate detects it.", "red"))
    if row.unread:
        page.gap()
        page.row("  informs it, and is read by none of them")
        _attributes(row.unread, shown, page)


def _reading(reading: Reading, shown: Shown, page: Page) -> None:
    one = reading.predicate
    page.gap()
    page.between(("  " + visible(one.id), "bold"), right=(f"{one.kind}, {one.severity}", "dim"))
    page.paragraph(flowing(one.formal), indent=4)
    _attributes(reading.attributes, shown, page)


def _attributes(attributes: ByElement, shown: Shown, page: Page) -> None:
    for column in shown.matrix.columns:
        found = attributes.get(column.name, ())
        if found:
            names = ", ".join(written(one, shown.vocabulary) for one in found)
            page.entry(f"    {column.code:4}", names)
