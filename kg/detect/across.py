"""Brings together what predicates over different projects read, and nothing else of the projects.

Of all that a project states, little tells what it shares with others. That slice is picked from its
current triples, so that those of ten thousand projects fit in memory; the rest stays in the store.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from kg.catalogue import Predicate
from kg.namespaces import iri
from kg.patterns import outline
from kg.sparql import Relations, Term
from kg.translation import query_of
from kg.vocabulary import Vocabulary
from kg.workspace import Facts, Workspace
from kg.writing import reference

T = TypeVar("T")

_WITH_PLACES = 256
"""Of how many projects the places are kept before they are asked for."""

_TYPE, _ELEMENT, _PART_OF = map(reference, ("rdf:type", "mm:element", "mm:partOf"))


class Slices(Mapping[str, Facts]):
    """What some predicates read of each of many projects; by a project's IRI, where that is
    stated.
    """

    def __init__(self, predicates: Iterable[Predicate], workspace: Workspace) -> None:
        self._slicer = Slicer(predicates, workspace.vocabulary)
        self._workspace = workspace
        self._slices: dict[str, Facts] = {}
        self._looked_up: dict[str, Facts] = {}

    def add(self, facts: Facts) -> None:
        """Keeps what is read of a project; of the first ones with where it is stated, which takes
        more room than what is compared, and is asked for of few.
        """
        found = self._slicer.slice(facts)
        if len(self._looked_up) < _WITH_PLACES:
            self._looked_up[facts.iri] = found
        self._slices[facts.iri] = _without_places(found)

    @property
    def facts(self) -> Collection[Facts]:
        """The slice of each project."""
        return self._slices.values()

    def __getitem__(self, project: str) -> Facts:
        """The project's slice with its places, looked up when first asked for."""
        if project not in self._looked_up:
            whole = self._workspace.facts(self._slices[project].id)
            self._looked_up[project] = self._slicer.slice(whole)
        return self._looked_up[project]

    def __iter__(self) -> Iterator[str]:
        return iter(self._slices)

    def __len__(self) -> int:
        return len(self._slices)


class Slicer:
    """Picks of a project what some predicates read."""

    def __init__(self, predicates: Iterable[Predicate], vocabulary: Vocabulary) -> None:
        read = {
            reference(term)
            for predicate in predicates
            for term in (*outline(query_of(predicate)).terms, *map(iri, predicate.reads))
        }
        concrete = {reference(element.name) for element in vocabulary.concrete()}
        self._read = (read | {_ELEMENT}) - {_TYPE}
        self._classes = read | concrete | {reference("mm:Project")}

    def slice(self, facts: Facts) -> Facts:
        """The triples that are read of the project's elements, and of every part that such triples
        join to an element.
        """
        reached = self._reached(facts.relations, reference(facts.iri))
        kept = {}
        for predicate in (_TYPE, _PART_OF, *self._read):
            relation = facts.relations.get(predicate, {})
            few = {subject: relation[subject] for subject in reached if subject in relation}
            if predicate == _TYPE:
                few = {s: self._classified(values) for s, values in few.items()}
            if few:
                kept[predicate] = few
        return replace(facts, relations=kept)

    def _classified(self, values: Mapping[Term, T]) -> Mapping[Term, T]:
        return {value: places for value, places in values.items() if value in self._classes}

    def _reached(self, relations: Relations, project: str) -> set[str]:
        """The project, its elements, and what the triples that are read join to them."""
        nodes = set().union(*relations.values())
        joined: dict[str, list[str]] = defaultdict(list)
        for predicate in self._read & relations.keys():
            for subject, values in relations[predicate].items():
                for value in values:
                    # A listed value, such as a data type, is no node of the project: it would join
                    # all.
                    if value in nodes:
                        joined[subject].append(value)
                        joined[value].append(subject)
        reached, waiting = {project}, [project]
        while waiting:
            found = {node for node in joined[waiting.pop()] if node not in reached}
            reached |= found
            waiting += found
        return reached


def _without_places(facts: Facts) -> Facts:
    relations = {
        predicate: {subject: dict.fromkeys(values, ()) for subject, values in relation.items()}
        for predicate, relation in facts.relations.items()
    }
    return replace(facts, relations=relations, sources=())
