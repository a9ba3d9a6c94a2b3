"""Markdown for wikis and pull requests: every section with its whole table."""

from collections.abc import Iterator

from kg.derive._tables import head, row
from kg.gaps import Analysis
from kg.reports import Telling
from kg.telling.gaps._sections import headline, sections
from kg.visible import flowing

TITLE = "Markdown"
SUFFIX = ".md"


def render(analysis: Analysis, telling: Telling) -> str:
    """The sections as chapters."""
    return "\n".join(_lines(analysis)) + "\n"


def _lines(analysis: Analysis) -> Iterator[str]:
    yield from ("# Gaps", "", headline(analysis))
    for section in sections(analysis):
        yield from ("", f"## {flowing(section.title)}", "", flowing(section.text))
        if section.rows:
            yield ""
            yield from head(*(column or "#" for column in section.columns))
            yield from (row(*map(flowing, cells)) for cells in section.rows)
