"""Pictures of what is known, as SVG for papers and pages: one module a picture, found by being in
this folder.

A picture is a pure function of records. It is drawn in plain shapes with literal colours, since
programs that set papers know no variables of CSS; a page may recolour it by class.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from kg.catalogue import Catalogue
from kg.errors import NotFound
from kg.extensions import modules
from kg.matrix import Matrix
from kg.study import Study
from kg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to draw; the matrix may be of a part of the catalogue only."""

    matrix: Matrix
    study: Study
    vocabulary: Vocabulary
    catalogue: Catalogue
    knowledge: tuple[Path, ...] = ()


class Picture(Protocol):
    """A module that draws one picture."""

    TITLE: str
    """What it shows, in a few words."""

    def draw(self, shown: Shown) -> str:
        """The picture as SVG; the same for the same records, always."""


def names() -> tuple[str, ...]:
    """The pictures that there are, as they are called: a module's name, with dashes."""
    return tuple(name.replace("_", "-") for name in modules(__name__))


def picture(name: str) -> Picture:
    """The picture of that name; raises NotFound."""
    try:
        return cast("Picture", modules(__name__)[name.replace("-", "_")])
    except KeyError:
        raise NotFound(f"There is no picture {name}", f"There are: {', '.join(names())}") from None
