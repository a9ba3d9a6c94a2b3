"""Our own Turtle files as triples that can be asked by prefixed names.

For knowledge files only, which are small and ours: no query language, no store.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DescriptorError, KnowledgeError
from kg.namespaces import iri, local
from kg.parsing import Literal, NamedNode, Quad, parse_rdf
from kg.writing import literal, reference


@dataclass(frozen=True, slots=True)
class Term:
    """An object: an IRI, a blank node, or a literal with the IRI of its datatype."""

    value: str
    datatype: str = ""


class Triples:
    """Triples by subject and predicate, in the order in which their files state them."""

    def __init__(self, triples: Iterable[tuple[str, str, Term]] = ()) -> None:
        self._objects: dict[tuple[str, str], list[Term]] = defaultdict(list)
        self._subjects: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._all: list[tuple[str, str, Term]] = []
        for subject, predicate, term in triples:
            self.add(subject, predicate, term)

    def __iter__(self) -> Iterator[tuple[str, str, Term]]:
        return iter(self._all)

    def add(self, subject: str, predicate: str, term: Term) -> None:
        """Take in one triple."""
        self._all.append((subject, predicate, term))
        self._objects[subject, predicate].append(term)
        self._subjects[predicate, term.value][subject] = None

    def terms(self, name: str, predicate: str) -> list[Term]:
        """What the term has for the predicate."""
        return list(self._objects.get((iri(name), iri(predicate)), ()))

    def values(self, name: str, predicate: str) -> list[str]:
        """Texts and IRIs that the term has for the predicate; both are prefixed names, local names,
        or IRIs.
        """
        return [term.value for term in self._objects.get((iri(name), iri(predicate)), ())]

    def value(self, name: str, predicate: str) -> str:
        """The first of them, or an empty text."""
        return next(iter(self.values(name, predicate)), "")

    def locals(self, name: str, predicate: str) -> tuple[str, ...]:
        """Local names of the terms that the term has for the predicate."""
        return tuple(local(value) for value in self.values(name, predicate))

    def subjects(self, predicate: str, name: str) -> list[str]:
        """Local names, or IRIs where they are not ours, of what has the named term for the
        predicate.
        """
        return [local(subject) for subject in self._subjects.get((iri(predicate), iri(name)), ())]

    def members(self, cell: str) -> Iterator[str]:
        """The values of an RDF list, given its first cell."""
        while cell and cell != iri("rdf:nil"):
            yield self.value(cell, "rdf:first")
            cell = self.value(cell, "rdf:rest")


def read_triples(paths: Iterable[Path]) -> Triples:
    """The triples of Turtle files; raises KnowledgeError naming the file that is broken."""
    found = Triples()
    for path in paths:
        _add(found, path.read_bytes(), path)
    return found


def triples_of(text: str, path: Path) -> Triples:
    """The triples of a Turtle file whose text was read before; raises KnowledgeError."""
    found = Triples()
    _add(found, text.encode(), path)
    return found


def _add(found: Triples, content: bytes, path: Path) -> None:
    try:
        quads = parse_rdf(content, "turtle", base=path.as_uri())
    except DescriptorError as error:
        raise KnowledgeError(f"{path} is not Turtle: {error}", "Mend the file") from error
    for quad in quads:
        found.add(*quad_terms(quad))


def written(term: Term) -> str:
    """The term in N-Triples."""
    return literal(term.value, term.datatype) if term.datatype else _node(term.value)


def n_triples(triples: Iterable[tuple[str, str, Term]]) -> Iterator[str]:
    """The triples in N-Triples, a line each; texts without their language. Blank nodes are numbered
    as they come, so the same triples are always the same lines.
    """
    numbers: dict[str, str] = {}

    def node(name: str) -> str:
        if name.startswith("_:"):
            return numbers.setdefault(name, f"_:n{len(numbers)}")
        return reference(name)

    for subject, predicate, term in triples:
        value = literal(term.value, term.datatype) if term.datatype else node(term.value)
        yield f"{node(subject)} {reference(predicate)} {value} ."


def quad_terms(quad: Quad) -> tuple[str, str, Term]:
    """A parsed statement as this module keeps it; a text in some language is kept as a text."""
    value = quad.object
    if isinstance(value, Literal):
        datatype = "xsd:string" if value.language else value.datatype.value
        return _name(quad.subject), quad.predicate.value, Term(value.value, datatype)
    return _name(quad.subject), quad.predicate.value, Term(_name(value))


def _node(name: str) -> str:
    return name if name.startswith("_:") else reference(name)


def _name(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
