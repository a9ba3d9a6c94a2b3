"""What the tools do: each is given the desk and plain values, and tells in words and as data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from kg import catalogue as catalogues
from kg import knowledge as knowing
from kg import saved
from kg import vocabulary as vocabularies
from kg.catalogue import Catalogue
from kg.cells import cells
from kg.detect import check as checked
from kg.errors import NotAllowed, NotFound
from kg.explaining import Explainer
from kg.findings import Report, Verdict
from kg.gaps import analyse
from kg.gaps.projects import Asker
from kg.priority import ranked
from kg.projects import Project, read_project
from kg.reports import Telling, jsonld, reporter
from kg.reports._page import Page
from kg.stores import Answers, open_store
from kg.telling import teller
from kg.vocabulary import Vocabulary
from kg.workspace import BASE, Workspace

_LONGEST = 60_000
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Desk:
    """What the tools may see: the files below a folder, and knowledge of one's own."""

    root: Path
    knowledge: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in words, and as data where it has a shape."""

    text: str
    data: dict[str, Any] | None = None


def check(desk: Desk, path: str, everything: bool, most: int) -> Told:  # noqa: FBT001 - as it is sent
    """What every predicate says of a project."""
    report = _report(desk, [_project(desk, path)])
    cut = sum(_shown(report, everything=everything)) - most
    few = _few(report, most, everything=everything)
    telling = Telling(everything=everything, width=_WIDTH)
    text = reporter("text").render(few, telling)
    if cut > 0:
        text += f"\n{cut} more findings are not told here. Ask for up to {most + cut}.\n"
    data = json.loads(reporter("json").render(few, telling))
    return Told(_bounded(text), {**data, "left_out": max(cut, 0)})


def ask(
    desk: Desk, question: str, parameters: Mapping[str, str], paths: Sequence[str], most: int
) -> Told:
    """The answers to a question about projects."""
    vocabulary, catalogue = _known(desk.knowledge)
    known = saved.load(vocabulary, desk.knowledge)
    text = saved.meant(question, parameters, known, vocabulary)
    workspace = _workspace(desk)
    report = _report(desk, [_project(desk, path) for path in paths], workspace)
    for project in report.projects:
        workspace.put_findings(project.id, jsonld.triples(project))
    answers = workspace.ask(text, knowledge=knowing.graph(vocabulary, catalogue, desk.knowledge))
    few = Answers(answers.variables, answers.rows[:most])
    told = teller("answers", "text", None).render(few, Telling(width=_WIDTH))
    left = len(answers.rows) - len(few.rows)
    if left:
        told += f"\n{left} more rows are not told here. Ask for more, or for less at a time.\n"
    rows = [dict(zip(few.variables, row, strict=True)) for row in cells(few)]
    return Told(_bounded(told), {"columns": list(few.variables), "rows": rows, "left_out": left})


def questions(desk: Desk) -> Told:
    """The saved questions."""
    vocabulary, _ = _known(desk.knowledge)
    known = [
        {
            "id": one.id,
            "summary": one.summary,
            "parameters": {
                p.name: {
                    "type": p.type,
                    "label": p.label,
                    "required": p.required,
                    "values": list(p.values),
                }
                for p in one.parameters
            },
        }
        for one in saved.load(vocabulary, desk.knowledge).values()
    ]
    text = "\n".join(
        f"{one['id']}({', '.join(one['parameters'])}): {one['summary']}" for one in known
    )
    return Told(text, {"questions": known})


def explain(desk: Desk, name: str) -> Told:
    """What a predicate, mismatch or attribute is."""
    page = Page(_WIDTH, colour=False)
    Explainer(*_known(desk.knowledge), page).explain(name)
    return Told(_bounded(page.text()))


def gaps(desk: Desk, path: str | None) -> Told:
    """What is missing in a project, or in the mapping."""
    vocabulary, catalogue = _known(desk.knowledge)
    analysis = analyse(vocabulary, catalogue)
    if path is not None:
        _, project = _project(desk, path)
        found = Asker(_workspace(desk), catalogue, None).gaps(project)
        analysis = replace(analysis, projects=(replace(found, path=path),))
    return Told(_bounded(teller("gaps", "text", None).render(analysis, Telling(width=_WIDTH))))


@cache
def _known(knowledge: tuple[Path, ...]) -> tuple[Vocabulary, Catalogue]:
    vocabulary = vocabularies.load(knowledge)
    return vocabulary, catalogues.load(vocabulary, knowledge)


def _workspace(desk: Desk) -> Workspace:
    vocabulary, catalogue = _known(desk.knowledge)
    return Workspace(open_store("memory:"), vocabulary, BASE, catalogue.statistics)


def _project(desk: Desk, path: str) -> tuple[str, Project]:
    """The project in a folder below the root, and the path; raises NotAllowed, NotFound."""
    folder = (desk.root / path).resolve()
    if not folder.is_relative_to(desk.root):
        raise NotAllowed(
            f"{path} is not below {desk.root}", "Start the server with --root at a folder above it"
        )
    vocabulary, _ = _known(desk.knowledge)
    project = read_project(folder, vocabulary, desk.knowledge)
    if not project.entries:
        raise NotFound(f"Nothing in {path} could be read", "Name a project's folder")
    return path, project


def _report(
    desk: Desk, projects: Sequence[tuple[str, Project]], workspace: Workspace | None = None
) -> Report:
    _, catalogue = _known(desk.knowledge)
    kept = workspace or _workspace(desk)
    found = ranked(checked([one for _, one in projects], kept, catalogue), catalogue)
    called = zip(found.projects, projects, strict=True)
    return replace(found, projects=tuple(replace(one, path=path) for one, (path, _) in called))


def _shown(report: Report, *, everything: bool) -> list[bool]:
    return [everything or one.verdict is not Verdict.CLEAR for one in report.findings()]


def _few(report: Report, most: int, *, everything: bool) -> Report:
    """The report with the first of the findings that are told; its counts are of all."""
    (project,) = report.projects
    told = [one for one in project.findings if everything or one.verdict is not Verdict.CLEAR]
    counts = {verdict: project.count(verdict) for verdict in Verdict}
    few = replace(project, findings=tuple(told[:most]), counts=counts)
    return replace(report, projects=(few,))


def _bounded(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}\n[cut off after {_LONGEST:,} characters]\n"
