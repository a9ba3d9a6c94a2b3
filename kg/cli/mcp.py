"""`mismatch mcp`: tools for assistants, on standard input and output."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli._options import Knowledge
from kg.mcp import serve


def command(
    *,
    root: Annotated[
        Path,
        typer.Option(
            "--root",
            metavar="DIR",
            envvar="MISMATCH_ROOT",
            exists=True,
            file_okay=False,
            help="The tools read what stands below this folder, and nothing else.",
        ),
    ] = Path(),
    seconds: Annotated[
        float, typer.Option(min=1, help="How long a call may take before it is stopped.")
    ] = 60,
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
) -> None:
    """Offer check, ask, explain and gaps to assistants, by the Model Context Protocol.

    A client starts it and speaks to it on standard input and output. It writes nothing.
    """
    serve(root, tuple(folder.resolve() for folder in knowledge), seconds)
