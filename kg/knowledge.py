"""What we know, as a graph: the ontology, for those who ask across projects and it."""

from collections.abc import Iterator

from kg.namespaces import iri
from kg.triples import Term
from kg.vocabulary import Vocabulary
from kg.writing import literal, reference


def graph(vocabulary: Vocabulary) -> str:
    """The ontology's triples as N-Triples; texts without their language."""
    return "\n".join(_lines(vocabulary))


def _lines(vocabulary: Vocabulary) -> Iterator[str]:
    for subject, predicate, term in vocabulary.triples:
        yield f"{_node(subject)} {reference(predicate)} {_object(term)} ."


def _object(term: Term) -> str:
    return literal(term.value, term.datatype) if term.datatype else _node(term.value)


def _node(name: str) -> str:
    return name if name.startswith("_:") else reference(iri(name))
