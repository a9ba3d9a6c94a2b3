"""`mismatch extend check`: holds extensions against every check, and tells what they change."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli._errors import FOUND
from kg.cli._options import Output
from kg.cli._output import colours, width, write
from kg.cli.extend._json import as_json
from kg.cli.extend._text import as_text
from kg.reports._page import Page
from kg.workshop.examination import examine


class Format(StrEnum):
    """How what was found is told."""

    TEXT = "text"
    JSON = "json"


def command(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER",
            help="The folder of an extension; each is laid over those before it.",
            show_default=False,
        ),
    ],
    *,
    as_: Annotated[
        Format, typer.Option("--as", envvar="MISMATCH_AS", help="How to tell it.")
    ] = Format.TEXT,
    output: Output = None,
) -> int:
    """Find what is wrong with an extension, and tell what it changes.

    Runs its cases, and looks at its terms, names, predicates and example. Then it tells which
    mismatches become detectable with it, and which of its attributes nothing reads. Leaves with 1
    where there is an error; warnings are advice.
    """
    found = examine(folders)
    if as_ is Format.JSON:
        write(as_json(found), output)
    else:
        page = Page(width(output), colour=colours(output))
        as_text(found, page)
        write(page.text(), output)
    return 0 if found.sound else FOUND
