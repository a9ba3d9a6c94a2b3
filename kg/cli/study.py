"""`mismatch study`: the figures of the study, made again from its data, beside the paper's."""

from typing import Annotated

from kg.cli._options import Knowledge, Output, telling_as
from kg.cli._output import write
from kg.cli._shown import known, telling
from kg.telling import teller


def command(
    *,
    as_: Annotated[str | None, telling_as("study")] = None,
    output: Output = None,
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
) -> None:
    """Make the study's figures again from its data, beside what the paper prints.

    Figures 2, 3 and 5 and Table II, each share with the paper's, and why some differ.
    `-o study.html` writes a page with pictures.
    """
    told = teller("study", as_, output)
    write(told.render(known(knowledge), telling(output)), output)
