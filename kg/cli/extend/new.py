"""`mismatch extend new`: writes the folder that an extension begins with."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli._output import write, write_new
from kg.visible import visible
from kg.workshop.scaffold import scaffold


def command(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="NAME",
            file_okay=False,
            help="The extension's folder; it is called as the folder is.",
            show_default=False,
        ),
    ],
) -> None:
    """Begin an extension: attributes and predicates of your own.

    Writes an ontology with one attribute, a query and a shape that are predicates, their cases, and
    a project that shows them at work. All of it runs as it is; make it yours. A file that is there
    already is kept.
    """
    told = write_new(scaffold(folder.resolve().name), folder)
    name = visible(str(folder))
    told.append(f"Edit what you find there, then run `mismatch extend check {name}`.")
    write("\n".join(told) + "\n", None)
