"""What a notebook needs: projects to ask about, in a few lines, with answers as pandas DataFrames.

>>> import kg
>>> workspace = kg.Workspace()
>>> workspace.attributes()["requiredMemory"].unit_name
'BYTE'

Columns have pandas' types that know what is missing: whole numbers stay whole, and what is not
there is `pandas.NA`. A workspace knows the folders as they are when it begins: whoever edits an
extension begins another.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from kg import catalogue as catalogues
from kg import knowledge as knowing
from kg import matrix as matrices
from kg import saved
from kg import vocabulary as vocabularies
from kg.catalogue import Predicate
from kg.cells import Cell, value
from kg.detect import check
from kg.findings import Finding, Report, Verdict
from kg.gaps import analyse
from kg.matrix.narrowing import narrowed
from kg.namespaces import local
from kg.pictures import Shown, picture
from kg.priority import ranked
from kg.projects import Project, read_project
from kg.reports import jsonld
from kg.stores import open_store
from kg.study import Study
from kg.vocabulary import Attribute
from kg.workspace import BASE
from kg.workspace import Workspace as Kept

try:
    import pandas as pd
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "kg.Workspace answers with pandas, which is not installed. "
        "Run `pip install ml-mismatch[notebook]`."
    ) from error

_MEMORY = "memory:"
_COLUMNS = (
    "project",
    "predicate",
    "verdict",
    "severity",
    "mismatch",
    "subject",
    "object",
    "item",
    "message",
    "fingerprint",
)


class Workspace:
    """Our knowledge with folders laid over it, and the projects of some folders, or of a store."""

    def __init__(
        self,
        *projects: str | Path,
        knowledge: Iterable[str | Path] = (),
        store: str | Path = _MEMORY,
    ) -> None:
        """Read the projects' folders; what a store in a folder keeps already is there, too."""
        self._folders = [Path(folder) for folder in knowledge]
        self.vocabulary = vocabularies.load(self._folders)
        self.catalogue = catalogues.load(self.vocabulary, self._folders)
        self._questions = saved.load(self.vocabulary, self._folders)
        kept = open_store(str(store))
        self._kept = Kept(kept, self.vocabulary, BASE, self.catalogue.statistics)
        self._projects: dict[str, Project] = {}
        self._report: Report | None = None
        for folder in projects:
            self.read(folder)

    def read(self, folder: str | Path) -> Project:
        """Read a project's folder; one that has its id already is replaced."""
        project = read_project(Path(folder), self.vocabulary, self._folders)
        self._kept.put(project)
        self._projects[project.id] = project
        self._report = None
        return project

    def attributes(self) -> Mapping[str, Attribute]:
        """All that can be stated, by local name, or by IRI where it is not ours."""
        return self.vocabulary.attributes

    def predicates(self) -> Mapping[str, Predicate]:
        """All that detects mismatch, by id."""
        return self.catalogue.predicates

    def report(self) -> Report:
        """What every predicate says of the projects that were read."""
        if self._report is None:
            found = check(self._projects.values(), self._kept, self.catalogue)
            self._report = ranked(found, self.catalogue)
            for project in self._report.projects:
                self._kept.put_findings(project.id, jsonld.triples(project))
        return self._report

    def findings(self, verdict: Verdict | str | None = Verdict.MISMATCH) -> pd.DataFrame:
        """The findings, those of one verdict, or of all three where it is None."""
        rows = [
            _row(project.id, finding)
            for project in self.report().projects
            for finding in project.findings
            if verdict is None or finding.verdict == verdict
        ]
        return _frame(rows, _COLUMNS)

    def gaps(self) -> pd.DataFrame:
        """The gaps of the mapping that nothing excuses."""
        found = analyse(self.vocabulary, self.catalogue).mapping.unintended
        rows = [(gap.kind, gap.term, gap.reader or None) for gap in found]
        return _frame(rows, ("kind", "term", "reader"))

    def questions(self) -> pd.DataFrame:
        """The saved questions that `ask` knows, with the parameters of each."""
        rows = [(one.id, one.summary, one.told) for one in self._questions.values()]
        return _frame(rows, ("id", "summary", "parameters"))

    def ask(self, question: str, **parameters: object) -> pd.DataFrame:
        """The answers to a saved question, or to a SELECT query of one's own, over the projects and
        the ontology; raises NotFound, ParameterInvalid, QueryRefused.

        Our prefixes and the extensions' need not be declared. Numbers are numbers, IRIs of terms
        prefixed names or local ones.
        """
        self.report()
        self._kept.put_knowledge(self._knowledge)
        given = {name: str(value) for name, value in parameters.items()}
        text = saved.meant(question, given, self._questions, self.vocabulary)
        answers = self._kept.ask(text)
        rows = [tuple(map(self._cell, row)) for row in answers.rows]
        return _frame(rows, answers.variables)

    def draw(self, name: str, *mismatches: str) -> str:
        """One of the pictures that `mismatch draw` draws, as SVG, of some mismatches or all."""
        whole = matrices.build(self.vocabulary, self.catalogue)
        matrix = narrowed(whole, mismatches, ())
        folders = tuple(self._folders)
        shown = Shown(matrix, Study(), self.vocabulary, self.catalogue, folders)
        return picture(name).draw(shown)

    @cached_property
    def _knowledge(self) -> str:
        return knowing.graph(self.vocabulary, self.catalogue, tuple(self._folders))

    def _cell(self, term: str | None) -> Cell:
        """The value of a term in N-Triples; what has a prefixed name is called by that."""
        if term is None or not term.startswith("<"):
            return None if term is None else value(term)
        name = self.vocabulary.curie(local(term[1:-1]))
        return term[1:-1] if name.startswith("<") else name


def _frame(rows: Sequence[Sequence[Cell]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).convert_dtypes()


def _row(project: str, finding: Finding) -> Sequence[Cell]:
    return (
        project,
        finding.predicate,
        str(finding.verdict),
        str(finding.severity),
        finding.mismatches[0],
        finding.subject.label,
        finding.object.label if finding.object else None,
        finding.item,
        finding.message,
        finding.fingerprint,
    )
