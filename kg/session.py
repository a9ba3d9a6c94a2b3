"""What a notebook needs: projects to ask about, in a few lines.

>>> session = Session()
>>> session.attributes()["requiredMemory"].unit_name
'BYTE'

A session knows the folders as they are when it begins: whoever edits an extension begins another.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rdflib
from rdflib.query import ResultRow

from kg import catalogue as catalogues
from kg import matrix as matrices
from kg import vocabulary as vocabularies
from kg.catalogue import Predicate
from kg.detect import check
from kg.errors import QueryRefused
from kg.findings import Finding, Report, Verdict
from kg.gaps import analyse
from kg.matrix.narrowing import narrowed
from kg.namespaces import iri, local, prefixes
from kg.pictures import Shown, picture
from kg.projects import Project, read_project
from kg.stores import open_store
from kg.study import Study
from kg.triples import Term
from kg.vocabulary import Attribute
from kg.workspace import BASE, Workspace

Row = Mapping[str, Any]
"""What was asked for, by name; what is not there is None."""


class Session:
    """Our knowledge with folders laid over it, and the projects that were read."""

    def __init__(self, *knowledge: str | Path) -> None:
        self._folders = [Path(folder) for folder in knowledge]
        self.vocabulary = vocabularies.load(self._folders)
        self.catalogue = catalogues.load(self.vocabulary, self._folders)
        store = open_store("memory:")
        self._workspace = Workspace(store, self.vocabulary, BASE, self.catalogue.statistics)
        self._projects: dict[str, Project] = {}

    def read(self, folder: str | Path) -> Project:
        """Read a project's folder; one that has its id already is replaced."""
        project = read_project(Path(folder), self.vocabulary, self._folders)
        self._workspace.put(project)
        self._projects[project.id] = project
        return project

    def attributes(self) -> Mapping[str, Attribute]:
        """All that can be stated, by local name, or by IRI where it is not ours."""
        return self.vocabulary.attributes

    def predicates(self) -> Mapping[str, Predicate]:
        """All that detects mismatch, by id."""
        return self.catalogue.predicates

    def report(self) -> Report:
        """What every predicate says of the projects that were read."""
        return check(self._projects.values(), self._workspace, self.catalogue)

    def findings(self, verdict: Verdict | str | None = Verdict.MISMATCH) -> list[Row]:
        """The findings as rows, those of one verdict, or of all three where it is None."""
        return [
            _row(project.id, finding)
            for project in self.report().projects
            for finding in project.findings
            if verdict is None or finding.verdict == verdict
        ]

    def gaps(self) -> list[Row]:
        """The gaps of the mapping that nothing excuses, as rows."""
        found = analyse(self.vocabulary, self.catalogue).mapping.unintended
        return [{"kind": gap.kind, "term": gap.term, "reader": gap.reader or None} for gap in found]

    def draw(self, name: str, *mismatches: str) -> str:
        """One of the pictures that `mismatch draw` draws, as SVG, of some mismatches or all."""
        whole = matrices.build(self.vocabulary, self.catalogue)
        matrix = narrowed(whole, mismatches, ())
        folders = tuple(self._folders)
        shown = Shown(matrix, Study(), self.vocabulary, self.catalogue, folders)
        return picture(name).draw(shown)

    def ask(self, sparql: str) -> list[Row]:
        """The solutions of a SELECT query over the ontology and the projects that were read; raises
        QueryRefused.

        Our prefixes and the extensions' need not be declared. Numbers are numbers, IRIs of terms
        prefixed names or local ones.
        """
        known = {**prefixes(), **self.vocabulary.prefixes}
        try:
            rows = list(self._graph().query(sparql, initNs=known))
        except Exception as error:  # its parser raises whatever it meets
            raise QueryRefused(f"The query was refused: {error}", "Correct it") from error
        if not all(isinstance(row, ResultRow) for row in rows):
            raise QueryRefused("The query is no SELECT", "Ask with SELECT")
        return [
            {name: self._value(row.get(name)) for name in row.labels}
            for row in rows
            if isinstance(row, ResultRow)
        ]

    def _graph(self) -> rdflib.Graph:
        graph = rdflib.Graph()
        for subject, predicate, term in self.vocabulary.triples:
            value = _literal(term) if term.datatype else _node(term.value)
            graph.add((_node(subject), _node(predicate), value))
        for facts in self._workspace.facts_of(list(self._projects)):
            graph.parse(data=facts.triples, format="nt")
        return graph

    def _value(self, term: object) -> object:
        if isinstance(term, rdflib.URIRef):
            name = self.vocabulary.curie(local(str(term)))
            return str(term) if name.startswith("<") else name
        python: object = term.toPython() if isinstance(term, rdflib.Literal) else term
        return python


def _node(name: str) -> rdflib.URIRef | rdflib.BNode:
    return rdflib.BNode(name[2:]) if name.startswith("_:") else rdflib.URIRef(name)


def _literal(term: Term) -> rdflib.Literal:
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(iri(term.datatype)))


def _row(project: str, finding: Finding) -> Row:
    return {
        "project": project,
        "predicate": finding.predicate,
        "verdict": str(finding.verdict),
        "severity": str(finding.severity),
        "mismatch": finding.mismatches[0],
        "subject": finding.subject.label,
        "object": finding.object.label if finding.object else None,
        "item": finding.item,
        "message": finding.message,
    }
