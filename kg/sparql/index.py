"""The triples of one project, on those of the ontology, by predicate and then by subject or object.

Terms are the texts that N-Triples gives them; nothing is parsed beyond finding them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Term: TypeAlias = str
"""An IRI in angle brackets, or a literal, written as `kg.writing` writes it."""
Relation: TypeAlias = Mapping[Term, Sequence[Term]]
"""What a predicate relates each term to."""

NOTHING: Relation = {}


class Index:
    """Triples to look up, with those of another index below.

    `kept` is for whatever is worked out once of these triples.

    >>> index = Index('<urn:a> <urn:p> "1" .')
    >>> index.forward["<urn:p>"], index.backward("<urn:p>")
    ({'<urn:a>': ['"1"']}, {'"1"': ['<urn:a>']})
    """

    def __init__(self, triples: str, below: "Index | None" = None) -> None:
        own = _by_predicate(triples)
        self.forward: Mapping[Term, Relation] = _merged(below.forward, own) if below else own
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

    def objects(self, subject: Term, predicate: Term) -> Sequence[Term]:
        """The objects that the subject has for the predicate."""
        return self.forward.get(predicate, NOTHING).get(subject, ())

    def subjects(self, predicate: Term, value: Term) -> Sequence[Term]:
        """The subjects that have the object for the predicate."""
        return self.backward(predicate).get(value, ())

    def holds(self, subject: Term, predicate: Term, value: Term) -> bool:
        """Whether the triple is there."""
        return value in self.objects(subject, predicate)


def _by_predicate(triples: str) -> dict[Term, dict[Term, list[Term]]]:
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


def _merged(
    below: Mapping[Term, Relation], own: Mapping[Term, Relation]
) -> Mapping[Term, Relation]:
    shared = {
        predicate: {
            subject: [*lower.get(subject, ()), *upper.get(subject, ())]
            for subject in (*lower, *(one for one in upper if one not in lower))
        }
        for predicate in below.keys() & own.keys()
        for lower, upper in [(below[predicate], own[predicate])]
    }
    return {**below, **own, **shared}
