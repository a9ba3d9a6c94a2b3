"""`mismatch backup`: everything that a store keeps, in one file."""

from pathlib import Path
from typing import Annotated

import typer

from kg.backups import back_up
from kg.cli._output import write

Folder = Annotated[
    Path,
    typer.Option(
        "--store",
        metavar="FOLDER",
        envvar="MISMATCH_STORE",
        help="The folder of the store.",
        show_default=False,
    ),
]


def command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The tar file to write.", show_default=False)
    ],
    *,
    store: Folder,
) -> None:
    """Back up a store and its history, which nobody may have open.

    A service that runs is backed up by `POST /backups`, with a token of an operator.
    """
    manifest = back_up(store, file)
    megabytes = manifest.size / 1e6
    write(f"{file}: {len(manifest.files)} files, {megabytes:.1f} MB, of {manifest.made}\n", None)
