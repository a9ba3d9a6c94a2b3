"""What we know, as a graph: the ontology and the catalogue, for those who ask across projects."""

from collections.abc import Iterator

from kg.catalogue import Catalogue
from kg.derive.catalogue import PATH, files
from kg.namespaces import iri
from kg.parsing import parse_rdf
from kg.triples import n_triples
from kg.vocabulary import Vocabulary


def graph(vocabulary: Vocabulary, catalogue: Catalogue) -> str:
    """The triples of the ontology, texts without their language, and of every predicate, as
    N-Triples.
    """
    return "\n".join((*n_triples(vocabulary.triples), *_catalogue(vocabulary, catalogue)))


def _catalogue(vocabulary: Vocabulary, catalogue: Catalogue) -> Iterator[str]:
    text = files(vocabulary, catalogue)[PATH]
    for quad in parse_rdf(text.encode(), "turtle", iri("mm:")):
        yield f"{quad.subject} {quad.predicate} {quad.object} ."
