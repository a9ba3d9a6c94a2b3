"""Judges a folder of files as one project: its graphs, and what was found in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import orjson

from kg import catalogue as catalogues
from kg import vocabulary as vocabularies
from kg.detect import ACROSS, in_order, report_of
from kg.detect.batch import Ground
from kg.detect.judging import Judge, undisturbed
from kg.findings import ProjectReport
from kg.graphs import ProjectGraphs
from kg.keeping.across import Assembly
from kg.keeping.bounds import of_knowledge, require_own, strange, within
from kg.keeping.naming import named
from kg.keeping.normal import as_kept
from kg.measure import measure
from kg.projects import Project, read_project
from kg.reports import jsonld
from kg.statements import Problem
from kg.workspace import Facts


@dataclass(frozen=True, slots=True)
class Judgement:
    """The named graphs of a project as lines of N-Quads, what was found in it, the files that
    something was read from, and what of it is held against other projects.
    """

    graphs: str
    report: ProjectReport
    read: tuple[str, ...]
    shared: bytes


class Bench:
    """Judges one project after the other; all that they are judged by is loaded once."""

    def __init__(self, knowledge: Sequence[Path] = ()) -> None:
        self._knowledge = tuple(knowledge)
        self._vocabulary = vocabularies.load(self._knowledge)
        self._catalogue = catalogues.load(self._vocabulary, self._knowledge)
        self._is_known = of_knowledge(self._vocabulary)
        ground, predicates = Ground(self._vocabulary), self._catalogue.predicates.values()
        self._judge = Judge(ground, [one for one in predicates if one.kind != ACROSS])
        self.assembly = Assembly(ground, [one for one in predicates if one.kind == ACROSS])

    def judged(self, folder: Path, name: str, base: str) -> Judgement:
        """What the files of a folder state, and what is found in it, as the project of that id.

        Predicates over different projects are not asked, and what is stated about other projects is
        not taken. The folder is not named in what is told.
        """
        of_others = strange(base, name)
        take = partial(within, is_strange=lambda iri: of_others(iri) or self._is_known(iri))
        read = read_project(folder, self._vocabulary, self._knowledge, take=take)
        project = _called(read, name)
        graphs = ProjectGraphs(project, self._vocabulary, base)
        measured = measure(project, self._vocabulary, self._catalogue.statistics)
        worked_out = graphs.worked_out(measured)
        facts = Facts(name, graphs.iri, **orjson.loads(graphs.current(worked_out)))
        with undisturbed():
            found = self._judge.judged(facts, everything=True)
        in_order(found.findings)
        report = replace(report_of(project, found), path=name)
        lines: dict[str, Iterable[str]] = {
            **dict(graphs.descriptors()),
            f"{graphs.iri}/derived": worked_out,
            f"{graphs.iri}/provenance": graphs.provenance(),
            f"{graphs.iri}/findings": named(jsonld.triples(report), f"{graphs.iri}/findings"),
        }
        kept = as_kept(lines)
        require_own(kept, name, base)
        stating = tuple(str(one.path) for one in project.entries if not one.reading.is_empty)
        return Judgement(kept, report, stating, self.assembly.share(facts))


def _called(project: Project, name: str) -> Project:
    """The project under the id that it is kept by, with no word of the folder that it was read
    from.
    """
    folder = f"{project.path}/"

    def told(text: str) -> str:
        return text.replace(folder, "").replace(str(project.path), name)

    notes = [told(note) for note in project.notes]
    own = project.settings.id
    if own is not None and own != name:
        notes.append(f"mismatch.yaml calls this project {own}; here it is {name}.")
    problems = [Problem(one.file, told(one.message), one.line) for one in project.problems]
    return replace(project, id=name, notes=tuple(notes), problems=tuple(problems))
