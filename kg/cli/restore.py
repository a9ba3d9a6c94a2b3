"""`mismatch restore`: a store as it was when it was backed up."""

from pathlib import Path
from typing import Annotated

import typer

from kg.backups import restore
from kg.cli._output import write
from kg.cli.backup import Folder


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.", show_default=False)],
    *,
    store: Folder,
    force: Annotated[
        bool,
        typer.Option("--force", help="Where there is a store already, move it aside."),
    ] = False,
) -> None:
    """Make a store of a backup, once all of the backup was found whole."""
    manifest, aside = restore(file, store, force=force)
    write(f"{store} is as it was at {manifest.made}\n", None)
    if aside is not None:
        write(f"What was there is now in {aside}\n", None)
