"""What follows from the subclasses and sub-properties that an extension declares.

The hierarchy of classes and properties is closed once, when knowledge is loaded, by the rules of
OWL 2 RL about schemas (scm-cls, scm-sco, scm-eqc, scm-int, scm-uni, scm-spo, scm-eqp). Statements
are not touched here, and no type is ever drawn from a domain or a range: what is said of the wrong
thing is a fault to be told, not a discovery.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.term import Node

from kg.namespaces import iri, local
from kg.triples import Term, Triples

INHERITED = ("rdfs:domain", "rdfs:range", "mm:single", "mm:unit", "mm:informs", "mm:askedOf")
"""What a sub-property has from the nearest property above it, unless it says so itself."""

_HIERARCHY = frozenset(
    {
        *(RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty),
        *(OWL.intersectionOf, OWL.unionOf, RDF.first, RDF.rest),
    }
)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """What stands above each named class and property, by their local names or IRIs."""

    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def hierarchy(triples: Triples) -> Hierarchy:
    """The closed hierarchy of the ontology."""
    # Only who extends the ontology waits for the reasoner to load.
    from owlrl import DeductiveClosure, OWLRL_Semantics  # noqa: PLC0415

    graph = Graph()
    for subject, predicate, term in triples:
        verb = URIRef(predicate)
        if verb in _HIERARCHY and not term.datatype:
            graph.add((_node(subject), verb, _node(term.value)))
    DeductiveClosure(OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return Hierarchy(_above(graph, RDFS.subClassOf), _above(graph, RDFS.subPropertyOf))


def inherited(
    triples: Triples, above: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str, Term]]:
    """What properties have from those above them, the nearest first."""
    for name in sorted(above):
        ranked = sorted(above[name], key=lambda other: (-len(above.get(other, ())), other))
        for predicate in INHERITED:
            owners = (name, *(other for other in ranked if name not in above.get(other, ())))
            terms = next((found for one in owners if (found := triples.terms(one, predicate))), ())
            if terms and not triples.terms(name, predicate):
                yield from ((iri(name), iri(predicate), term) for term in terms)


def _above(graph: Graph, verb: URIRef) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for below, above in graph.subject_objects(verb):
        if isinstance(below, URIRef) and isinstance(above, URIRef) and below != above:
            found[local(str(below))].append(local(str(above)))
    return {name: tuple(sorted(names)) for name, names in found.items()}


def _node(name: str) -> Node:
    return BNode(name.removeprefix("_:")) if name.startswith("_:") else URIRef(name)
