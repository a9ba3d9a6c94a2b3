"""What we know, as a graph: the ontology and the catalogue, for those who ask across projects."""

from collections.abc import Iterator

from kg.catalogue import Catalogue
from kg.derive.catalogue import PATH, files
from kg.namespaces import iri
from kg.parsing import parse_rdf
from kg.triples import Term
from kg.vocabulary import Vocabulary
from kg.writing import literal, reference


def graph(vocabulary: Vocabulary, catalogue: Catalogue) -> str:
    """The triples of the ontology, texts without their language, and of every predicate, as
    N-Triples.
    """
    return "\n".join((*_ontology(vocabulary), *_catalogue(vocabulary, catalogue)))


def _catalogue(vocabulary: Vocabulary, catalogue: Catalogue) -> Iterator[str]:
    text = files(vocabulary, catalogue)[PATH]
    for quad in parse_rdf(text.encode(), "turtle", iri("mm:")):
        yield f"{quad.subject} {quad.predicate} {quad.object} ."


def _ontology(vocabulary: Vocabulary) -> Iterator[str]:
    for subject, predicate, term in vocabulary.triples:
        yield f"{_node(subject)} {reference(predicate)} {_object(term)} ."


def _object(term: Term) -> str:
    return literal(term.value, term.datatype) if term.datatype else _node(term.value)


def _node(name: str) -> str:
    return name if name.startswith("_:") else reference(iri(name))
