"""`mismatch load`: puts folders into the store of a service as projects."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer

from kg.cli._errors import UNREADABLE, say
from kg.cli._options import Paths
from kg.cli._output import write
from kg.errors import DescriptorError, JudgementError, NotFound
from kg.projects import sub_projects
from kg.service.access import Open
from kg.service.changing.changes import Put
from kg.service.changing.loading import load
from kg.service.engine import running
from kg.service.settings import Settings, read_settings
from kg.service.wire.problems import RequestRefused

_AUTHOR = "mismatch load"


def command(
    paths: Paths,
    *,
    store: Annotated[
        str,
        typer.Option(
            "--store",
            metavar="URL",
            envvar="MISMATCH_STORE",
            help="The store of the service: its folder, or http(s)://… of its endpoint.",
        ),
    ],
    each: Annotated[
        bool, typer.Option("--each", help="Every folder directly below PATH is a project.")
    ] = False,
    private: Annotated[
        bool, typer.Option("--private", help="New projects are seen by nobody without a role.")
    ] = False,
) -> int:
    """Put projects into the store of a service that does not run.

    Each is read, judged and remembered as if its files had been sent to the service: what is there
    already makes no new revision. A running service loads folders with `mismatch serve --load`, or
    takes them by HTTP. Leaves with 3 if a PATH cannot be read.
    """
    folders = [one for path in paths for one in (sub_projects(path) if each else [path])]
    return asyncio.run(_loaded(read_settings(store=store), folders, private=private))


async def _loaded(settings: Settings, folders: list[Path], *, private: bool) -> int:
    code = 0
    async for folder, found in _puts(settings, folders, private=private):
        if isinstance(found, Put):
            write(_told(found), None)
        else:
            say(str(found) if str(folder) in str(found) else f"{folder}: {found}")
            code = UNREADABLE
    return code


async def _puts(
    settings: Settings, folders: list[Path], *, private: bool
) -> AsyncIterator[tuple[Path, Put | Exception]]:
    async with running(settings, Open(settings)) as engine:
        kept = engine.kept
        for folder in folders:
            try:
                yield (
                    folder,
                    await load(
                        kept.keeper, kept.vocabulary, folder, author=_AUTHOR, private=private
                    ),
                )
            except (DescriptorError, JudgementError, NotFound, RequestRefused) as error:
                yield folder, error


def _told(found: Put) -> str:
    one = found.revision
    made = f"revision {one.number}" if found.changed else f"is revision {one.number} already"
    counts = f"{one.mismatches} mismatches, {one.undecided} undecided, {one.clear} clear"
    problems = f", {len(found.report.problems)} problems" if found.report.problems else ""
    return f"{one.project}: {made}, {counts}{problems}\n"
