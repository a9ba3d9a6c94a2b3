"""Writes what was read from a project as descriptors: one module a format, found in this folder.

What is written can be read again by our importers and says the same. Every value keeps its source;
nothing is merged or judged here.
"""

from typing import Protocol, cast

from kg.errors import NotFound
from kg.extensions import modules
from kg.projects import Project
from kg.vocabulary import Vocabulary


class Exporter(Protocol):
    """A module with these names is an exporter."""

    TITLE: str
    """What it writes, as menus show it."""

    SUFFIXES: tuple[str, ...]
    """How its files end, with the full stop."""

    def write(self, project: Project, vocabulary: Vocabulary) -> str:
        """All that the project's sources state, as text that ends in a line break."""


def exporter_for(file: str) -> Exporter:
    """The exporter whose files end as this one does; raises NotFound with the endings there are.

    >>> exporter_for("loan.trig").TITLE
    'TriG'
    """
    found = [cast("Exporter", module) for module in modules(__name__).values()]
    for one in found:
        if file.lower().endswith(one.SUFFIXES):
            return one
    endings = ", ".join(suffix for one in found for suffix in one.SUFFIXES)
    raise NotFound(f"{file} says no format that descriptors are written in", f"End it in {endings}")
