"""Tells gaps to people and programs: one module a format, found by being in this folder.

Each is given an analysis and gives back a text; what the sections of a page are is said once, in
`_sections`.
"""

from typing import Protocol, cast

from kg.errors import NotFound
from kg.extensions import modules
from kg.gaps import Analysis


class GapReporter(Protocol):
    """A module with these names tells gaps; the module's name is what `--as` calls it."""

    TITLE: str
    """What it writes, as menus show it."""

    SUFFIX: str
    """How its files end, with the full stop."""

    def render(self, analysis: Analysis, *, colour: bool, width: int) -> str:
        """The analysis as text that ends in a line break."""


def gap_reporter(name: str) -> GapReporter:
    """The reporter of that name; raises NotFound with those that there are."""
    found = modules(__name__)
    if name not in found:
        raise NotFound(f"There is no format {name}", f"Use one of {', '.join(found)}")
    return cast("GapReporter", found[name])


def gap_reporter_for(file: str) -> GapReporter | None:
    """The reporter whose files end as this one does.

    >>> gap_reporter_for("gaps.md").TITLE
    'Markdown'
    """
    found = (cast("GapReporter", module) for module in modules(__name__).values())
    return next((one for one in found if file.lower().endswith(one.SUFFIX)), None)
