"""What the commands show that tell what is known: all of it, read from the knowledge folders."""

from collections.abc import Iterable
from pathlib import Path

from kg import catalogue as catalogues
from kg import matrix as matrices
from kg import vocabulary as vocabularies
from kg.cli._output import colours, width
from kg.pictures import Shown
from kg.reports import Telling
from kg.study import Study


def known(knowledge: Iterable[Path]) -> Shown:
    """All that is known, with the folders laid over ours."""
    folders = tuple(knowledge)
    vocabulary = vocabularies.load(folders)
    catalogue = catalogues.load(vocabulary, folders)
    matrix = matrices.build(vocabulary, catalogue)
    return Shown(matrix, Study(), vocabulary, catalogue, folders)


def telling(output: Path | None) -> Telling:
    """How to tell it where the answer goes to."""
    return Telling(colour=colours(output), width=width(output))
