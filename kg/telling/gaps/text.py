"""Text for people: the sections of a page about gaps, their tables cut short."""

from kg.gaps import Analysis
from kg.reports import Telling
from kg.reports._page import Page, cut, padded, widest
from kg.telling.gaps._sections import SHORT, Section, headline, sections
from kg.visible import flowing

TITLE = "Text"
SUFFIX = ".txt"

_WIDEST, _NARROWEST = 38, 14
_APART = 2
_FEW = 3


def render(analysis: Analysis, telling: Telling) -> str:
    """The sections, with as many rows of each as are read at once."""
    page = Page(telling.width, colour=telling.colour)
    page.row((headline(analysis), "bold"))
    for section in sections(analysis):
        page.gap()
        page.row((flowing(section.title), "bold"))
        _told(page, section)
    page.gap()
    page.paragraph("`--as html -o gaps.html` tells all rows, and why each gap is meant.")
    return page.text()


def _told(page: Page, section: Section) -> None:
    text = flowing(section.text)
    page.paragraph(cut(text, 4 * page.width) if section.closed else text, indent=2)
    shown = section.rows[: _FEW if section.closed else SHORT]
    if not shown:
        return
    table = [section.columns, *(tuple(map(flowing, row)) for row in shown)]
    places = [n for n in range(len(section.columns)) if any(row[n] for row in table[1:])]
    room = page.width - _APART
    *others, last = (widest(row[n] for row in table) for n in places)
    widths = [*(min(size, _WIDEST) for size in others), last]
    over = sum(widths) + _APART * (len(widths) - 1) - room
    widths[-1] -= max(0, min(over, widths[-1] - _NARROWEST))
    while sum(widths) + _APART * (len(widths) - 1) > room:
        widths[widths.index(max(widths))] -= 1
    for number, row in enumerate(table):
        cells = (padded(cut(row[n], size), size) for n, size in zip(places, widths, strict=True))
        page.row(("  ".join(cells).rstrip(), "dim" if number == 0 else ""), indent=_APART)
    more = len(section.rows) - len(shown)
    if more:
        page.row((f"and {more} more", "dim"), indent=_APART)
