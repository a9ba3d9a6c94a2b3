"""`mismatch import`: shows what the importers read from a project, as descriptors with their sources."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from kg import vocabulary as vocabularies
from kg.cli._errors import UNREADABLE, say
from kg.cli._options import Knowledge, Output
from kg.cli._output import colours, counted, width, write
from kg.errors import NotFound
from kg.exports import Exporter, exporter_for
from kg.projects import Project, read_project
from kg.projects.folder import walk
from kg.projects.linking import name_of
from kg.reports._page import Page
from kg.reports._words import count
from kg.visible import flowing, visible


def command(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A project's folder.", show_default=False)
    ],
    *,
    output: Output = None,
    report: Annotated[
        bool,
        typer.Option("--report", help="List what was read, passed over and broken, and what links it."),
    ] = False,
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
) -> int:
    """Show what is read from a project.

    It is written as descriptors that name the source of each value. The ending of FILE says the format: .yaml, .jsonld or .trig; without FILE it is YAML on standard output.
    With --report alone, only the report is shown.
    """
    exporter = _exporter(output)
    vocabulary = vocabularies.load(knowledge)
    project = next(iter(counted((read_project(p, vocabulary, knowledge) for p in [_folder(path)]), 1, "Reading")))
    if output or not report:
        write(exporter.write(project, vocabulary), output)
    if report:
        write(told(project, width(None), colour=colours(None)), None)
    if project.entries:
        return 0
    say(f"Nothing in {path} could be read. `mismatch import {path} --report` says why.")
    return UNREADABLE


def told(project: Project, columns: int, *, colour: bool) -> str:
    """What was read by which importer, what was passed over and why, what is broken, and the links."""
    page = Page(columns, colour=colour)
    page.row((visible(project.id), "bold"), f"   {_summary(project)}")
    _section(page, "Read", list(_read(project)))
    _section(page, "Links", list(_links(project)))
    _section(page, "Broken", [(_at(p.file, p.line), p.message) for p in project.problems])
    _section(page, "Seen, but not stated", list(_unstated(project)))
    _section(page, "Files passed over: no importer claims them", [(name, "") for name in _passed_over(project)])
    _section(page, "Notes", [("", note) for note in project.notes])
    return page.text()


def _exporter(output: Path | None) -> Exporter:
    try:
        return exporter_for(output.name if output else ".yaml")
    except NotFound as error:
        raise typer.BadParameter(str(error), param_hint="-o") from error


def _folder(path: Path) -> Path:
    if not path.is_dir():
        say(f"{path} is no folder. Name the folder of a project.")
        raise typer.Exit(UNREADABLE)
    return path


def _summary(project: Project) -> str:
    return ", ".join(
        (
            count(len(project.entries), "source"),
            count(project.statements, "statement"),
            count(len(project.problems), "problem"),
            f"{count(project.passed_over, 'file')} passed over",
        )
    )


def _section(page: Page, title: str, lines: list[tuple[str, str]]) -> None:
    if not lines:
        return
    page.gap()
    page.row((title, "bold"))
    for where, what in lines:
        gap = "  " if where and what else ""
        page.paragraph((visible(where), "cyan"), gap, flowing(what), indent=2, hanging=4)


def _read(project: Project) -> Iterator[tuple[str, str]]:
    for entry in project.entries:
        nodes = dict.fromkeys(s.node.element for s in entry.reading.statements)
        about = ", ".join(f"{node.kind} {node.name}".strip() for node in nodes)
        via = f", reached from {entry.via}" if entry.via else ""
        statements = count(len(entry.reading.statements), "statement")
        yield str(entry.path), f"{entry.importer}: {statements}{f' about {about}' if about else ''}{via}"


def _links(project: Project) -> Iterator[tuple[str, str]]:
    for file, link in project.links:
        subject, target = name_of(link.subject), name_of(link.object)
        reason = link.because if not file or file in link.because else f"{file}: {link.because}"
        yield f"{subject} {link.name} {target}", f"because {reason}"


def _unstated(project: Project) -> Iterator[tuple[str, str]]:
    for entry in project.entries:
        for passed in entry.reading.passed_over:
            locator = f" ({passed.pointer})" if passed.pointer else ""
            yield _at(str(entry.path), passed.line) + locator, passed.because


def _passed_over(project: Project) -> list[str]:
    taken = {str(entry.path) for entry in project.entries} | {p.file for p in project.problems}
    found = (str(file.path) for file in walk(project.path, project.settings))
    return [path for path in found if path not in taken]


def _at(file: str, line: int | None) -> str:
    return file if line is None else f"{file}:{line}"
