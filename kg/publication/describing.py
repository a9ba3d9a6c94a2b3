"""Tells a term: what it is, what it means, and every fact that leads from it to another."""

from collections.abc import Iterable

from kg.catalogue import Catalogue, Mismatch, Predicate, terms
from kg.derive._words import expected, sentence
from kg.namespaces import iri, local
from kg.publication.references import PREDICATE, References
from kg.publication.terms import Fact, Reference, Term
from kg.retired import Retired
from kg.vocabulary import Attribute, Element, Link, Value, Vocabulary

_KINDS = {
    "owl:Class": "class",
    "owl:DatatypeProperty": "property",
    "owl:ObjectProperty": "property",
    "owl:AnnotationProperty": "annotation",
    "rdfs:Datatype": "datatype",
}


class Describer:
    """Tells each term of a vocabulary and its catalogue."""

    def __init__(
        self, vocabulary: Vocabulary, catalogue: Catalogue, references: References
    ) -> None:
        self._vocabulary = vocabulary
        self._catalogue = catalogue
        self._to = references

    def is_told(self, name: str) -> bool:
        """Whether some page tells the term."""
        return self._to.known(name)

    # -- what is described -------------------------------------------------------------------------

    def element(self, element: Element) -> Term:
        """A class of elements or of parts."""
        known = self._vocabulary
        below = (*known.elements.values(), *known.parts.values())
        names = tuple(known.triples.values(element.name, "skos:altLabel"))
        return self._term(
            element.name,
            "class of elements" if element.name in known.elements else "class of parts",
            sentence(element.label),
            element.definition,
            Fact("Also called", tuple(map(Reference, names))),
            self._named("A kind of", element.parents),
            self._named("Kinds of it", [e.name for e in below if element.name in e.parents]),
            self._named("Held by", self._holders(element.name)),
            *self._to.matches(element.name),
        )

    def _holders(self, name: str) -> list[str]:
        attributes = self._vocabulary.attributes.values()
        return [one.name for one in attributes if one.range.name == name]

    def attribute(self, attribute: Attribute) -> Term:
        """What can be stated of an element or a part."""
        known = self._vocabulary
        roles = [self._to.to(n, known.lists["Role"][n].label) for n in attribute.asked_of]
        informs = [self._mismatch(name) for name in attribute.informs]
        values = expected(known, attribute)
        takes = [Reference(values)]
        if attribute.range.kind != "datatype":
            takes = [
                self._to.to(
                    attribute.range.name, known.triples.value(attribute.range.name, "rdfs:label")
                )
            ]
        unit = [self._to.to(attribute.unit, attribute.unit_name)] if attribute.unit else []
        return self._term(
            attribute.name,
            "attribute",
            sentence(attribute.label),
            attribute.definition,
            Fact("Key", (Reference(attribute.key),)),
            self._named("Stated of", [attribute.domain]),
            Fact("Takes", tuple(takes)),
            Fact("Values at a time", (Reference("one" if attribute.single else "any number"),)),
            Fact("Unit", tuple(unit)),
            Fact("Example", (Reference(attribute.example),) if attribute.example else ()),
            Fact("Who is asked", tuple(roles)),
            Fact("Informs", tuple(informs)),
            self._to.readers(attribute.name),
            *self._to.matches(attribute.name),
        )

    def link(self, link: Link) -> Term:
        """How two elements relate."""
        return self._term(
            link.name,
            "link",
            sentence(link.label),
            link.definition,
            Fact("Key", (Reference(link.key),)),
            self._named("Leads from", [link.domain]),
            self._named("Leads to", [link.range]),
            self._to.readers(link.name),
            *self._to.matches(link.name),
        )

    # -- lists -------------------------------------------------------------------------------------

    def choice(self, name: str) -> Term:
        """A list of values."""
        triples = self._vocabulary.triples
        return self._term(
            name,
            "list of values",
            sentence(triples.value(name, "rdfs:label")),
            triples.value(name, "skos:definition"),
            self._named("Chosen by", self._holders(name)),
            *self._to.matches(name),
        )

    def value(self, value: Value) -> Term:
        """A member of a list."""
        others = [name for name in value.names if name not in (value.name, value.label)]
        return self._term(
            value.name,
            "value",
            sentence(value.label),
            value.definition,
            Fact("Also called", tuple(map(Reference, others))),
            *self._to.matches(value.name),
        )

    # -- mismatches and predicates -----------------------------------------------------------------

    def mismatch(self, mismatch: Mismatch) -> Term:
        """A subcategory of the study, or of an extension."""
        known = self._vocabulary.attributes.values()
        told = "" if mismatch.interviews is None else str(mismatch.interviews)
        rated = mismatch.ratings.get("all")
        return self._term(
            mismatch.name,
            "mismatch",
            f"{mismatch.code}: {mismatch.label}",
            mismatch.definition,
            Fact("Examples in the study's interviews", (Reference(told),) if told else ()),
            Fact(
                "Rated important or very important",
                (Reference(f"by {rated[0]} of {rated[1]}"),) if rated else (),
            ),
            self._named("Informed by", [a.name for a in known if mismatch.name in a.informs]),
            Fact(
                "Detected by",
                tuple(
                    self._to.to_predicate(predicate.id)
                    for predicate in self._catalogue.predicates.values()
                    if mismatch.code in predicate.detects
                ),
            ),
        )

    def _mismatch(self, name: str) -> Reference:
        triples = self._vocabulary.triples
        code, label = triples.value(name, "skos:notation"), triples.value(name, "skos:prefLabel")
        return self._to.to(name, f"{code} {label}")

    def predicate(self, predicate: Predicate) -> Term:
        """One formal way to detect a mismatch."""
        known = self._vocabulary
        codes = {
            known.triples.value(n, "skos:notation"): n
            for n in known.triples.subjects("rdf:type", "mm:Mismatch")
        }
        asked = [
            Reference(f"{known.lists['Role'][role].label}: {question}")
            for role, question in predicate.ask.items()
        ]
        read = [n for n in sorted(terms(predicate)) if n in known.attributes or n in known.links]
        return Term(
            place=f"{PREDICATE}{predicate.id}",
            kind=f"predicate, {predicate.kind}",
            label=predicate.label,
            definition=predicate.when,
            iri=iri(f"mms:{predicate.id}"),
            facts=_told(
                Fact("Identifier", (Reference(predicate.id),)),
                Fact("Detects", tuple(self._mismatch(codes[code]) for code in predicate.detects)),
                Fact("Formally", (Reference(predicate.formal),)),
                Fact("What happens otherwise", (Reference(predicate.hurts),)),
                Fact("What to do", (Reference(predicate.remedy),)),
                Fact("Severity", (Reference(f"{predicate.severity}: {predicate.because}"),)),
                Fact("Who is asked", tuple(asked)),
                self._named("Reads", read),
                Fact("From", (Reference(predicate.source),)),
                Fact(
                    "Language", (Reference(predicate.form.upper().replace("SPARQL", "SPARQL 1.1")),)
                ),
            ),
        )

    # -- the rest ----------------------------------------------------------------------------------

    def other(self, name: str) -> Term:
        """A term that no descriptor uses: of projects, comparisons, reports; or an annotation."""
        triples = self._vocabulary.triples
        types = triples.values(name, "rdf:type")
        kind = next((word for owl, word in _KINDS.items() if iri(owl) in types), "term")
        base = triples.value(triples.value(name, "owl:equivalentClass"), "owl:onDatatype")
        return self._term(
            name,
            kind,
            sentence(triples.value(name, "rdfs:label")),
            triples.value(name, "skos:definition"),
            self._named("A kind of", triples.locals(name, "rdfs:subClassOf")),
            self._named("Of", triples.locals(name, "rdfs:domain")),
            self._named("Takes", triples.locals(name, "rdfs:range")),
            self._named("Made of", [base] if base else []),
            self._to.readers(name),
            *self._to.matches(name),
        )

    def retired(self, retired: Retired) -> Term:
        """A term that was given up."""
        triples = self._vocabulary.triples
        label = triples.value(retired.name, "rdfs:label") or triples.value(
            retired.name, "skos:prefLabel"
        )
        times = f"{retired.factor:g}" if retired.factor != 1 else ""
        return Term(
            place=local(retired.name),
            kind="given up",
            label=sentence(label),
            definition=triples.value(retired.name, "skos:definition"),
            iri=iri(retired.name),
            facts=_told(
                self._named("Replaced by", [retired.successor] if retired.successor else []),
                Fact("Its values are multiplied by", (Reference(times),) if times else ()),
            ),
            retired=f"Given up in {retired.since}: {retired.because}",
        )

    def _term(self, name: str, kind: str, label: str, definition: str, *facts: Fact) -> Term:
        return Term(name, kind, label or name, definition, iri(name), _told(*facts))

    def _named(self, heading: str, names: Iterable[str]) -> Fact:
        return Fact(heading, tuple(self._to.to(name) for name in names if name[:2] != "_:"))


def _told(*facts: Fact) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.values)
