"""`mismatch draw`: a picture as SVG, for papers and pages."""

from dataclasses import replace
from typing import Annotated

import typer

from kg.cli._options import Elements, Knowledge, Mismatches, Output
from kg.cli._output import write
from kg.cli._shown import known
from kg.matrix.narrowing import narrowed
from kg.pictures import names, picture


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
    shown = known(knowledge)
    matrix = narrowed(shown.matrix, mismatch, element)
    write(wanted.draw(replace(shown, matrix=matrix)), output)
