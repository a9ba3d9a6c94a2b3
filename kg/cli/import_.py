"""`mismatch import`: shows what is read from a project, as descriptors with their sources."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from kg import vocabulary as vocabularies
from kg.cli._errors import UNREADABLE, say
from kg.cli._options import Knowledge, Output
from kg.cli._output import colours, following, width, write, write_folder
from kg.errors import NotFound
from kg.exports import AnyExporter, FolderExporter, Remark, exporter_for, formats
from kg.namespaces import kebab, stem
from kg.projects import Project, read_project
from kg.projects.linking import name_of
from kg.reports._page import Page
from kg.reports._words import count
from kg.visible import flowing, visible

Line: TypeAlias = tuple[str, str, str]
"""A file, the place in it, and what is told of it."""

_FEW_PLACES = 3


def _format(name: str | None) -> str | None:
    if name is not None and name not in formats():
        raise typer.BadParameter(f"{name} is no format. Use one of {', '.join(formats())}.")
    return name


def command(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A project's folder.", show_default=False)
    ],
    *,
    output: Output = None,
    as_: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="FORMAT",
            callback=_format,
            help=f"How to write it: {', '.join(formats())}. Without it as FILE's name ends.",
        ),
    ] = None,
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
    format: .yaml, .jsonld or .trig; without FILE it is YAML on standard output. In a FILE that ends
    in .nt stands what predicates see: what was worked out, too, and no source.
    With --as sei, FILE is a folder that takes descriptors of the SEI, and what these cannot say is
    told on standard error.
    With --report alone, only the report is shown.
    """
    exporter = _exporter(output, as_)
    vocabulary = vocabularies.load(knowledge)
    project = read_project(_folder(path), vocabulary, knowledge, following)
    if isinstance(exporter, FolderExporter):
        files, remarks = exporter.write_folder(project, vocabulary)
        write_folder(files, output or Path())
        print(unsaid(remarks, exporter.TITLE, width(None)), end="", file=sys.stderr)  # noqa: T201 - the command line speaks
    elif output or as_ or not report:
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


def unsaid(remarks: Iterable[Remark], title: str, columns: int) -> str:
    """What the format has no place for, or holds otherwise than it is stated."""
    page = Page(columns, colour=False)
    _section(page, f"Not in {title}, or not as stated", map(_remarked, remarks))
    return page.text().lstrip()


def _remarked(remark: Remark) -> Line:
    told = f"{remark.what}: {remark.because}" if remark.what else remark.because
    places = ", ".join(remark.places[:_FEW_PLACES])
    more = len(remark.places) - _FEW_PLACES
    if more > 0:
        places += f" and {more} more"
    return remark.element, "", f"{told} ({places})" if places else told


def _exporter(output: Path | None, name: str | None) -> AnyExporter:
    found = formats()[name] if name else None
    if isinstance(found, FolderExporter) and output is None:
        raise typer.BadParameter(f"{name} takes a folder; name one.", param_hint="-o")
    try:
        return found or exporter_for(output.name if output else ".yaml")
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
        sure = "" if link.confidence == "stated" else f" ({link.confidence})"
        yield f"{subject}  {stem(link.name)}  {target}", "", f"because {reason}{sure}"


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
