"""`mismatch gaps`: what is missing in the mapping, from an attribute set, or in projects."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.catalogue import Catalogue
from kg.cli._errors import FOUND
from kg.cli._options import Knowledge, Output, Role, StoreUrl, known_role, opened
from kg.cli._output import write
from kg.cli._reading import Reading
from kg.cli._shown import telling
from kg.errors import NotFound
from kg.gaps import Analysis, analyse
from kg.gaps.projects import Asker, ProjectGaps
from kg.gaps.questionnaire import questionnaire
from kg.gaps.sets import AttributeSet, attribute_set
from kg.gaps.trends import trends
from kg.telling import teller
from kg.vocabulary import Vocabulary
from kg.workspace import BASE, Workspace


class Level(StrEnum):
    """What makes the command fail."""

    GAP = "gap"
    UNDECIDED = "undecided"
    NEVER = "never"


def command(  # noqa: PLR0913 - each is an option of its own
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Projects' folders.", show_default=False),
    ] = None,
    *,
    of: Annotated[
        list[str],
        typer.Option(
            metavar="SET",
            help="What could be detected from an attribute set alone, such as sei, mlte, "
            "croissant, card or cyclonedx; can be repeated.",
            show_default=False,
        ),
    ] = [],  # noqa: B006 - typer takes the default as it stands, and none changes it
    each: Annotated[
        bool, typer.Option("--each", help="Every folder directly below PATH is a project.")
    ] = False,
    role: Role = None,
    to_fill_in: Annotated[
        Path | None,
        typer.Option(
            "--questionnaire",
            metavar="FILE",
            help="Write the questions of the one PATH as a descriptor to fill in.",
            show_default=False,
        ),
    ] = None,
    earlier: Annotated[
        list[Path],
        typer.Option(
            metavar="REPORT",
            help="An earlier report of gaps in JSON to compare with; repeat it, oldest first.",
            show_default=False,
        ),
    ] = [],  # noqa: B006 - see above
    as_: Annotated[
        str | None,
        typer.Option("--as", metavar="FORMAT", help="text, json, csv, html or markdown."),
    ] = None,
    output: Output = None,
    fail_on: Annotated[
        Level,
        typer.Option(help="Leave with 1 where a gap is not excused, or a verdict is undecided."),
    ] = Level.NEVER,
    knowledge: Knowledge = [],  # noqa: B006 - see above
    store: StoreUrl = "memory:",
) -> int:
    """Find what is missing, and whom to ask.

    Without PATH, in the mapping of mismatches, predicates and attributes; with PATH, which
    statements of a project are missing, what each would decide, and who knows it.
    """
    vocabulary = vocabularies.load(knowledge)
    catalogue = catalogues.load(vocabulary, knowledge)
    chosen = known_role(role, vocabulary)
    analysis = analyse(vocabulary, catalogue, _sets(of, vocabulary, knowledge))
    reading = Reading(vocabulary, knowledge)
    folders = reading.folders(paths or [], each=each)
    _check_use(folders, to_fill_in, earlier)
    workspace = Workspace(
        opened(store, putting=bool(paths)), vocabulary, BASE, catalogue.statistics
    )
    found = tuple(_projects(reading, folders, workspace, catalogue, chosen))
    if to_fill_in and found:
        write(questionnaire(found[0], vocabulary, chosen), to_fill_in)
    told = tuple(trends(found, earlier))
    analysis = replace(analysis, projects=found, trends=told, role=chosen)
    if found or not paths:
        _tell(analysis, as_, output)
    return max(reading.code, FOUND if _fails(analysis, fail_on) else 0)


def _projects(
    reading: Reading,
    folders: list[Path],
    workspace: Workspace,
    catalogue: Catalogue,
    role: str | None,
) -> Iterator[ProjectGaps]:
    if folders:
        asker = Asker(workspace, catalogue, role)
        for project in reading.projects(folders):
            yield replace(asker.gaps(project), path=str(reading.read[-1]))


def _sets(
    names: list[str], vocabulary: Vocabulary, knowledge: list[Path]
) -> Iterator[AttributeSet]:
    for name in names:
        try:
            yield attribute_set(name, vocabulary, knowledge)
        except NotFound as error:
            raise typer.BadParameter(str(error), param_hint="--of") from error


def _check_use(folders: list[Path], to_fill_in: Path | None, earlier: list[Path]) -> None:
    if to_fill_in and len(folders) != 1:
        raise typer.BadParameter("Name one PATH.", param_hint="--questionnaire")
    if earlier and not folders:
        raise typer.BadParameter("Name the PATH that it is about.", param_hint="--earlier")


def _tell(analysis: Analysis, as_: str | None, output: Path | None) -> None:
    try:
        told = teller("gaps", as_, output)
    except NotFound as error:
        raise typer.BadParameter(str(error), param_hint="--as") from error
    write(told.render(analysis, telling(output)), output)


def _fails(analysis: Analysis, level: Level) -> bool:
    if level is Level.GAP:
        return bool(analysis.mapping.unintended)
    return level is Level.UNDECIDED and any(one.undecided for one in analysis.projects)
