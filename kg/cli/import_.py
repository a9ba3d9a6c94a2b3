"""`mismatch import`: shows what is read from a project, as descriptors with their sources."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from kg import vocabulary as vocabularies
from kg.cli._errors import UNREADABLE, say
from kg.cli._options import Knowledge, Output
from kg.cli._output import colours, counted, width, write
from kg.errors import NotFound
from kg.exports import Exporter, exporter_for
from kg.namespaces import kebab
from kg.projects import Project, read_project
from kg.projects.linking import name_of
from kg.reports._page import Page
from kg.reports._words import count
from kg.visible import flowing, visible

Line: TypeAlias = tuple[str, str, str]
"""A file, the place in it, and what is told of it."""


def command(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A project's folder.", show_default=False)
    ],
    *,
    output: Output = None,
    report: Annotated[
        bool,
        typer.Option(
            "--report", help="List what was read, passed over and broken, and what links it."
        ),
    ] = False,
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
) -> int:
    """Show what is read from a project.

    It is written as descriptors that name the source of each value. The ending of FILE says the
    format: .yaml, .jsonld or .trig; without FILE it is YAML on standard output.
    With --report alone, only the report is shown.
    """
    exporter = _exporter(output)
    vocabulary = vocabularies.load(knowledge)
    project = next(
        iter(
            counted((read_project(p, vocabulary, knowledge) for p in [_folder(path)]), 1, "Reading")
        )
    )
    if output or not report:
        write(exporter.write(project, vocabulary), output)
    if report:
        write(told(project, width(None), colour=colours(None)), None)
    if project.entries:
        return 0
    say(f"Nothing in {path} could be read. `mismatch import {path} --report` says why.")
    return UNREADABLE


def told(project: Project, columns: int, *, colour: bool) -> str:
    """What was read by which importer, what was passed over and why, what is broken, what links."""
    page = Page(columns, colour=colour)
    page.row((visible(project.id), "bold"), f"   {_summary(project)}")
    _section(page, "Read", _read(project))
    _section(page, "Links", _links(project))
    _section(page, "Broken", ((p.file, _at_line(p.line), p.message) for p in project.problems))
    _section(page, "Seen, but not stated", _unstated(project))
    _section(page, "Passed over, because no importer claims them", _passed_over(project))
    _section(page, "Notes", ((note, "", "") for note in project.notes))
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


def _section(page: Page, title: str, lines: Iterable[Line]) -> None:
    """Lines under a title, and what is told of one file under its name."""
    above = None
    for number, (where, head, text) in enumerate(lines):
        if not number:
            page.gap()
            page.row((title, "bold"))
        if where != above:
            page.row((visible(where), "cyan"), indent=2)
        if text:
            page.entry(f"      {head}", flowing(text))
        above = where


def _read(project: Project) -> Iterator[Line]:
    for entry in project.entries:
        nodes = dict.fromkeys(s.node.element for s in entry.reading.statements)
        names = ", ".join(
            f"{kebab(node.kind).replace('-', ' ')} {node.name}".strip() for node in nodes
        )
        about = f" about {names}" if names else ""
        via = f", reached from {entry.via}" if entry.via else ""
        statements = count(len(entry.reading.statements), "statement")
        yield str(entry.path), "", f"{entry.importer}: {statements}{about}{via}"


def _links(project: Project) -> Iterator[Line]:
    for file, link in project.links:
        subject, target = name_of(link.subject), name_of(link.object)
        reason = link.because if not file or file in link.because else f"{file}: {link.because}"
        yield f"{subject}  {link.name}  {target}", "", f"because {reason}"


def _unstated(project: Project) -> Iterator[Line]:
    for entry in project.entries:
        for passed in entry.reading.passed_over:
            where = _at_line(passed.line) or (
                f"{visible(passed.pointer)}  " if passed.pointer else ""
            )
            yield str(entry.path), where, passed.because


def _passed_over(project: Project) -> Iterator[Line]:
    yield from ((path, "", "") for path in project.unclaimed)


def _at_line(line: int | None) -> str:
    return "" if line is None else f"line {line}  "
