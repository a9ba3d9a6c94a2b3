"""Brings together what predicates over different projects read, and nothing else of the projects.

Of all that a project states, little tells what it shares with others. That slice is picked from its
current triples, so that those of ten thousand projects fit in memory; the rest stays in the store.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from kg.catalogue import Predicate
from kg.detect.terms import plain_of
from kg.graphs import key
from kg.identifiers import project_iri
from kg.namespaces import iri
from kg.patterns import outline
from kg.sparql.values import text_of
from kg.translation import query_of
from kg.workspace import Facts, Origins, Workspace
from kg.writing import reference

_TYPE, _ELEMENT, _PART_OF = map(reference, ("rdf:type", "mm:element", "mm:partOf"))

_TOGETHER = 128
"""Projects that are asked of the store at once."""


class Slices(Mapping[str, Origins]):
    """What some predicates read of each of many projects; by a project's IRI, where that is
    stated.
    """

    def __init__(
        self, ids: Iterable[str], predicates: Iterable[Predicate], workspace: Workspace
    ) -> None:
        read = {
            reference(term)
            for predicate in predicates
            for term in (*outline(query_of(predicate)).terms, *map(iri, predicate.reads))
        }
        concrete = {reference(element.name) for element in workspace.vocabulary.concrete()}
        self._workspace = workspace
        self._read = (read | {_ELEMENT}) - {_TYPE}
        self._classes = read | concrete | {reference("mm:Project")}
        self._ids = {project_iri(workspace.base, name): name for name in ids}
        self._origins: dict[str, Origins] = {}

    def facts(self) -> Iterator[Facts]:
        """The slice of each project, one after the other."""
        names = iter(self._ids.values())
        while some := list(islice(names, _TOGETHER)):
            yield from map(self._slice, self._workspace.facts_of(some))

    def __getitem__(self, project: str) -> Origins:
        """Where the statements in the project's slice stand, looked up when first asked for."""
        if project not in self._origins:
            name = self._ids[project]
            lines = self._slice(self._workspace.facts(name)).triples.split("\n")
            stated = {
                key(text_of(subject), text_of(predicate), plain_of(value))
                for subject, predicate, value in map(_parts, lines)
            }
            self._origins[project] = self._workspace.origins(name).only(stated)
        return self._origins[project]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def _slice(self, facts: Facts) -> Facts:
        """The triples that are read of the project's elements, and of every part that such triples
        join to an element.
        """
        lines = facts.triples.split("\n")
        triples = list(map(_parts, lines))
        reached = self._reached(triples, reference(facts.iri))
        kept = (
            line
            for line, (subject, predicate, value) in zip(lines, triples, strict=True)
            if subject in reached and self._is_kept(predicate, value)
        )
        return Facts(facts.id, facts.iri, "\n".join(kept))

    def _is_kept(self, predicate: str, value: str) -> bool:
        if predicate == _TYPE:
            return value in self._classes
        return predicate in self._read or predicate == _PART_OF

    def _reached(self, triples: list[list[str]], project: str) -> set[str]:
        """The project, its elements, and what the triples that are read join to them."""
        nodes = {subject for subject, _, _ in triples}
        joined: dict[str, list[str]] = defaultdict(list)
        for subject, predicate, value in triples:
            # A listed value, such as a data type, is no node of the project: it would join all.
            if predicate in self._read and value in nodes:
                joined[subject].append(value)
                joined[value].append(subject)
        reached, waiting = {project}, [project]
        while waiting:
            found = {node for node in joined[waiting.pop()] if node not in reached}
            reached |= found
            waiting += found
        return reached


def _parts(line: str) -> list[str]:
    """Subject, predicate and object of a line of N-Triples, as we write it."""
    return line[:-2].split(" ", 2)
