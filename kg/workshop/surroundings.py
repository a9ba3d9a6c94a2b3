"""What an extension speaks of: the part of the ontology that its own terms are said with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.namespaces import iri
from kg.parsing import NamedNode, Quad, parse_rdf
from kg.paths import knowledge_roots
from kg.vocabulary import files_of
from kg.workshop.files import File


def quads(files: Iterable[File]) -> Iterator[Quad]:
    """What files in Turtle state."""
    for file in files:
        yield from parse_rdf(file.text.encode(), "turtle", iri("mm:"))


def surroundings(own: Iterable[Quad], roots: Iterable[Path]) -> Iterator[Quad]:
    """What the ontologies of knowledge folders and ours state of all that is named, and of what
    that is said with.
    """
    known: dict[object, list[Quad]] = defaultdict(list)
    for path in (path for root in knowledge_roots(roots) for path in files_of(root)):
        for quad in parse_rdf(path.read_bytes(), "turtle", path.as_uri()):
            known[quad.subject].append(quad)
    # What an ontology says of itself, such as its version, is said of no other.
    for header in [name for name, said in known.items() if any(map(_is_ontology, said))]:
        del known[header]
    todo = [term for quad in own for term in (quad.subject, quad.predicate, quad.object)]
    while todo:
        for quad in known.pop(todo.pop(), ()):
            yield quad
            todo += [quad.predicate, quad.object]


def _is_ontology(quad: Quad) -> bool:
    return (quad.predicate.value, quad.object) == (iri("rdf:type"), NamedNode(iri("owl:Ontology")))
