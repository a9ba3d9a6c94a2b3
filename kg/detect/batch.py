"""A batch of projects in memory: one graph of distinct triples, with the facts of the ontology that
predicates join on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

import pyoxigraph as ox

from kg.errors import PredicateMalformed
from kg.graphs import plain
from kg.namespaces import iri, local
from kg.vocabulary import Vocabulary
from kg.workspace import Facts
from kg.writing import literal, reference, triple

Value: TypeAlias = str | int | float | bool
Term: TypeAlias = ox.NamedNode | ox.Literal
"""A node of a batch: the workspace writes no blank nodes."""
Solution: TypeAlias = Mapping[str, Term]

_COPIED = (
    "mm:single",
    "rdfs:label",
    "rdfs:domain",
    "rdfs:range",
    "rdfs:subPropertyOf",
    "rdfs:subClassOf",
    "mm:metBy",
    "mm:suits",
    "skos:hiddenLabel",
)
_NUMBERS = {"integer": int, "double": float}


_LOOSE = ("aligned", "broader", "ambiguous", "guessed")


@dataclass(frozen=True, slots=True)
class Loose:
    """Two parts that correspond, or may, though their names are not the same."""

    first: Term
    second: Term
    alignment: str


class Batch:
    """Projects' current triples, ready to be asked."""

    def __init__(self, projects: Iterable[Facts], vocabulary: Vocabulary) -> None:
        self._store = ox.Store()
        self.vocabulary = vocabulary
        for text in (*(facts.triples for facts in projects), ontology_facts(vocabulary)):
            self._store.bulk_load(input=text, format=ox.RdfFormat.N_TRIPLES)

    def solutions(self, query: str) -> Iterator[Solution]:
        """The rows of a SELECT query, bound variables only; raises PredicateMalformed."""
        try:
            found = self._store.query(query)
        except (SyntaxError, ValueError) as error:
            raise PredicateMalformed(
                f"The query is refused: {error}", "Correct the query"
            ) from error
        if not isinstance(found, ox.QuerySolutions):
            raise PredicateMalformed("The query is no SELECT", "Write a SELECT")
        names = [variable.value for variable in found.variables]
        for row in found:
            yield {name: term for name in names if isinstance(term := row[name], Term)}

    def holds(self, subject: Term, predicate: str, value: Term) -> bool:
        """Whether the triple is in the batch."""
        return value in self.objects(subject, predicate)

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """The objects that the subject has for the predicate."""
        if isinstance(subject, ox.Literal):
            return []
        quads = self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None)
        return [quad.object for quad in quads if isinstance(quad.object, Term)]

    def subjects(self, predicate: str, value: Term) -> list[ox.NamedNode]:
        """The subjects that have the object for the predicate."""
        quads = self._store.quads_for_pattern(None, ox.NamedNode(predicate), value)
        return [quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)]

    @cached_property
    def loose(self) -> Mapping[str, list[Loose]]:
        """The pairs of parts that not one name makes, by the IRI of each of the two."""
        found: dict[str, list[Loose]] = defaultdict(list)
        for alignment in _LOOSE:
            for pair in self.subjects(iri("mm:alignment"), ox.Literal(alignment)):
                first, second = (
                    next(iter(self.objects(pair, iri(end)))) for end in ("firstPart", "secondPart")
                )
                for end in (first, second):
                    found[end.value].append(Loose(first, second, alignment))
        return found

    @cached_property
    def projects(self) -> Mapping[str, str]:
        """The project's IRI of every element's IRI, and of its own."""
        projects = self.subjects(iri("rdf:type"), ox.NamedNode(iri("mm:Project")))
        found = {project.value: project.value for project in projects}
        for project in projects:
            for element in self.objects(project, iri("mm:element")):
                found[element.value] = project.value
        return found


def ontology_facts(vocabulary: Vocabulary) -> str:
    """What predicates join on, as N-Triples: labels, domains, which attribute is single, which type
    reads as which.
    """
    copied = {iri(name) for name in _COPIED}
    lines = [
        triple(subject, predicate, _written(term.value, term.datatype))
        for subject, predicate, term in vocabulary.triples
        if predicate in copied and not subject.startswith("_:") and not term.value.startswith("_:")
    ]
    lines += [
        triple(name, "mm:readableAs", reference(wider))
        for name in vocabulary.lists.get("DataType", {})
        for wider in _readable(name, vocabulary)
    ]
    return "\n".join(lines)


def _readable(name: str, vocabulary: Vocabulary) -> list[str]:
    """The type itself and all that it can be read as, step by step."""
    found = [name]
    for current in found:
        steps = vocabulary.triples.locals(current, "mm:readableAs")
        found += [step for step in steps if step not in found]
    return found


def _written(value: str, datatype: str) -> str:
    return literal(value, datatype) if datatype else reference(value)


def value_of(term: Term) -> Value:
    """A term as a report holds it: a number, a truth value, a text, the local name of our term, or
    an IRI.
    """
    if isinstance(term, ox.NamedNode):
        return local(term.value)
    kind = term.datatype.value.removeprefix(iri("xsd:"))
    if kind == "boolean":
        return term.value in {"true", "1"}
    return _NUMBERS[kind](term.value) if kind in _NUMBERS else term.value


def plain_of(term: Term) -> str:
    """A term's text in the one form that places know it by."""
    if isinstance(term, ox.NamedNode):
        return term.value
    if term.datatype.value == iri("xsd:dateTime"):
        return plain(datetime.fromisoformat(term.value))
    return plain(value_of(term))
