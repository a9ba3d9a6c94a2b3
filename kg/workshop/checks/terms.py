"""Queries, shapes and cases name only terms that an ontology declares."""

from collections.abc import Iterator
from difflib import get_close_matches

from kg.namespaces import iri, namespace
from kg.parsing import Media, NamedNode, parse_rdf
from kg.patterns import outline
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault
from kg.workshop.files import CASES, QUERIES, SHAPES, File
from kg.workshop.places import line_of

TITLE = "Every term is declared"

_MEDIA: dict[str, Media] = {SHAPES: "turtle", CASES: "trig"}


def examine(extension: Extension) -> Iterator[Fault]:
    """Terms that nobody declares, each where a file first names it."""
    for shelf in (QUERIES, SHAPES, CASES):
        for file in extension.on(shelf):
            for term in undeclared(extension, file):
                yield Fault(
                    file.path,
                    line_of(file.text, term),
                    f"{extension.called(term)} is declared nowhere",
                    _hint(extension, term),
                )


def undeclared(extension: Extension, file: File) -> list[str]:
    """The IRIs in namespaces of ours or the extension's that a file names and nobody declares."""
    known = _declared(extension)
    return [term for term in sorted(_terms(file)) if extension.is_own(term) and term not in known]


def _declared(extension: Extension) -> set[str]:
    triples = extension.after.vocabulary.triples
    return {iri(subject) for subject, predicate, _ in triples if predicate == iri("rdf:type")}


def _terms(file: File) -> set[str]:
    """The IRIs that a file names."""
    if file.shelf == QUERIES:
        return set(outline(file.text).terms)
    quads = parse_rdf(file.text.encode(), _MEDIA[file.shelf], "file:///")
    terms = (term for quad in quads for term in (quad.subject, quad.predicate, quad.object))
    return {term.value for term in terms if isinstance(term, NamedNode)}


def _hint(extension: Extension, term: str) -> str:
    space = namespace(term)
    names = [one.removeprefix(space) for one in _declared(extension) if one.startswith(space)]
    near = get_close_matches(term.removeprefix(space), names, 1, 0.75)
    if near:
        return f"Did you mean {extension.called(space + near[0])}? Else declare it in the ontology"
    return "Declare it in the ontology, or correct its name"
