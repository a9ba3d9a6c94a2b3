"""Reads an ontology as it stands in a folder or a file: each term with what is said of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DescriptorInvalid, KnowledgeError
from kg.namespaces import iri, local, prefixes
from kg.triples import Term, Triples, read_triples

_KINDS = (
    "owl:Class",
    "owl:DatatypeProperty",
    "owl:ObjectProperty",
    "owl:AnnotationProperty",
    "rdfs:Datatype",
)
_FACETS = ("xsd:minInclusive", "xsd:maxInclusive", "xsd:minLength", "xsd:pattern")
_NUMBER = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]+")
_WORDS = dict(
    zip(
        _KINDS,
        ("class", "attribute", "link or part attribute", "annotation", "datatype"),
        strict=True,
    )
)
_READ = (
    *("rdf:type", "rdfs:label", "skos:prefLabel", "skos:definition", "skos:example"),
    *("skos:altLabel", "skos:notation", "skos:broader", "rdfs:subClassOf", "rdfs:subPropertyOf"),
    *("rdfs:domain", "rdfs:range", "owl:equivalentClass", "mm:unit", "mm:key", "mm:single"),
    *("mm:informs", "mm:askedOf", "dcterms:isReplacedBy", "mm:multipliedBy", "mm:because"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A term: its kind in words, what is said of it by predicate, and whether it was given up."""

    name: str
    kind: str
    said: Mapping[str, frozenset[str]]
    retired: bool

    @property
    def label(self) -> str:
        """What people call it."""
        return next(iter(self.of("rdfs:label") or self.of("skos:prefLabel")), "")

    def of(self, predicate: str) -> frozenset[str]:
        """All that is said of the term with the predicate."""
        return self.said.get(predicate, frozenset())


@dataclass(frozen=True, slots=True)
class Ontology:
    """The terms of one state of an ontology by name, its version, and the classes above each."""

    version: str
    terms: Mapping[str, Entry]

    def above(self, name: str) -> frozenset[str]:
        """The class and all above it."""
        found = [name]
        for current in found:
            entry = self.terms.get(current)
            found += [n for n in (entry.of("rdfs:subClassOf") if entry else ()) if n not in found]
        return frozenset(found)


def read_ontology(path: Path) -> Ontology:
    """The ontology in a Turtle file, or in all those below a folder or its `ontology/`.

    Raises DescriptorInvalid where there is none.
    """
    path = path.resolve()
    files = [path] if path.is_file() else sorted(_below(path))
    try:
        triples = read_triples(files)
    except KnowledgeError as error:
        raise DescriptorInvalid(error.what, error.hint) from error
    except OSError as error:
        raise DescriptorInvalid(
            f"{path} cannot be read: {error.strerror}", "Name another"
        ) from error
    terms = {entry.name: entry for entry in _entries(triples)}
    if not terms:
        raise DescriptorInvalid(f"{path} holds no ontology", "Name a folder with Turtle files")
    versions = [term.value for _, verb, term in triples if verb == iri("owl:versionInfo")]
    return Ontology(next(iter(versions), ""), terms)


def _below(folder: Path) -> Iterator[Path]:
    inner = folder / "ontology"
    root = inner if inner.is_dir() else folder
    return (path for path in root.rglob("*.ttl") if "derived" not in path.parts)


def _entries(triples: Triples) -> Iterator[Entry]:
    """What is declared: classes, properties, datatypes, and members of lists or categories."""
    said: dict[str, dict[str, set[str]]] = {}
    for subject, predicate, term in triples:
        values = said.setdefault(subject, {}).setdefault(predicate, set())
        values |= _told(triples, predicate, term)
    listed = iri("skos:inScheme"), iri("skos:notation")
    for subject, found in said.items():
        types = found.get(iri("rdf:type"), set())
        kind = next((kind for kind in _KINDS if kind in types), "")
        member = any(predicate in found for predicate in listed)
        if subject.startswith("_:") or not (kind or member) or _borrowed(subject, found):
            continue
        retired = "true" in found.get(iri("owl:deprecated"), set())
        words = {short: frozenset(found.get(iri(short), ())) for short in _READ}
        word = _WORDS.get(kind, "value")
        yield Entry(local(subject), word, {k: v for k, v in words.items() if v}, retired)


def _borrowed(subject: str, found: Mapping[str, set[str]]) -> bool:
    """Whether another's term is only declared here, so that it may be used."""
    return found.keys() == {iri("rdf:type")} and local(subject) == subject


def _told(triples: Triples, predicate: str, term: Term) -> set[str]:
    """The value, or what a definition of a datatype restricts: its blank nodes have no names."""
    if predicate != iri("owl:equivalentClass") or not term.value.startswith("_:"):
        return {_plain(term.value)}
    return {_plain(triples.value(term.value, "owl:onDatatype"))} | {
        f"{facet.partition(':')[2]} {_plain(text)}"
        for cell in triples.members(triples.value(term.value, "owl:withRestrictions"))
        for facet in _FACETS
        for text in triples.values(cell, facet)
    }


def _plain(text: str) -> str:
    """A name of ours alone, another's with its prefix; a number as it is counted."""
    if _NUMBER.fullmatch(text):
        return f"{float(text):g}"
    known = ((p, space) for p, space in prefixes().items() if text.startswith(space))
    prefix, space = max(known, key=lambda one: len(one[1]), default=("", ""))
    return f"{prefix}:{text.removeprefix(space)}" if prefix not in {"", "mm"} else local(text)
