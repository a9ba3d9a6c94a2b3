"""Makes the SHACL shapes of descriptors: is every value right, and what is not stated yet.

The shapes in `values/` judge one descriptor by itself: a wrong value is a violation. Those in
`stated/` judge all that is stated of an element together: what is missing is an information, and a
link to an element of another kind is a violation, because only there the other element is known.
A class has its own attributes only; its shape names the classes below it, so that no engine needs
to reason. No shape is a blank node.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from kg.catalogue import Catalogue
from kg.derive import NOTE
from kg.derive._turtle import Block, Statements, document, english
from kg.derive._words import expected, sentence
from kg.vocabulary import Attribute, Element, Link, Range, Vocabulary

_Term = TypeVar("_Term", Attribute, Link)

# A shape knows no calendar, so its pattern spells one out: months of 31 and of 30 days, February,
# and its last day in the years that four divides, but not a hundred unless four hundred does.
_DAYS = (
    "[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
    "[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)",
    "[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])",
    "[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29",
    "([02468][048]|[13579][26])00-02-29",
)


def files(vocabulary: Vocabulary, catalogue: Catalogue) -> dict[str, str]:
    """Both graphs' shapes for each class, and the value lists and groups that they use."""
    blocks: dict[str, Iterable[Block]] = {}
    for name, kind in {**vocabulary.elements, **vocabulary.parts}.items():
        home = _Home(vocabulary, kind)
        blocks[f"values/{name}"] = home.value_shapes()
        blocks[f"stated/{name}"] = home.stated_shapes()
    for name in _lists(vocabulary):
        blocks[f"values/{name}"] = _list_cells(name, list(vocabulary.lists[name]))
    blocks["values/groups"] = _groups(vocabulary, catalogue)
    texts = {f"shapes/derived/{name}.ttl": document(NOTE, found) for name, found in blocks.items()}
    return {name: text for name, text in texts.items() if text}


class _Home:
    """A class of elements or parts, and the shapes of the attributes that stand on it."""

    def __init__(self, vocabulary: Vocabulary, kind: Element) -> None:
        self.vocabulary = vocabulary
        self.kind = kind
        self.attributes = _own(vocabulary.attributes, kind.name)
        self.links = _own(vocabulary.links, kind.name)

    def value_shapes(self) -> Iterator[Block]:
        """The class's shape and one for each attribute and link: what a value must be."""
        shapes = [(self._name(a), self._value_shape(a)) for a in self.attributes]
        shapes += [(self._name(link), _reference_shape(link)) for link in self.links]
        yield from self._with_head("", shapes)

    def stated_shapes(self) -> Iterator[Block]:
        """The class's shape and one for each attribute and link: what should be there."""
        shapes = [(f"{self._name(a)}-stated", _stated_shape(a)) for a in self.attributes]
        shapes += [(f"{self._name(link)}-kind", self._kind_shape(link)) for link in self.links]
        yield from self._with_head("-stated", shapes)

    def _name(self, term: Attribute | Link) -> str:
        return f"mms:{self.kind.name}-{term.name}"

    def _with_head(self, ending: str, shapes: list[Block]) -> Iterator[Block]:
        if not shapes:
            return
        below = _below(self.vocabulary, self.kind.name)
        head: Statements = [
            ("a", ["sh:NodeShape"]),
            ("rdfs:label", [english(self.kind.label)]),
            ("sh:targetClass", [f"mm:{name}" for name in below]),
            ("sh:property", [name for name, _ in shapes]),
        ]
        yield f"mms:{self.kind.name}{ending}", head
        yield from shapes

    def _value_shape(self, attribute: Attribute) -> Statements:
        once = ", stated once by a source" if attribute.single else ""
        words = f"{sentence(attribute.label)}: {expected(self.vocabulary, attribute)}{once}."
        return [
            *_described(attribute),
            *([("sh:group", [f"mm:{attribute.informs[0]}"])] if attribute.informs else []),
            *self._constraints(attribute.range),
            *([("sh:maxCount", ["1"])] if attribute.single else []),
            *_verdict("sh:Violation", words),
        ]

    def _constraints(self, wanted: Range) -> Statements:
        if wanted.kind == "datatype":
            return _typed(wanted)
        if wanted.kind == "list":
            return [("sh:in", [f"mms:{wanted.name}-1"])]
        # Named one by one: a part in JSON has no class by which an engine could find its shapes.
        classes = sorted(c for c in self.vocabulary.ancestors(wanted.name) if self._has_shape(c))
        nodes = [("sh:node", [f"mms:{name}" for name in classes])] if classes else []
        return [("sh:nodeKind", ["sh:BlankNodeOrIRI"]), *nodes]

    def _has_shape(self, name: str) -> bool:
        return bool(_own(self.vocabulary.attributes, name))

    def _kind_shape(self, link: Link) -> Statements:
        target = self.vocabulary.elements[link.range].label
        words = f"{sentence(link.label)}: an element of the kind {target}."
        return [
            *_described(link),
            ("sh:class", [f"mm:{link.range}"]),
            *_verdict("sh:Violation", words),
        ]


