"""Which page tells which terms, in which order."""

from collections.abc import Iterator

from kg.catalogue import Catalogue
from kg.derive._words import sentence
from kg.publication.describing import Describer
from kg.publication.references import LISTS, MISMATCHES, OTHERS, PARTS, PREDICATES, page_of
from kg.publication.terms import Chapter, Section, Term
from kg.retired import retired_terms
from kg.vocabulary import Element, Vocabulary

RETIRED = "given-up.html"


def chapters(
    vocabulary: Vocabulary, catalogue: Catalogue, describe: Describer
) -> tuple[Chapter, ...]:
    """All pages of terms: elements, then what they share, then what is found out about them."""
    found = [_element(vocabulary, describe, one) for one in vocabulary.elements.values()]
    parts = [_class(vocabulary, describe, one) for one in vocabulary.parts.values()]
    lists = [
        Section(
            sentence(vocabulary.triples.value(name, "rdfs:label")),
            f"of-{name}",
            (describe.choice(name), *map(describe.value, members.values())),
        )
        for name, members in vocabulary.lists.items()
    ]
    rest = list(_rest(vocabulary, catalogue, describe))
    return (
        *found,
        Chapter(
            PARTS,
            "Parts",
            "Structures that belong to elements: a field, a metric, a package.",
            tuple(parts),
        ),
        Chapter(
            LISTS,
            "Lists of values",
            "What some attributes choose from, with the names that tools use.",
            tuple(lists),
        ),
        *rest,
    )


def _element(vocabulary: Vocabulary, describe: Describer, element: Element) -> Chapter:
    links = [link for link in vocabulary.links.values() if link.domain == element.name]
    sections = [_class(vocabulary, describe, element)]
    if links:
        sections.append(Section("Links", "links", tuple(map(describe.link, links))))
    return Chapter(
        page_of(element.name),
        sentence(element.label),
        element.definition,
        tuple(sections),
        element.name,
    )


def _class(vocabulary: Vocabulary, describe: Describer, kind: Element) -> Section:
    own = [one for one in vocabulary.attributes.values() if one.domain == kind.name]
    own.sort(key=lambda one: one.label)
    return Section(
        sentence(kind.label),
        f"of-{kind.name}",
        (describe.element(kind), *map(describe.attribute, own)),
    )


def _rest(vocabulary: Vocabulary, catalogue: Catalogue, describe: Describer) -> Iterator[Chapter]:
    categories: dict[str, list[Term]] = {}
    for mismatch in catalogue.mismatches.values():
        categories.setdefault(mismatch.category, []).append(describe.mismatch(mismatch))
    yield Chapter(
        MISMATCHES,
        "Mismatches",
        "What one needs to know of an element, and others did not tell or told differently.",
        tuple(
            Section(name, f"of-{number}", tuple(found))
            for number, (name, found) in enumerate(categories.items(), 1)
        ),
    )
    kinds: dict[str, list[Term]] = {}
    for predicate in catalogue.predicates.values():
        kinds.setdefault(predicate.kind, []).append(describe.predicate(predicate))
    yield Chapter(
        PREDICATES,
        "Predicates",
        "The formal ways in which mismatch is detected, as queries in SPARQL or shapes in SHACL.",
        tuple(Section(sentence(kind), f"of-{kind}", tuple(found)) for kind, found in kinds.items()),
    )
    yield Chapter(
        OTHERS,
        "Other terms",
        "Of projects, descriptors, comparisons and reports; annotations and datatypes.",
        tuple(_others(vocabulary, describe)),
    )
    retired = retired_terms(vocabulary.triples)
    if retired:
        terms = tuple(map(describe.retired, retired.values()))
        yield Chapter(
            RETIRED,
            "Terms that were given up",
            "What was written with them is still read, and upgraded.",
            (Section("Terms", "terms", terms),),
        )


def _others(vocabulary: Vocabulary, describe: Describer) -> Iterator[Section]:
    told = {
        *vocabulary.elements,
        *vocabulary.parts,
        *vocabulary.attributes,
        *vocabulary.links,
        *vocabulary.lists,
    }
    for title, kinds in (
        ("Classes", ("owl:Class",)),
        ("Properties", ("owl:DatatypeProperty", "owl:ObjectProperty")),
        ("Annotations", ("owl:AnnotationProperty",)),
        ("Datatypes", ("rdfs:Datatype",)),
    ):
        names = [n for kind in kinds for n in vocabulary.triples.subjects("rdf:type", kind)]
        terms = [
            describe.other(name) for name in names if name not in told and describe.is_told(name)
        ]
        if terms:
            yield Section(title, title.lower(), tuple(sorted(terms, key=lambda one: one.label)))
