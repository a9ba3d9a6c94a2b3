"""One HTML page about gaps: every section with its whole table, long ones to be opened."""

from pathlib import Path

from kg.gaps import Analysis
from kg.pages import environment
from kg.reports import Telling
from kg.telling.gaps._sections import headline, sections

TITLE = "HTML"
SUFFIX = ".html"

_TEMPLATES = Path(__file__).parent / "templates"


def render(analysis: Analysis, telling: Telling) -> str:
    """The page."""
    template = environment(_TEMPLATES).get_template("gaps.html.jinja")
    return template.render(headline=headline(analysis), sections=list(sections(analysis)))
