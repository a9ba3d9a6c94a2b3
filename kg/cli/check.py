"""`mismatch check`: reads projects, detects, reports."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.cli._errors import FOUND
from kg.cli._options import As, Knowledge, Output, Paths, Reader, StoreUrl, known_role, opened
from kg.cli._output import colours, width, write
from kg.cli._reading import Reading
from kg.detect import check
from kg.findings import Finding, ProjectReport, Report, Severity, Verdict
from kg.priority import ranked
from kg.reports import Telling, reporter, reporter_for
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
    workspace = Workspace(opened(store, putting=True), vocabulary, BASE, catalogue.statistics)
    reading = Reading(vocabulary, knowledge)
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
