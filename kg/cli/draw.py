"""`mismatch draw`: a picture as SVG, for papers and pages."""

from typing import Annotated

import typer

from kg import catalogue as catalogues
from kg import matrix as matrices
from kg import vocabulary as vocabularies
from kg.cli._options import Elements, Knowledge, Mismatches, Output
from kg.cli._output import write
from kg.pictures import Shown, names, picture
from kg.study import Study


def command(
    name: Annotated[
        str,
        typer.Argument(metavar="PICTURE", help=f"Which: {', '.join(names())}.", show_default=False),
    ],
    *,
    mismatch: Mismatches = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
    element: Elements = [],  # noqa: B006
    output: Output = None,
    knowledge: Knowledge = [],  # noqa: B006
) -> None:
    """Draw a picture of what is known, as SVG.

    The shapes are vectors, the colours keep their order in grey, and a column of a paper is wide
    enough for most.
    """
    wanted = picture(name)
    vocabulary = vocabularies.load(knowledge)
    whole = matrices.build(vocabulary, catalogues.load(vocabulary, knowledge))
    matrix = matrices.narrowed(whole, mismatch, element)
    write(wanted.draw(Shown(matrix, Study(), vocabulary)), output)
