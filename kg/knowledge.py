"""What we know, as a graph: the ontology and the catalogue, for those who ask across projects."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.catalogue import Catalogue
from kg.derive.catalogue import PATH, files
from kg.namespaces import iri
from kg.parsing import parse_rdf
from kg.paths import knowledge_roots
from kg.triples import n_triples
from kg.vocabulary import Vocabulary


def graph(vocabulary: Vocabulary, catalogue: Catalogue, folders: Sequence[Path]) -> str:
    """The triples of the ontology, texts without their language, and of every predicate, as
    N-Triples; the folders are those that are laid over our knowledge.
    """
    # Without any, what would be derived stands in a file of ours.
    own = knowledge_roots()[0] / PATH
    text = files(vocabulary, catalogue)[PATH] if folders else own.read_text(encoding="utf-8")
    return "\n".join((*n_triples(vocabulary.triples), *_catalogue(text)))


def _catalogue(text: str) -> Iterator[str]:
    for quad in parse_rdf(text.encode(), "turtle", iri("mm:")):
        yield f"{quad.subject} {quad.predicate} {quad.object} ."
