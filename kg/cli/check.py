"""`mismatch check`: reads projects, detects, reports."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.cli._errors import FOUND, UNREADABLE, WRONG_USE, say
from kg.cli._options import As, Knowledge, Output, Paths, Reader, StoreUrl, known_role, opened
from kg.cli._output import colours, counted, following, width, write
from kg.detect import check
from kg.errors import NotFound
from kg.findings import Finding, ProjectReport, Report, Severity, Verdict
from kg.priority import ranked
from kg.projects import Follow, Project, read_project, sub_projects
from kg.reports import Telling, reporter, reporter_for
from kg.vocabulary import Vocabulary
from kg.workspace import BASE, Workspace


class Level(StrEnum):
    """From what on findings make the command fail; each includes those before it."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"
    UNDECIDED = "undecided"
    NEVER = "never"


class Verdicts(StrEnum):
    """Which verdicts are told one by one."""

    OPEN = "open"
    ALL = "all"


def command(  # noqa: PLR0913 - each is an option of the contract
    paths: Paths,
    *,
    each: Annotated[
        bool, typer.Option("--each", help="Every folder directly below PATH is a project.")
    ] = False,
    as_: As = None,
    output: Output = None,
    verdicts: Annotated[
        Verdicts,
        typer.Option(
            envvar="MISMATCH_VERDICTS", help="`all` tells clear verdicts one by one, too."
        ),
    ] = Verdicts.OPEN,
    role: Reader = None,
    fail_on: Annotated[
        Level,
        typer.Option(
            envvar="MISMATCH_FAIL_ON",
            help="Leave with 1 where there is a mismatch this grave, or an undecided verdict.",
        ),
    ] = Level.VIOLATION,
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
    store: StoreUrl = "memory:",
) -> int:
    """Find mismatches in projects, and whom to ask.

    A project is a folder of descriptors and artefacts, or a repository as it is. Leaves with 0 if
    nothing was found, 1 if something was, 2 if the command was used wrongly, 3 if a PATH cannot be
    read, 4 if the fault is ours.
    """
    vocabulary = vocabularies.load(knowledge)
    catalogue = catalogues.load(vocabulary, knowledge)
    chosen = known_role(role, vocabulary)
    workspace = Workspace(opened(store), vocabulary, BASE, catalogue.statistics)
    reading = _Reading(vocabulary, knowledge)
    folders = reading.folders(paths, each=each)
    everything = verdicts is Verdicts.ALL
    report = check(reading.projects(folders), workspace, catalogue, everything=everything)
    report = Report(tuple(map(_as_called, report.projects, reading.read)))
    report = ranked(report, catalogue, chosen)
    if report.projects or not reading.code:
        _tell(report, as_, output, Telling(everything, chosen, colours(output), width(output)))
    return max(reading.code, FOUND if fails(report, fail_on) else 0)


def _as_called(project: ProjectReport, folder: Path) -> ProjectReport:
    """The report with the path as it was written on the command line."""
    return replace(project, path=str(folder))


def fails(report: Report, level: Level) -> bool:
    """Whether there is a finding at the level or a graver one."""
    return any(_grave(finding, level) for finding in report.findings())


def _grave(finding: Finding, level: Level) -> bool:
    if level is Level.NEVER or finding.verdict is Verdict.CLEAR:
        return False
    if finding.verdict is Verdict.UNDECIDED:
        return level is Level.UNDECIDED
    order = list(Severity)
    return level is Level.UNDECIDED or order.index(finding.severity) <= order.index(Severity(level))


def _tell(report: Report, as_: str | None, output: Path | None, telling: Telling) -> None:
    by_suffix = reporter_for(output.name) if output and not as_ else None
    write((by_suffix or reporter(as_ or "text")).render(report, telling), output)


class _Reading:
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