def _reference_shape(link: Link) -> Statements:
    words = f"{sentence(link.label)}: the IRI of an element."
    return [*_described(link), ("sh:nodeKind", ["sh:IRI"]), *_verdict("sh:Violation", words)]


def _stated_shape(attribute: Attribute) -> Statements:
    words = f"{sentence(attribute.label)} is not stated."
    return [*_described(attribute), ("sh:minCount", ["1"]), *_verdict("sh:Info", words)]


def _described(term: Attribute | Link) -> Statements:
    return [
        ("a", ["sh:PropertyShape"]),
        ("sh:path", [f"mm:{term.name}"]),
        ("sh:name", [english(term.label)]),
        ("sh:description", [english(term.definition)]),
    ]


def _verdict(severity: str, words: str) -> Statements:
    return [("sh:severity", [severity]), ("sh:message", [english(words)])]


def _typed(wanted: Range) -> Statements:
    whole = wanted.name == "integer"
    # Nothing is below minus infinity but what is no number at all.
    low = float("-inf") if wanted.minimum is None and wanted.name == "double" else wanted.minimum
    bounds = {"sh:minInclusive": low, "sh:maxInclusive": wanted.maximum}
    return [
        ("sh:datatype", [f"xsd:{wanted.name}"]),
        *((word, [_bound(b, whole=whole)]) for word, b in bounds.items() if b is not None),
        *([("sh:pattern", [_pattern(wanted)])] if wanted.pattern else []),
    ]


def _pattern(wanted: Range) -> str:
    return json.dumps(f"^({'|'.join(_DAYS)})$" if wanted.is_day else wanted.anchored)


def _bound(bound: float, *, whole: bool) -> str:
    return str(int(bound)) if whole else f'"{str(bound).upper()}"^^xsd:double'


def _list_cells(name: str, members: list[str]) -> Iterator[Block]:
    """An RDF list whose cells have IRIs, which SHACL allows, instead of blank nodes."""
    for number, member in enumerate(sorted(members), 1):
        rest = f"mms:{name}-{number + 1}" if number < len(members) else "rdf:nil"
        cell = [("a", ["rdf:List"]), ("rdf:first", [f"mm:{member}"]), ("rdf:rest", [rest])]
        yield f"mms:{name}-{number}", cell


def _lists(vocabulary: Vocabulary) -> list[str]:
    ranges = (attribute.range for attribute in vocabulary.attributes.values())
    return sorted({wanted.name for wanted in ranges if wanted.kind == "list"})


def _groups(vocabulary: Vocabulary, catalogue: Catalogue) -> Iterator[Block]:
    """The mismatches as groups, under which a form shows the attributes that inform them."""
    main = {a.informs[0] for a in vocabulary.attributes.values() if a.informs}
    for mismatch in catalogue.mismatches.values():
        if mismatch.name in main:
            label = ("rdfs:label", [english(mismatch.label)])
            yield f"mm:{mismatch.name}", [("a", ["sh:PropertyGroup"]), label]


def _own(terms: Mapping[str, _Term], name: str) -> list[_Term]:
    return sorted((t for t in terms.values() if t.domain == name), key=lambda term: term.name)


def _below(vocabulary: Vocabulary, name: str) -> list[str]:
    """The class, then all classes below it."""
    classes = (*vocabulary.elements, *vocabulary.parts)
    return [name, *sorted(c for c in classes if c != name and name in vocabulary.ancestors(c))]
