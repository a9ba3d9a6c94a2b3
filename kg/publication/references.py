"""Where each term is told, and how others' terms are called: what makes a word a link."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.catalogue import Catalogue, terms
from kg.namespaces import iri, kebab, local, prefixes
from kg.publication.terms import Fact, Reference
from kg.vocabulary import Vocabulary

PARTS, LISTS, MISMATCHES = "parts.html", "lists.html", "mismatches.html"
PREDICATES, OTHERS = "predicates.html", "terms.html"
PREDICATE = "predicate-"
"""What the place of a predicate begins with: its id may be the name of a mismatch."""

_PREFIX = re.compile(r"^@prefix\s+([\w-]+):\s+<([^>]+)>", re.MULTILINE)
_STRENGTHS = {
    "skos:exactMatch": "Exactly",
    "skos:closeMatch": "Closely",
    "skos:broadMatch": "Broader",
    "skos:narrowMatch": "Narrower",
    "skos:relatedMatch": "Related",
}


class References:
    """Leads from names to the places where they are told, and from terms to what names them."""

    def __init__(
        self, vocabulary: Vocabulary, catalogue: Catalogue, alignments: Mapping[str, Path]
    ) -> None:
        self._vocabulary = vocabulary
        self._pages = dict(_pages(vocabulary))
        self._prefixes = {**prefixes(), **_others(alignments.values())}
        self._readers: dict[str, list[str]] = defaultdict(list)
        for predicate in catalogue.predicates.values():
            for term in terms(predicate):
                self._readers[term].append(predicate.id)

    def to(self, name: str, text: str = "") -> Reference:
        """A term of ours, or another's by its IRI."""
        page = self._pages.get(name)
        if page is not None:
            return Reference(text or name, f"{page}#{name}")
        address = name if "//" in name else ""
        return Reference(text or self.short(name), address)

    def to_iri(self, term: str) -> Reference:
        """A term by its IRI."""
        return self.to(local(term))

    def to_predicate(self, name: str) -> Reference:
        """A predicate by its id."""
        return Reference(name, f"{PREDICATES}#{PREDICATE}{name}")

    def short(self, name: str) -> str:
        """An IRI with a prefix that is known, the longest that fits."""
        fitting = [(n, p) for p, n in self._prefixes.items() if name.startswith(n) and name != n]
        namespace, prefix = max(fitting, key=lambda one: len(one[0]), default=("", ""))
        return f"{prefix}:{name.removeprefix(namespace)}" if namespace else name

    def readers(self, name: str) -> Fact:
        """The predicates that read the term."""
        return Fact("Read by", tuple(map(self.to_predicate, self._readers.get(name, ()))))

    def matches(self, name: str) -> Iterator[Fact]:
        """What the term is in other vocabularies, by how well it fits."""
        triples = self._vocabulary.triples
        for relation, word in _STRENGTHS.items():
            theirs = [t for t in triples.values(name, relation) if local(t) == t]
            if theirs:
                yield Fact(f"{word} in other vocabularies", tuple(map(self.to, theirs)))

    def known(self, name: str) -> bool:
        """Whether some page tells the term."""
        return name in self._pages


def page_of(element: str) -> str:
    """The page of a class of elements."""
    return f"{kebab(element)}.html"


def _pages(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    triples = vocabulary.triples
    for kind in ("owl:Class", "owl:DatatypeProperty", "owl:ObjectProperty", "rdfs:Datatype"):
        yield from ((name, OTHERS) for name in triples.subjects("rdf:type", kind) if _ours(name))
    for name in triples.subjects("rdf:type", "owl:AnnotationProperty"):
        if _ours(name):
            yield name, OTHERS
    for name in vocabulary.elements:
        yield name, page_of(name)
    for name in vocabulary.parts:
        yield name, PARTS
    for attribute in vocabulary.attributes.values():
        in_part = attribute.domain in vocabulary.parts
        yield attribute.name, PARTS if in_part else page_of(attribute.domain)
    for link in vocabulary.links.values():
        yield link.name, page_of(link.domain)
    for name, members in vocabulary.lists.items():
        yield from ((listed, LISTS) for listed in (name, *members))
    for kind in ("mm:Mismatch", "mm:MismatchCategory"):
        yield from ((name, MISMATCHES) for name in triples.subjects("rdf:type", kind))


def _ours(name: str) -> bool:
    """Whether it is no term of a vocabulary that ours is written in, and no blank node."""
    if name.startswith("_:"):
        return False
    others = (space for prefix, space in prefixes().items() if prefix != "mm")
    return not any(iri(name).startswith(space) for space in others if space != iri("mm:"))


def _others(files: Iterable[Path]) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in files:
        found |= dict(_PREFIX.findall(file.read_text(encoding="utf-8")))
    return found
