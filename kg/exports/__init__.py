"""Writes what was read from a project as descriptors: one module a format, found in this folder.

What is written can be read again by our importers. In a format of ours it says the same, and every
value keeps its source; in another's, remarks tell what it cannot say. Facts are for engines to
judge, not to be read again: they hold what was worked out, and no source.
"""

from typing import Protocol, TypeAlias, cast, runtime_checkable

from kg.errors import NotFound
from kg.exports._untold import Remark
from kg.extensions import modules
from kg.projects import Project
from kg.vocabulary import Vocabulary

__all__ = ["AnyExporter", "Exporter", "FolderExporter", "Remark", "exporter_for", "formats"]


class Exporter(Protocol):
    """A module with these names is an exporter into one file."""

    TITLE: str
    """What it writes, as menus show it."""

    SUFFIXES: tuple[str, ...]
    """How its files end, with the full stop."""

    def write(self, project: Project, vocabulary: Vocabulary) -> str:
        """All that the project's sources state, as text that ends in a line break."""


@runtime_checkable
class FolderExporter(Protocol):
    """A module with these names is an exporter into several files."""

    TITLE: str
    """What it writes, as menus show it."""

    def write_folder(
        self, project: Project, vocabulary: Vocabulary
    ) -> tuple[dict[str, str], tuple[Remark, ...]]:
        """Texts of files by their names, and what is not written as it is stated."""


AnyExporter: TypeAlias = Exporter | FolderExporter


def formats() -> dict[str, AnyExporter]:
    """Every exporter by the name of its format."""
    return {name: cast("AnyExporter", module) for name, module in modules(__name__).items()}


def exporter_for(file: str) -> Exporter:
    """The exporter whose files end as this one does; raises NotFound with the endings there are.

    >>> exporter_for("loan.trig").TITLE
    'TriG'
    """
    found = [one for one in formats().values() if not isinstance(one, FolderExporter)]
    for one in found:
        if file.lower().endswith(one.SUFFIXES):
            return one
    endings = ", ".join(suffix for one in found for suffix in one.SUFFIXES)
    raise NotFound(f"{file} says no format that descriptors are written in", f"End it in {endings}")
