"""Keeps projects in a store: each source's statements in a named graph, with where they stand and
come from.

Beside the descriptors of a project it keeps what was worked out from them, and all current triples
as one text in JSON, which detection loads.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from kg.errors import NotFound, QueryRefused
from kg.findings import Origin
from kg.graphs import ProjectGraphs
from kg.identifiers import knowledge_iri, project_iri
from kg.measure import measure
from kg.projects import Project
from kg.queries import query
from kg.sparql import Term
from kg.sparql.reach import addresses
from kg.stores import Answers, Store
from kg.vocabulary import Vocabulary
from kg.writing import literal, triple

BASE = "http://localhost:8000/"
"""Where instance data live unless an operator says otherwise."""

# Texts that detection loads; and each triple once, for a service.
_UNSEEN = ("/current", "/written", "/statements")


@dataclass(slots=True)
class Stated:
    """One statement of one source, as evidence shows it."""

    origin: Origin
    observed: bool
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A project's current triples, each with where it is stated, as `ProjectGraphs.current` writes
    them and detection loads them.
    """

    id: str
    iri: str
    relations: Mapping[Term, Mapping[Term, Mapping[Term, Sequence[Sequence[Any]]]]]
    sources: Sequence[Sequence[Any]]

    @property
    def triples(self) -> str:
        """The triples as N-Triples."""
        return "\n".join(
            f"{subject} {predicate} {value} ."
            for predicate, relation in self.relations.items()
            for subject, values in relation.items()
            for value in values
        )

    def stated(self, subject: Term, predicate: Term, value: Term) -> list[Stated]:
        """Every statement of the triple, source by source."""
        places = self.relations.get(predicate, {}).get(subject, {}).get(value, ())
        return [self._one(*place) for place in places]

    def _one(  # noqa: PLR0913, PLR0917 - a place as it is kept
        self,
        source: int,
        line: int | None,
        pointer: str | None,
        given: str | None,
        prose: bool = False,  # noqa: FBT001, FBT002
        inferred_from: str | None = None,
    ) -> Stated:
        """A statement as its place is kept: only prose and what is inferred are marked."""
        file, observed, role, via = self.sources[source]
        origin = Origin(file, line, pointer, given, role, via, inferred_from)
        return Stated(origin, observed, prose)


@dataclass(frozen=True, slots=True)
class Kept:
    """A project's current triples as the text that the store keeps."""

    id: str
    iri: str
    text: str

    @property
    def facts(self) -> Facts:
        """The text, read."""
        return Facts(self.id, self.iri, **orjson.loads(self.text))


class Workspace:
    """Projects in a store, under one base IRI.

    Of the statistics only those named are worked out, or all there are: a test takes up to fourteen
    triples, and one that no predicate reads only weighs detection down.
    """

    def __init__(
        self,
        store: Store,
        vocabulary: Vocabulary,
        base: str = BASE,
        statistics: Collection[str] | None = None,
    ) -> None:
        self.store = store
        self.vocabulary = vocabulary
        self.base = base
        self.statistics = statistics

    def put(self, project: Project) -> None:
        """Replace all that is kept of the project; graphs that stay as they are are not written."""
        graphs = ProjectGraphs(project, self.vocabulary, self.base)
        worked_out = graphs.worked_out(measure(project, self.vocabulary, self.statistics))
        current = literal(graphs.current(worked_out), "rdf:JSON")
        lines = {
            **dict(graphs.descriptors()),
            f"{graphs.iri}/derived": worked_out,
            f"{graphs.iri}/provenance": graphs.provenance(),
            f"{graphs.iri}/current": [triple(graphs.iri, "mm:current", current)],
        }
        texts = {name: "\n".join(found) for name, found in lines.items()}
        digests = {name: sha256(text.encode()).hexdigest() for name, text in texts.items()}
        kept = self._written(graphs.iri)
        # Until all is written, nothing says what is: who comes after a crash writes it anew.
        self.store.drop(f"{graphs.iri}/written")
        self.store.drop(f"{graphs.iri}/findings")
        for name in kept.keys() - texts.keys():
            self.store.drop(name)
        for name, text in texts.items():
            if kept.get(name) != digests[name]:
                self.store.put(name, text)
        written = (triple(name, "mm:written", literal(one)) for name, one in digests.items())
        self.store.put(f"{graphs.iri}/written", "\n".join(written))

    def put_findings(self, project: str, triples: str) -> None:
        """Replace what was found in the project, as N-Triples; it goes when the project is put."""
        self.store.put(f"{project_iri(self.base, project)}/findings", triples)

    def put_knowledge(self, triples: str) -> None:
        """Replace the knowledge that stands beside the projects, as N-Triples."""
        self.store.put(knowledge_iri(self.base), triples)

    def ask(
        self, sparql: str, projects: Collection[str] | None = None, knowledge: str | None = None
    ) -> Answers:
        """The answers to a SELECT query over the projects, or all, and the knowledge beside them,
        which is what the store has of it unless it is given as N-Triples; raises QueryRefused.

        It sees what sources state, where they stand, what was worked out and found; not the texts
        that detection loads.
        """
        if any(True for _ in addresses(sparql, "SERVICE")):
            raise QueryRefused(
                "The query calls another host by SERVICE", "Ask about what is here alone"
            )
        name, graphs = knowledge_iri(self.base), self._visible(projects)
        if knowledge is None:
            return self.store.ask(sparql, [name, *graphs])
        return self.store.ask(sparql, graphs, {name: knowledge})

    def _visible(self, projects: Collection[str] | None) -> list[str]:
        known = self.ids() if projects is None else projects
        roots = tuple(f"{project_iri(self.base, one)}/" for one in known)
        shown = (name for name in self.store.names() if name.startswith(roots))
        return [name for name in shown if not name.endswith(_UNSEEN)]

    def _written(self, project: str) -> dict[str, str]:
        """The digest of each graph that is kept of the project; empty where none is known."""
        asked = query("workspace", "written", project=project, written=f"{project}/written")
        found: dict[str, str] = {}
        for row in self.store.select(asked):
            found[row["graph"]] = row.get("digest") or found.get(row["graph"], "")
        return found

    def ids(self) -> list[str]:
        """The ids of all projects, in alphabetical order."""
        return sorted(row["id"] for row in self.store.select(query("workspace", "projects")))

    def facts(self, project: str) -> Facts:
        """The project's current triples; raises NotFound."""
        return self.facts_of([project])[0]

    def facts_of(self, projects: Sequence[str]) -> list[Facts]:
        """The current triples of each of the projects; raises NotFound."""
        return [kept.facts for kept in self.kept_of(projects)]

    def kept_of(self, projects: Sequence[str]) -> list[Kept]:
        """The same, as the store keeps them."""
        names = {project: project_iri(self.base, project) for project in projects}
        rows = self.store.select(query("workspace", "current", projects=names.values()))
        current = {row["project"]: row["current"] for row in rows}
        for project, name in names.items():
            if name not in current:
                known = ", ".join(self.ids())
                raise NotFound(f"There is no project {project}", f"There are: {known}")
        return [Kept(project, name, current[name]) for project, name in names.items()]
