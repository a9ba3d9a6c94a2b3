"""What reads the artefacts that teams already have: one module a format, found by being in this
folder.

An importer looks at one file and takes down what it states. It knows no store, mints no IRI, and
leaves to the workspace which element a statement belongs to where the file does not say.
"""

from functools import cache
from types import ModuleType
from typing import Protocol

from kg.extensions import modules
from kg.statements import Reading, Source


class Importer(Protocol):
    """A module with these names is an importer."""

    TITLE: str
    """What it reads, as menus and tables show it."""

    FILES: str
    """Which files it claims, in words."""

    STATES: frozenset[str]
    """The attributes that it can state, by their local names; none where it can state any."""

    BY_CONTENT: bool
    """Whether it has to look into a file to know it; such files are read only where git does not
    ignore them.
    """

    def claims(self, source: Source) -> bool:
        """Whether the file is one of its kind, by its name or its first bytes."""

    def read(self, source: Source) -> Reading:
        """All that the file states, what was passed over, and what is broken; raises
        DescriptorError.
        """


def importer_for(source: Source, *, ignored: bool = False) -> tuple[str, ModuleType] | None:
    """The importer that claims the file, with its name; those that know a file by its name come
    first.
    """
    for name, module in _ordered():
        if not (ignored and module.BY_CONTENT) and module.claims(source):
            return name, module
    return None


@cache
def _ordered() -> tuple[tuple[str, ModuleType], ...]:
    found = modules(__name__)
    return tuple(sorted(found.items(), key=lambda item: (item[1].BY_CONTENT, item[0])))
