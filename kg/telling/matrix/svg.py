"""The matrix as a picture for papers."""

from kg.pictures import Shown
from kg.pictures.matrix import draw
from kg.reports import Telling

TITLE = "SVG"
SUFFIX = ".svg"


def render(shown: Shown, _telling: Telling) -> str:
    """The picture: of few predicates each attribute, else how many are read of each element."""
    return draw(shown)
