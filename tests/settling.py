"""A history and a store that follows from it, and what is put into both."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from kg.findings import ProjectReport
from kg.history import History, contents, projects, revisions
from kg.history.revisions import Made
from kg.identifiers import private_iri, project_iri, public_iri
from kg.keeping.normal import as_kept
from kg.keeping.settling import settle
from kg.stores import ServedStore
from kg.workspace import BASE

Kind = TypeVar("Kind", bound=ServedStore)


@dataclass
class Place(Generic[Kind]):
    """A history and a store, and what is put into both."""

    history: History
    store: Kind

    def remember(self, name: str, *lines: str, private: bool = False) -> None:
        graph = f"{project_iri(BASE, name)}/descriptors/a.yaml"
        report = ProjectReport(name, name, 0, 0, 0, ())
        with self.history.writing() as connection:
            if not projects.has(connection, name):
                projects.create(connection, name, title=name, private=private, creator="ada")
            files = {"a.yaml": contents.keep(connection, "\n".join(lines).encode())}
            quads = as_kept({graph: lines})
            revisions.add(connection, name, Made("ada", "", "", files, quads, report))

    def settle(self, *names: str) -> None:
        for name in names:
            settle(self.history, self.store, name, BASE)

    def stated(self, name: str = "") -> set[str]:
        """What the graph of all, or that of a private project, states of what the tests put."""
        graph = private_iri(BASE, name) if name else public_iri(BASE)
        return {line for line in self.store.triples(graph) if "/x.org/" in line.partition(" ")[0]}
