"""`mismatch matrix`: mismatches, elements and attributes, with the predicates that join them."""

from dataclasses import replace
from typing import Annotated

import typer

from kg.cli._options import Elements, Knowledge, Mismatches, Output, telling_as
from kg.cli._output import write
from kg.cli._shown import known, telling
from kg.matrix.narrowing import Order, narrowed, ordered
from kg.telling import teller


def command(  # noqa: PLR0913 - its options are the command
    *,
    mismatch: Mismatches = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
    element: Elements = [],  # noqa: B006
    sort: Annotated[
        Order,
        typer.Option(help="What comes first: the most, or as the study has it."),
    ] = Order.STUDY,
    as_: Annotated[str | None, telling_as("matrix")] = None,
    output: Output = None,
    knowledge: Knowledge = [],  # noqa: B006
) -> None:
    """Show which predicates detect each mismatch, and which attributes they read.

    The paper's Figure 6 for all that is known: numbers by element, and of few mismatches every
    predicate with its formula. `-o matrix.html` writes a page to sort and filter, `-o matrix.svg` a
    picture for a paper.
    """
    shown = known(knowledge)
    matrix = ordered(narrowed(shown.matrix, mismatch, element), sort)
    told = teller("matrix", as_, output)
    write(told.render(replace(shown, matrix=matrix), telling(output)), output)
