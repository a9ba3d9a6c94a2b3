"""What is right by the letter and means something else than its author thinks."""

from collections.abc import Iterator, Mapping

from kg.namespaces import iri, local
from kg.triples import Triples
from kg.workshop.extension import Extension
from kg.workshop.faults import Fault, Weight

TITLE = "Nothing means what nobody meant"

_BELOW: Mapping[str, str] = {
    "rdfs:subClassOf": "The class is below itself",
    "rdfs:subPropertyOf": "The property is below itself",
}


def examine(extension: Extension) -> Iterator[Fault]:
    """Circles, classes of nothing, and amounts without a unit."""
    yield from _circles(extension)
    yield from _classes_of_nothing(extension)
    yield from _unmeasured(extension)


def _circles(extension: Extension) -> Iterator[Fault]:
    for relation, what in _BELOW.items():
        walked: set[str] = set()
        for term in extension.subjects:
            circle = _circle(extension.after.vocabulary.triples, term, relation)
            if circle and walked.isdisjoint(circle):
                walked.update(circle)
                way = " → ".join(map(extension.called, circle))
                yield extension.about(
                    term, f"{what}: {way}", "Take one step out, else they all mean the same"
                )


def _circle(triples: Triples, start: str, relation: str) -> list[str]:
    """The shortest way up from a term to itself, or nothing."""
    ways, seen = [[start]], set[str]()
    for way in ways:
        for above in triples.values(way[-1], relation):
            if above == start:
                return [*way, above]
            if above not in seen:
                seen.add(above)
                ways.append([*way, above])
    return []


def _classes_of_nothing(extension: Extension) -> Iterator[Fault]:
    vocabulary = extension.after.vocabulary
    known = {*vocabulary.elements, *vocabulary.parts, *vocabulary.lists}
    for term in extension.subjects:
        kinds = extension.triples.values(term, "rdf:type")
        if iri("owl:Class") in kinds and local(term) not in known:
            yield extension.about(
                term,
                f"{extension.called(term)} is no element, part or list, so nothing is stated of it",
                "Put it below a class of elements, mm:Part or skos:Concept with rdfs:subClassOf",
                Weight.WARNING,
            )


def _unmeasured(extension: Extension) -> Iterator[Fault]:
    for term in extension.subjects:
        attribute = extension.after.vocabulary.attributes.get(local(term))
        if attribute and attribute.range.datatype == "quantity" and not attribute.unit:
            yield extension.about(
                term,
                f"{extension.called(term)} is a quantity without a unit, so values in several "
                "are compared as if they were in one",
                "State its mm:unit, such as unit:GM, or unit:UNITLESS where it has none",
                Weight.WARNING,
            )
