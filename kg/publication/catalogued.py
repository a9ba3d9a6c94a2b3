"""The catalogue of predicates as RDF: what each detects, reads and asks, for those who query it."""

from collections.abc import Iterator

from kg.catalogue import Catalogue, Predicate, terms
from kg.namespaces import iri
from kg.vocabulary import Vocabulary
from kg.writing import literal, reference, triple


def catalogued(vocabulary: Vocabulary, catalogue: Catalogue) -> str:
    """Every predicate in N-Triples, one line a triple."""
    codes = {mismatch.code: mismatch.name for mismatch in catalogue.mismatches.values()}
    known = {*vocabulary.attributes, *vocabulary.links}
    found = (
        line
        for predicate in catalogue.predicates.values()
        for line in _lines(predicate, codes, known)
    )
    return "".join(f"{line}\n" for line in found)


def _lines(predicate: Predicate, codes: dict[str, str], known: set[str]) -> Iterator[str]:
    name = iri(f"mms:{predicate.id}")
    yield triple(name, "rdf:type", reference("mm:Predicate"))
    yield triple(name, "dcterms:identifier", literal(predicate.id))
    for verb, text in (
        ("rdfs:label", predicate.label),
        ("mm:kind", predicate.kind),
        ("mm:when", predicate.when),
        ("mm:hurts", predicate.hurts),
        ("mm:remedy", predicate.remedy),
        ("mm:because", predicate.because),
        ("mm:formal", predicate.formal),
        ("dcterms:source", predicate.source),
    ):
        yield triple(name, verb, literal(text))
    for code in predicate.detects:
        yield triple(name, "mm:detects", reference(codes[code]))
    for term in sorted(terms(predicate) & known):
        yield triple(name, "mm:reads", reference(term))
    for role, question in predicate.ask.items():
        yield triple(name, "mm:ask", literal(f"{role}: {question}"))
    yield triple(name, "sh:severity", reference(f"sh:{predicate.severity.capitalize()}"))
