"""Tells a report to people and programs: one module a format, found by being in this folder.

A reporter is given a record and gives back a text. It knows nothing of how the record came about.
"""

from dataclasses import dataclass
from typing import Protocol, cast

from kg.errors import NotFound
from kg.extensions import modules
from kg.findings import Report


@dataclass(frozen=True, slots=True)
class Telling:
    """How a report is to be told.

    `everything` adds what is clear, and each undecided verdict; `role` is the reader's, who is told
    what to answer; `colour` and `width` (in columns) concern text alone. Pages lead to each finding
    below `address`, where a service has one for it.
    """

    everything: bool = False
    role: str | None = None
    colour: bool = False
    width: int = 100
    address: str = ""


class Reporter(Protocol):
    """A module with these names is a reporter; the module's name is what `--as` calls it."""

    TITLE: str
    """What it writes, as menus show it."""

    MEDIA_TYPE: str
    """What it writes, as HTTP says it."""

    SUFFIX: str
    """How its files end, with the full stop."""

    def render(self, report: Report, telling: Telling) -> str:
        """The report as text that ends in a line break."""


def names() -> list[str]:
    """What the formats are called."""
    return list(modules(__name__))


def reporter(name: str) -> Reporter:
    """The reporter of that name; raises NotFound with those that there are.

    >>> reporter("markdown").SUFFIX
    '.md'
    """
    try:
        return cast("Reporter", modules(__name__)[name])
    except KeyError:
        raise NotFound(f"There is no format {name}", f"Use one of {', '.join(names())}") from None


def reporter_for(file: str) -> Reporter | None:
    """The reporter whose files end as this one does.

    >>> reporter_for("report.json").MEDIA_TYPE
    'application/json'
    """
    found = (cast("Reporter", module) for module in modules(__name__).values())
    return next((one for one in found if file.lower().endswith(one.SUFFIX)), None)
