"""`mismatch diff-ontology`: what changed between two states of an ontology, and what follows."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli._errors import FOUND, UNREADABLE, say
from kg.cli._options import Output
from kg.cli._output import write
from kg.releases import compared, read_ontology
from kg.releases.telling import FORMATS


def _known(name: str) -> str:
    if name not in FORMATS:
        raise typer.BadParameter(f"{name} is no format. Use one of {', '.join(FORMATS)}.")
    return name


def command(
    old: Annotated[
        Path,
        typer.Argument(
            metavar="OLD", help="A folder with ontology/ in it, of Turtle files, or one such file."
        ),
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same, as it is now.")],
    *,
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="FORMAT",
            callback=_known,
            help=f"How to tell it: {', '.join(FORMATS)}.",
        ),
    ] = "text",
    output: Output = None,
) -> int:
    """Compare two states of an ontology.

    Tells what was added, given up, renamed, removed or changed, what breaks, and which version
    number follows. Leaves with 1 where something breaks that no version before announced.
    """
    for path in (old, new):
        if not path.exists():
            say(f"{path} does not exist. Name a folder or a file with an ontology.")
            return UNREADABLE
    release = compared(read_ontology(old), read_ontology(new))
    write(FORMATS[as_](release), output)
    return FOUND if release.surprises else 0
