"""`mismatch explain`: a predicate, a mismatch or an attribute in words."""

from typing import Annotated

import typer

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.cli._options import Knowledge, Output
from kg.cli._output import colours, width, write
from kg.explaining import Explainer
from kg.reports._page import Page


def command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A predicate (resources-exceed-operations), a mismatch (OE.ComputingResources) "
            "or an attribute (required_memory).",
            show_default=False,
        ),
    ],
    *,
    output: Output = None,
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
) -> None:
    """Explain a predicate, mismatch or attribute.

    Tells what it means, what it rests on, and how often the study met it.
    """
    vocabulary = vocabularies.load(knowledge)
    catalogue = catalogues.load(vocabulary, knowledge)
    page = Page(width(output), colour=colours(output))
    Explainer(vocabulary, catalogue, page).explain(name)
    write(page.text(), output)
