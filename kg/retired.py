"""Terms that were given up: since which version and why, what replaces them, and how what was
written with them is upgraded. They stand in `ontology/deprecated.ttl`, ours or an extension's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.namespaces import iri, local
from kg.triples import Triples


@dataclass(frozen=True, slots=True)
class Retired:
    """A term that was given up; `successor` is empty where nothing replaces it, and values times
    `factor` are the successor's.
    """

    name: str
    since: str
    because: str
    successor: str = ""
    factor: float = 1.0


def retired_terms(triples: Triples) -> dict[str, Retired]:
    """What was given up, by name; what is marked as deprecated without a version is another's."""
    return {
        name: Retired(
            name=name,
            since=triples.value(name, "mm:since"),
            because=triples.value(name, "mm:because"),
            successor=local(triples.value(name, "dcterms:isReplacedBy")),
            factor=float(triples.value(name, "mm:multipliedBy") or 1),
        )
        for name in _deprecated(triples)
        if triples.value(name, "mm:since")
    }


def without(triples: Triples, retired: Mapping[str, Retired]) -> Triples:
    """The triples by which no retired term is a class, an attribute, a link or a listed value."""
    making = {iri("rdf:type"), iri("rdfs:subPropertyOf")}
    return Triples(
        (subject, predicate, term)
        for subject, predicate, term in triples
        if predicate not in making or local(subject) not in retired
    )


def _deprecated(triples: Triples) -> list[str]:
    deprecated = iri("owl:deprecated")
    return [
        local(subject)
        for subject, predicate, term in triples
        if predicate == deprecated and term.value == "true"
    ]
