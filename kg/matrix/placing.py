"""Says in which elements of a system an attribute stands: those that can hold it, of those that a
predicate is about.
"""

from collections.abc import Iterator
from functools import cached_property

from kg.catalogue import Predicate
from kg.namespaces import local
from kg.patterns import outline
from kg.translation import query_of
from kg.vocabulary import Vocabulary


class Holders:
    """Which elements can hold what is stated of a class."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._order = [element.name for element in vocabulary.concrete()]

    def of(self, kind: str) -> list[str]:
        """The elements that are of the class, or can have parts of it, in the ontology's order."""
        return [name for name in self._order if kind in self._reach[name]]

    def place(self, element: str) -> int:
        """Where the element stands in the ontology's order."""
        return self._order.index(element)

    def about(self, predicate: Predicate) -> set[str]:
        """The elements that a predicate is about: those that it names, or whose attributes it
        reads, or that its links join.

        A superclass stands for those below it that something else speaks of, or for all.
        """
        named = set(self._spoken_of(predicate))
        certain = named & {*self._order}
        found = set(certain)
        for name in named - certain:
            below = {one for one in self._order if name in self._vocabulary.ancestors(one)}
            found |= (below & certain) or below
        return found

    def _spoken_of(self, predicate: Predicate) -> Iterator[str]:
        known = self._vocabulary
        for term in {local(term) for term in outline(query_of(predicate)).terms}:
            if term in known.elements:
                yield term
            elif term in known.links:
                yield from (known.links[term].domain, known.links[term].range)
            elif term in known.attributes and known.attributes[term].domain in known.elements:
                yield known.attributes[term].domain

    @cached_property
    def _reach(self) -> dict[str, set[str]]:
        return {name: self._reached(name) for name in self._order}

    def _reached(self, element: str) -> set[str]:
        found: set[str] = set()
        waiting = [element]
        while waiting:
            fresh = [n for n in self._vocabulary.ancestors(waiting.pop()) if n not in found]
            found.update(fresh)
            waiting += [
                attribute.range.name
                for attribute in self._vocabulary.attributes.values()
                if attribute.domain in fresh and attribute.range.kind == "part"
            ]
        return found
