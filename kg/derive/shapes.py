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
        blocks[f"values/{token(name, vocabulary)}"] = home.value_shapes()
        blocks[f"stated/{token(name, vocabulary)}"] = home.stated_shapes()
    for name in _lists(vocabulary):
        blocks[f"values/{token(name, vocabulary)}"] = _list_cells(name, vocabulary)
    blocks["values/groups"] = _groups(vocabulary, catalogue)
    texts = {
        f"shapes/derived/{name}.ttl": document(NOTE, found, vocabulary.prefixes)
        for name, found in blocks.items()
    }
    return {name: text for name, text in texts.items() if text}


def token(name: str, vocabulary: Vocabulary) -> str:
    """The term in the name of a shape, and of a file: another's with the prefix before it."""
    return vocabulary.curie(name).removeprefix("mm:").replace(":", "-")


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
        shapes += [(self._name(link), self._reference_shape(link)) for link in self.links]
        yield from self._with_head("", shapes)

    def stated_shapes(self) -> Iterator[Block]:
        """The class's shape and one for each attribute and link: what should be there."""
        shapes = [(f"{self._name(a)}-stated", self._stated_shape(a)) for a in self.attributes]
        shapes += [(f"{self._name(link)}-kind", self._kind_shape(link)) for link in self.links]
        yield from self._with_head("-stated", shapes)

    def _name(self, term: Attribute | Link) -> str:
        return f"{self._shape(self.kind.name)}-{token(term.name, self.vocabulary)}"

    def _shape(self, name: str) -> str:
        return f"mms:{token(name, self.vocabulary)}"

    def _with_head(self, ending: str, shapes: list[Block]) -> Iterator[Block]:
        if not shapes:
            return
        below = _below(self.vocabulary, self.kind.name)
        head: Statements = [
            ("a", ["sh:NodeShape"]),
            ("rdfs:label", [english(self.kind.label)]),
            ("sh:targetClass", [self.vocabulary.curie(name) for name in below]),
            ("sh:property", [name for name, _ in shapes]),
        ]
        yield f"{self._shape(self.kind.name)}{ending}", head
        yield from shapes

    def _value_shape(self, attribute: Attribute) -> Statements:
        once = ", stated once by a source" if attribute.single else ""
        words = f"{sentence(attribute.label)}: {expected(self.vocabulary, attribute)}{once}."
        return [
            *self._described(attribute),
            *([("sh:group", [self._group(attribute)])] if attribute.informs else []),
            *self._constraints(attribute.range),
            *([("sh:maxCount", ["1"])] if attribute.single else []),
            *_verdict("sh:Violation", words),
        ]

    def _constraints(self, wanted: Range) -> Statements:
        if wanted.kind == "datatype":
            return _typed(wanted)
        if wanted.kind == "list":
            return [("sh:in", [f"{self._shape(wanted.name)}-1"])]
        # Named one by one: a part in JSON has no class by which an engine could find its shapes.
        classes = sorted(c for c in self.vocabulary.ancestors(wanted.name) if self._has_shape(c))
        nodes = [("sh:node", [self._shape(name) for name in classes])] if classes else []
        return [("sh:nodeKind", ["sh:BlankNodeOrIRI"]), *nodes]

    def _has_shape(self, name: str) -> bool:
        return bool(_own(self.vocabulary.attributes, name))

    def _kind_shape(self, link: Link) -> Statements:
        target = self.vocabulary.elements[link.range].label
        words = f"{sentence(link.label)}: an element of the kind {target}."
        return [
            *self._described(link),
            ("sh:class", [self.vocabulary.curie(link.range)]),
            *_verdict("sh:Violation", words),
        ]

    def _reference_shape(self, link: Link) -> Statements:
        words = f"{sentence(link.label)}: the IRI of an element."
        kind = ("sh:nodeKind", ["sh:IRI"])
        return [*self._described(link), kind, *_verdict("sh:Violation", words)]

    def _stated_shape(self, attribute: Attribute) -> Statements:
        words = f"{sentence(attribute.label)} is not stated."
        least = ("sh:minCount", ["1"])
        return [*self._described(attribute), least, *_verdict("sh:Info", words)]

    def _described(self, term: Attribute | Link) -> Statements:
        return [
            ("a", ["sh:PropertyShape"]),
            ("sh:path", [self.vocabulary.curie(term.name)]),
            ("sh:name", [english(term.label)]),
            ("sh:description", [english(term.definition)]),
        ]

    def _group(self, attribute: Attribute) -> str:
        return self.vocabulary.curie(attribute.informs[0])


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


def _list_cells(name: str, vocabulary: Vocabulary) -> Iterator[Block]:
    """An RDF list whose cells have IRIs, which SHACL allows, instead of blank nodes."""
    members, shape = sorted(vocabulary.lists[name]), f"mms:{token(name, vocabulary)}"
    for number, member in enumerate(members, 1):
        rest = f"{shape}-{number + 1}" if number < len(members) else "rdf:nil"
        first = ("rdf:first", [vocabulary.curie(member)])
        yield f"{shape}-{number}", [("a", ["rdf:List"]), first, ("rdf:rest", [rest])]


def _lists(vocabulary: Vocabulary) -> list[str]:
    ranges = (attribute.range for attribute in vocabulary.attributes.values())
    return sorted({wanted.name for wanted in ranges if wanted.kind == "list"})


def _groups(vocabulary: Vocabulary, catalogue: Catalogue) -> Iterator[Block]:
    """The mismatches as groups, under which a form shows the attributes that inform them."""
    main = {a.informs[0] for a in vocabulary.attributes.values() if a.informs}
    for mismatch in catalogue.mismatches.values():
        if mismatch.name in main:
            label = ("rdfs:label", [english(mismatch.label)])
            yield vocabulary.curie(mismatch.name), [("a", ["sh:PropertyGroup"]), label]


def _own(terms: Mapping[str, _Term], name: str) -> list[_Term]:
    return sorted((t for t in terms.values() if t.domain == name), key=lambda term: term.name)


def _below(vocabulary: Vocabulary, name: str) -> list[str]:
    """The class, then all classes below it."""
    classes = (*vocabulary.elements, *vocabulary.parts)
    return [name, *sorted(c for c in classes if c != name and name in vocabulary.ancestors(c))]
