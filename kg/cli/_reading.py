"""Reads the projects that a command is given, and says of each that cannot be read why."""

from collections.abc import Iterator
from pathlib import Path

from kg.cli._errors import UNREADABLE, WRONG_USE, say
from kg.cli._output import counted, following
from kg.errors import NotFound
from kg.projects import Follow, Project, read_project, sub_projects
from kg.vocabulary import Vocabulary


class Reading:
    """Reads the projects, and remembers which, and what exit code the others ask for."""

    def __init__(self, vocabulary: Vocabulary, knowledge: list[Path]) -> None:
        self._vocabulary = vocabulary
        self._knowledge = knowledge
        self.read: list[Path] = []
        self.code = 0

    def folders(self, paths: list[Path], *, each: bool) -> list[Path]:
        """The projects' folders; a path that is none is said and left out."""
        found: dict[Path, None] = {}
        for path in paths:
            try:
                below = sub_projects(path) if each else [_folder(path)]
            except NotFound as error:
                self._fail(str(error))
                continue
            if not below:
                self._fail(f"{path} holds no folders. Without --each it is a project itself.")
            found |= dict.fromkeys(below)
        return list(found)

    def projects(self, folders: list[Path]) -> Iterator[Project]:
        """Each project, read when it is asked for."""
        called: dict[str, Path] = {}
        # Of one project the files are counted, of several the projects.
        alone = len(folders) == 1
        follow: Follow = following if alone else iter
        for folder in folders if alone else counted(folders, len(folders), "Reading projects"):
            project = read_project(folder, self._vocabulary, self._knowledge, follow)
            other = called.setdefault(project.id, folder)
            if other is not folder:
                advice = "Give one of them another `id:` in its mismatch.yaml"
                self._fail(
                    f"{folder} is called {project.id}, and so is {other}. {advice}.", WRONG_USE
                )
                continue
            if not project.entries:
                # One empty folder among several is told; it is no wrong path.
                code = UNREADABLE if len(folders) == 1 else 0
                self._fail(
                    f"Nothing in {folder} could be read. `mismatch import {folder} --report` says "
                    f"why; `mismatch new {folder}` writes files to fill in.",
                    code,
                )
            self.read.append(folder)
            yield project

    def _fail(self, text: str, code: int = UNREADABLE) -> None:
        self.code = max(self.code, code)
        say(text)


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise NotFound(
            f"{path} is no folder" if path.exists() else f"{path} does not exist",
            "Name the folder of a project",
        )
    return path
