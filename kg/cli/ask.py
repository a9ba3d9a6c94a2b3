"""`mismatch ask`: a saved question, or SPARQL of one's own, over projects or a store."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import catalogue as catalogues
from kg import knowledge as knowing
from kg import saved
from kg import vocabulary as vocabularies
from kg.answers import as_csv, as_json, as_text
from kg.cli._options import Knowledge, Output, StoreUrl, opened
from kg.cli._output import colours, width, write
from kg.cli._reading import Reading
from kg.detect import check
from kg.errors import QueryRefused
from kg.priority import ranked
from kg.reports import jsonld
from kg.reports._page import Page
from kg.saved import SavedQuestion
from kg.workspace import BASE, Workspace

_IN_MEMORY = "memory:"


class Format(StrEnum):
    """How answers are told."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


def command(  # noqa: PLR0913 - each is an option of the contract
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME] [PATH]...",
            help="A saved question, unless there is -f; then the projects to ask about.",
            show_default=False,
        ),
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", "-f", metavar="FILE.rq", exists=True, dir_okay=False, help="Own SPARQL."
        ),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="What the question is told."),
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Every folder directly below PATH is a project.")
    ] = False,
    as_: Annotated[
        Format | None,
        typer.Option(
            "--as",
            envvar="MISMATCH_AS",
            help="How to tell the answers. Without it as FILE's name ends, or text.",
        ),
    ] = None,
    output: Output = None,
    knowledge: Knowledge = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
    store: StoreUrl = _IN_MEMORY,
) -> int:
    """Ask a saved question about projects, or one of your own in SPARQL.

    Without a NAME it lists the questions. Without a PATH it asks about all projects of the store.
    """
    vocabulary = vocabularies.load(knowledge)
    questions = saved.load(vocabulary, knowledge)
    if not file and not names:
        write(_listed(questions, Page(width(output), colour=colours(output))), output)
        return 0
    name, *paths = (str(file), *(names or ())) if file else names or ()
    asked = saved.own(file, vocabulary) if file else saved.question(questions, name)
    text = asked.bound(dict(map(_pair, param or ())), vocabulary)
    if not paths and store == _IN_MEMORY:
        raise typer.BadParameter("There is nothing to ask about. Name a PATH, or a --store.")
    workspace, code = Workspace(opened(store), vocabulary, BASE), 0
    only = None
    if paths:
        only, code = _put(workspace, list(map(Path, paths)), knowledge, each=each)
    workspace.put_knowledge(knowing.graph(vocabulary))
    try:
        answers = workspace.ask(text, only)
    except QueryRefused as error:
        raise typer.BadParameter(f"{asked.file}: {error.what}.") from error
    if as_ is Format.CSV or (not as_ and _ends(output, ".csv")):
        write(as_csv(answers), output)
    elif as_ is Format.JSON or (not as_ and _ends(output, ".json")):
        write(as_json(answers), output)
    else:
        write(as_text(answers, width(output), colour=colours(output)), output)
    return code


def _put(
    workspace: Workspace, paths: list[Path], knowledge: list[Path], *, each: bool
) -> tuple[list[str], int]:
    """Puts the projects and what is found in them into the workspace; gives their ids, and the exit
    code that paths which cannot be read ask for.
    """
    catalogue = catalogues.load(workspace.vocabulary, knowledge)
    workspace.statistics = catalogue.statistics
    reading = Reading(workspace.vocabulary, knowledge)
    folders = reading.folders(paths, each=each)
    report = check(reading.projects(folders), workspace, catalogue, everything=False)
    projects = ranked(report, catalogue).projects
    for project in projects:
        workspace.put_findings(project.id, jsonld.triples(project))
    return [project.id for project in projects], reading.code


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise typer.BadParameter(
            f"`{text}` names no value. Write NAME=VALUE.", param_hint="--param"
        )
    return name.strip(), value


def _ends(output: Path | None, suffix: str) -> bool:
    return output is not None and output.suffix.lower() == suffix


def _listed(questions: Mapping[str, SavedQuestion], page: Page) -> str:
    """The questions with what each has to be told."""
    for one in questions.values():
        told = (f"{p.name}{'?' if p.optional or p.default else ''}" for p in one.parameters)
        page.between((one.id, "bold"), right=" ".join(told))
        page.paragraph(one.summary, indent=2, hanging=0)
    page.gap()
    page.paragraph(
        "`mismatch ask NAME --param name=value PATH` asks one; a parameter with ? may be left out."
    )
    return page.text()
