"""The triples of one project, on those of the ontology, by predicate and then by subject or object.

Terms are the texts that N-Triples gives them; nothing is parsed beyond finding them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Term: TypeAlias = str
"""An IRI in angle brackets, or a literal, written as `kg.writing` writes it."""
Relation: TypeAlias = Mapping[Term, Collection[Term]]
"""What a predicate relates each term to."""
Relations: TypeAlias = Mapping[Term, Relation]
"""Triples by predicate, and then by subject."""

NOTHING: Relation = {}


class Index:
    """Triples to look up, with those of another index below.

    `kept` is for whatever is worked out once of these triples.

    >>> index = Index(relations('<urn:a> <urn:p> "1" .'))
    >>> index.forward["<urn:p>"], index.backward("<urn:p>")
    ({'<urn:a>': ['"1"']}, {'"1"': ['<urn:a>']})
    """

    def __init__(self, own: Relations, below: "Index | None" = None) -> None:
        self.forward: Relations = _laid_over(below.forward, own) if below else own
        self._own = own.keys()
        self._below = below
        self.kept: dict[object, Any] = {}
        self._backward: dict[Term, Relation] = {}

    def backward(self, predicate: Term) -> Relation:
        """The subjects of each object."""
        known = self._backward.get(predicate)
        if known is None and self._below and predicate not in self._own:
            known = self._backward[predicate] = self._below.backward(predicate)
        if known is None:
            found: dict[Term, list[Term]] = {}
            for subject, values in self.forward.get(predicate, NOTHING).items():
                for value in values:
                    found.setdefault(value, []).append(subject)
            known = self._backward[predicate] = found
        return known

    def about(self, subject: Term) -> Iterator[tuple[Term, Term]]:
        """Every predicate and object of a subject."""
        for predicate, relation in self.forward.items():
            for value in relation.get(subject, ()):
                yield predicate, value

    def triples(self) -> Iterator[tuple[Term, Term, Term]]:
        """Every triple, predicate by predicate."""
        for predicate, relation in self.forward.items():
            for subject, values in relation.items():
                for value in values:
                    yield subject, predicate, value

    def objects(self, subject: Term, predicate: Term) -> Collection[Term]:
        """The objects that the subject has for the predicate."""
        return self.forward.get(predicate, NOTHING).get(subject, ())

    def subjects(self, predicate: Term, value: Term) -> Collection[Term]:
        """The subjects that have the object for the predicate."""
        return self.backward(predicate).get(value, ())


def relations(triples: str) -> Relations:
    """The triples of a text in N-Triples, a line a triple, as we write it.

    >>> relations('<urn:a> <urn:p> "1" .')
    {'<urn:p>': {'<urn:a>': ['"1"']}}
    """
    found: dict[Term, dict[Term, list[Term]]] = {}
    for line in triples.split("\n") if triples else ():
        subject, predicate, value = line[:-2].split(" ", 2)
        by_subject = found.get(predicate)
        if by_subject is None:
            found[predicate] = {subject: [value]}
        elif subject in by_subject:
            by_subject[subject].append(value)
        else:
            by_subject[subject] = [value]
    return found


def together(several: Iterable[Relations]) -> Relations:
    """The triples of several, each once."""
    found: dict[Term, dict[Term, list[Term]]] = {}
    for one in several:
        for predicate, relation in one.items():
            by_subject = found.setdefault(predicate, {})
            for subject, values in relation.items():
                known = by_subject.setdefault(subject, [])
                known += [value for value in values if value not in known]
    return found


def _laid_over(below: Relations, own: Relations) -> Relations:
    """Both, with the triples of a predicate that both have laid together."""
    shared = {
        predicate: {
            subject: [*lower.get(subject, ()), *upper.get(subject, ())]
            for subject in (*lower, *(one for one in upper if one not in lower))
        }
        for predicate in below.keys() & own.keys()
        for lower, upper in [(below[predicate], own[predicate])]
    }
    return {**below, **own, **shared}
