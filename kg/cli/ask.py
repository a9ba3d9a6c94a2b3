"""`mismatch ask`: a saved question, or SPARQL of one's own, over projects or a store."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from kg import catalogue as catalogues
from kg import knowledge as knowing
from kg import saved
from kg import vocabulary as vocabularies
from kg.catalogue import Catalogue
from kg.cli._options import Knowledge, Output, StoreUrl, base_of, opened, telling_as
from kg.cli._output import colours, width, write
from kg.cli._reading import Reading
from kg.cli._shown import telling
from kg.detect import check
from kg.errors import QueryRefused
from kg.priority import ranked
from kg.projects import Project
from kg.reports import jsonld
from kg.reports._page import Page
from kg.saved import SavedQuestion
from kg.telling import teller
from kg.workspace import Workspace

_IN_MEMORY = "memory:"


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
    as_: Annotated[str | None, telling_as("answers")] = None,
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
    catalogue = catalogues.load(vocabulary, knowledge)
    workspace = Workspace(
        opened(store, putting=bool(paths)), vocabulary, base_of(store), catalogue.statistics
    )
    reading = Reading(vocabulary, knowledge)
    folders = reading.folders(list(map(Path, paths)), each=each)
    only = _put(reading.projects(folders), workspace, catalogue) if paths else None
    try:
        answers = workspace.ask(text, only, knowing.graph(vocabulary, catalogue, knowledge))
    except QueryRefused as error:
        raise typer.BadParameter(f"{asked.file}: {error.what}.") from error
    write(teller("answers", as_, output).render(answers, telling(output)), output)
    return reading.code


def _put(projects: Iterable[Project], workspace: Workspace, catalogue: Catalogue) -> list[str]:
    """Puts the projects and what is found in them into the workspace; gives their ids."""
    report = ranked(check(projects, workspace, catalogue, everything=False), catalogue)
    for project in report.projects:
        workspace.put_findings(project.id, jsonld.triples(project))
    return [project.id for project in report.projects]


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise typer.BadParameter(
            f"`{text}` names no value. Write NAME=VALUE.", param_hint="--param"
        )
    return name.strip(), value


def _listed(questions: Mapping[str, SavedQuestion], page: Page) -> str:
    """The questions with what each has to be told."""
    for one in questions.values():
        page.between((one.id, "bold"), right=one.told)
        page.paragraph(one.summary, indent=2, hanging=0)
    page.gap()
    page.paragraph(
        "`mismatch ask NAME --param name=value PATH` asks one; a parameter with ? may be left out."
    )
    return page.text()
