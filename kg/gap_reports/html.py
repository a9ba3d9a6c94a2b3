"""One HTML page about gaps: every section with its whole table, long ones to be opened."""

from pathlib import Path

from kg.gap_reports._sections import headline, sections
from kg.gaps import Analysis
from kg.pages import environment

TITLE = "HTML"
SUFFIX = ".html"

_TEMPLATES = Path(__file__).parent / "templates"


def render(analysis: Analysis, *, colour: bool, width: int) -> str:
    """The page."""
    template = environment(_TEMPLATES).get_template("gaps.html.jinja")
    return template.render(headline=headline(analysis), sections=list(sections(analysis)))
