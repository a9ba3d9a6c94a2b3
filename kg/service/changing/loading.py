"""Loads folders of this machine as projects: those that the operator names at the start."""

import asyncio
from pathlib import Path

from kg.errors import DescriptorInvalid, NotFound
from kg.history import Connection, projects
from kg.keeping.paths import checked_id, checked_path
from kg.projects.folder import walk
from kg.projects.settings import FILE, Settings, read_settings
from kg.service.changing.changes import About, Change, Put
from kg.service.changing.keeper import Keeper
from kg.statements import Problem
from kg.vocabulary import Vocabulary


async def load(
    keeper: Keeper, vocabulary: Vocabulary, folder: Path, *, author: str, private: bool = False
) -> Put:
    """Make a folder a project, or the next revision of the one of its id, or nothing where it is
    there already; raises NotFound, DescriptorInvalid, and as `Keeper.put`.
    """
    folder = await asyncio.to_thread(folder.resolve)
    name, files = await asyncio.to_thread(_found, folder, vocabulary)

    def make(connection: Connection) -> None:
        if not projects.has(connection, name):
            projects.create(connection, name, title="", private=private, creator=author)

    await keeper.change(name, make)
    about = About(author, origin=f"folder {folder.name}")
    return await keeper.put(name, Change(files, whole=True), about)


def project_of(folder: Path, settings: Settings) -> str:
    """The id of the folder's project; raises DescriptorInvalid where it can have none."""
    try:
        return checked_id(settings.id or folder.name)
    except DescriptorInvalid as error:
        raise DescriptorInvalid(
            error.what, f"{error.hint}; write it as `id:` into {FILE}", file=str(folder)
        ) from error


def check_folder(folder: Path, vocabulary: Vocabulary) -> Settings:
    """What the folder says of itself; raises NotFound, DescriptorInvalid."""
    if not folder.is_dir():
        raise NotFound(f"{folder} is no folder", "Name the folder of a project")
    settings = read_settings(folder, vocabulary)
    project_of(folder, settings)
    return settings


def _found(folder: Path, vocabulary: Vocabulary) -> tuple[str, dict[str, Path]]:
    """The id of the folder's project, and its files as a check looks at them."""
    settings = check_folder(folder, vocabulary)
    problems: list[Problem] = []
    walked = walk(folder, settings, problems)
    files = {checked_path(str(one.path)): one.location for one in walked if not one.ignored}
    if (folder / FILE).is_file():
        files[FILE] = folder / FILE
    return project_of(folder, settings), files
