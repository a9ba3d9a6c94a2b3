"""Keeps projects in a store: each source's statements in a named graph, with where they stand and
come from.

Beside the descriptors of a project it keeps what was worked out from them, and one text of all
current triples, which detection loads.
"""

import json
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kg.errors import NotFound
from kg.findings import Origin
from kg.graphs import ProjectGraphs, key
from kg.identifiers import project_iri
from kg.measure import measure
from kg.namespaces import local
from kg.projects import Project
from kg.queries import query
from kg.stores import Row, Store
from kg.vocabulary import Vocabulary
from kg.writing import literal, triple

BASE = "http://localhost:8000/"
"""Where instance data live unless an operator says otherwise."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A project's current triples as N-Triples, as detection loads them."""

    id: str
    iri: str
    triples: str


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement of one source, as evidence shows it."""

    origin: Origin
    observed: bool
    prose: bool = False


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
        """Replace all that is kept of the project."""
        graphs = ProjectGraphs(project, self.vocabulary, self.base)
        descriptors = dict(graphs.descriptors())
        worked_out = graphs.worked_out(measure(project, self.vocabulary, self.statistics))
        current = dict.fromkeys(
            line for lines in (*descriptors.values(), worked_out) for line in lines
        )
        snapshot = triple(graphs.iri, "mm:current", literal("\n".join(current)))
        written = {
            **descriptors,
            f"{graphs.iri}/derived": worked_out,
            f"{graphs.iri}/provenance": graphs.provenance(),
            f"{graphs.iri}/current": [snapshot],
        }
        kept = self.store.select(query("workspace", "descriptors", project=graphs.iri))
        for name in {row["descriptor"] for row in kept} - written.keys():
            self.store.drop(name)
        for name, lines in written.items():
            self.store.put(name, "\n".join(lines))

    def ids(self) -> list[str]:
        """The ids of all projects, in alphabetical order."""
        return sorted(row["id"] for row in self.store.select(query("workspace", "projects")))

    def facts(self, project: str) -> Facts:
        """The project's current triples; raises NotFound."""
        return self.facts_of([project])[0]

    def facts_of(self, projects: Sequence[str]) -> list[Facts]:
        """The current triples of each of the projects; raises NotFound."""
        names = {project: project_iri(self.base, project) for project in projects}
        rows = self.store.select(query("workspace", "current", projects=names.values()))
        triples = {row["project"]: row["triples"] for row in rows}
        for project, name in names.items():
            if name not in triples:
                known = ", ".join(self.ids())
                raise NotFound(f"There is no project {project}", f"There are: {known}")
        return [Facts(project, name, triples[name]) for project, name in names.items()]

    def origins(self, project: str) -> "Origins":
        """Where the project's statements stand."""
        return next(iter(self.origins_of([project]).values()))

    def origins_of(self, projects: Sequence[str]) -> dict[str, "Origins"]:
        """Where the statements of each of the projects stand, by the project's IRI."""
        names = [project_iri(self.base, project) for project in projects]
        found: dict[str, list[Row]] = {name: [] for name in names}
        for row in self.store.select(query("workspace", "places", projects=names)):
            found[row["project"]].append(row)
        return {name: Origins(rows) for name, rows in found.items()}


class Origins:
    """Where statements stand, looked up by subject, predicate and value."""

    def __init__(self, descriptors: Iterable[Row]) -> None:
        self._descriptors = tuple(descriptors)

    def of(self, subject: str, predicate: str, value: str) -> list[Stated]:
        """Every statement of the triple, source by source; the value is an IRI or a literal's plain
        text.
        """
        name = key(subject, predicate, value)
        return [
            _stated(row, *place) for row, places in self._places for place in places.get(name, ())
        ]

    def only(self, names: Container[str]) -> "Origins":
        """Where those of the statements stand that `kg.graphs.key` gives these names."""
        few = (
            {**row, "places": json.dumps({n: at for n, at in places.items() if n in names})}
            for row, places in self._places
        )
        return Origins(few)

    @cached_property
    def _places(self) -> list[tuple[Row, dict[str, list[Any]]]]:
        return [(row, json.loads(row["places"])) for row in self._descriptors]


def _stated(
    row: Row, line: int | None, pointer: str | None, given: str | None, *prose: bool
) -> Stated:
    """A statement as its place is kept: only prose is marked."""
    role = local(row["role"]) if "role" in row else None
    origin = Origin(row["file"], line, pointer, given, role, row.get("via"))
    return Stated(origin, row["observed"] == "true", any(prose))
