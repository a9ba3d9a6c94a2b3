"""The ontology as records: which elements, parts, links and value lists there are, and what can be
stated.

Reads `ontology/` and nothing else. No Python class mirrors an element: an `Attribute` is a record
about `mm:requiredMemory`, so a researcher's file is enough to add one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from math import isnan
from pathlib import Path
from typing import TypeAlias

from kg.errors import DescriptorError, KnowledgeError, TermUndefined
from kg.extensions import knowledge_files
from kg.namespaces import iri, local, snake
from kg.paths import knowledge_roots
from kg.retired import retired_terms, without
from kg.triples import Triples, read_triples

Literal: TypeAlias = str | int | float | bool | date | datetime
"""A value as a datatype holds it; a listed value's local name is a `str`, as is a checked day."""

DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
"""The pattern of the texts that are days, which are held against the calendar too."""

type_of = {
    "integer": int,
    "double": float,
    "boolean": bool,
    "string": str,
    "dateTime": datetime,
}


@dataclass(frozen=True, slots=True)
class Range:
    """What an attribute takes: a datatype's values, bounded or patterned, or a class or list's.

    `name` is the datatype that stores keep, `datatype` the one of ours that is made of it, if any.
    """

    kind: str
    name: str
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    datatype: str = ""

    @property
    def is_day(self) -> bool:
        """Whether its texts are days of the calendar."""
        return self.pattern == DAY

    @property
    def anchored(self) -> str:
        """The pattern for those who search with one, where OWL 2 means the whole text.

        >>> Range("datatype", "string", pattern="red|green").anchored
        '^(red|green)$'
        """
        return f"^({self.pattern})$" if self.pattern else ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What can be stated about an element or part; `domain` and `range.name` are local names."""

    name: str
    key: str
    label: str
    definition: str
    example: str
    domain: str
    range: Range
    single: bool
    unit: str
    informs: tuple[str, ...]
    asked_of: tuple[str, ...]

    @property
    def unit_name(self) -> str:
        """The unit's name without its namespace, as `kg.units` knows it; empty where there is
        none.
        """
        return self.unit.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Element:
    """A class of elements or of parts; `named` parts are known by their `name`."""

    name: str
    label: str
    definition: str
    parents: tuple[str, ...]
    named: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """How an element relates to another."""

    name: str
    key: str
    label: str
    definition: str
    domain: str
    range: str


@dataclass(frozen=True, slots=True)
class Value:
    """A member of a controlled list; `names` are all it may be called, without regard to case."""

    name: str
    label: str
    definition: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ontology's terms by local name."""

    elements: Mapping[str, Element]
    parts: Mapping[str, Element]
    links: Mapping[str, Link]
    attributes: Mapping[str, Attribute]
    lists: Mapping[str, Mapping[str, Value]]
    called: Mapping[str, Mapping[str, Value]]
    triples: Triples

    def attribute(self, name: str) -> Attribute:
        """The attribute of that local name; raises TermUndefined with the nearest names."""
        try:
            return self.attributes[name]
        except KeyError:
            raise TermUndefined(
                f"There is no attribute {name}",
                f"Near it are: {', '.join(self.near(name)) or 'none'}",
            ) from None

    def near(self, name: str) -> list[str]:
        """Attributes whose names contain, or are contained in, the given one."""
        low = name.lower()
        return sorted(n for n in self.attributes if low in n.lower() or n.lower() in low)[:5]

    def kind(self, name: str) -> Element:
        """The class of elements or parts of that name; raises KeyError."""
        return self.elements.get(name) or self.parts[name]

    def ancestors(self, name: str) -> tuple[str, ...]:
        """The class and all its superclasses, nearest first."""
        found = [name]
        for current in found:
            known = self.elements.get(current) or self.parts.get(current)
            found += [parent for parent in (known.parents if known else ()) if parent not in found]
        return tuple(found)

    def concrete(self) -> Iterator[Element]:
        """The element classes that no other class specialises: the paper's elements, in the
        ontology's order.
        """
        parents = {parent for element in self.elements.values() for parent in element.parents}
        return (element for element in self.elements.values() if element.name not in parents)

    def attributes_of(self, name: str) -> dict[str, Attribute]:
        """What can be stated about the class, its superclasses' attributes included, by JSON
        key.
        """
        classes = self.ancestors(name)
        return {a.key: a for a in self.attributes.values() if a.domain in classes}

    def links_of(self, name: str) -> dict[str, Link]:
        """The links that start at the class, by JSON key."""
        classes = self.ancestors(name)
        return {link.key: link for link in self.links.values() if link.domain in classes}

    def value(self, list_name: str, text: str) -> Value | None:
        """The member of a controlled list that is called `text`, without regard to case, nor to
        parameters where its names may have some, or None.
        """
        called, name = self.called[list_name], text.strip().lower()
        found = called.get(name)
        if found is not None or len(name) > _LONGEST_NAME:
            return found
        sized = self.triples.value(list_name, "mm:takesParameters") == "true"
        return _parametrised(called, name) if sized else None

    def spelled(self) -> Iterator[tuple[str, Attribute]]:
        """The value lists that spell the texts of attributes, each with each such attribute."""
        for name in self.lists:
            for attribute in self.triples.locals(name, "mm:spells"):
                yield name, self.attribute(attribute)

    def checked(self, attribute: Attribute, value: Literal) -> Literal:
        """The value as the attribute's range holds it; raises DescriptorError where it is none of
        its values.
        """
        return _checked(self, attribute, value)


def load(extra: Iterable[Path] = (), *, retired: bool = False) -> Vocabulary:
    """The vocabulary of our ontology with other folders' laid over it; raises KnowledgeError naming
    the file.

    With `retired`, the terms that were given up are in it as if they were not: so importers read
    what was written with them, which `kg.upgrading` then upgrades.
    """
    return _load(tuple(knowledge_roots(tuple(extra))), retired)


@cache
def _triples(roots: tuple[Path, ...]) -> Triples:
    files = knowledge_files(roots, "ontology", "ttl")
    return read_triples(path for path in files if "derived" not in path.parts)


@cache
def _load(roots: tuple[Path, ...], retired: bool) -> Vocabulary:  # noqa: FBT001 - `load` names it
    triples = _triples(roots)
    gone = retired_terms(triples)
    if retired and not gone:
        return _load(roots, False)  # noqa: FBT003 - the cache takes no other spelling
    if gone and not retired:
        triples = without(triples, gone)
    ours = [name for name in triples.subjects("rdf:type", "owl:Class") if "//" not in name]
    classes = {name: _element(triples, name) for name in ours}
    below = {name: _ancestors(classes, name) for name in classes}
    links = triples.subjects("rdfs:subPropertyOf", "mm:link")
    lists = {n: _members(triples, n) for n in classes if iri("skos:Concept") in below[n]}
    return Vocabulary(
        elements={n: c for n, c in classes.items() if "SystemElement" in below[n]},
        parts={n: c for n, c in classes.items() if "Part" in below[n]},
        links={name: _link(triples, name) for name in links},
        attributes={a.name: a for a in _attributes(triples, below)},
        lists=lists,
        called={name: _names(members) for name, members in lists.items()},
        triples=triples,
    )


def _element(triples: Triples, name: str) -> Element:
    return Element(
        name=name,
        label=triples.value(name, "rdfs:label"),
        definition=triples.value(name, "skos:definition"),
        parents=triples.locals(name, "rdfs:subClassOf"),
        named=bool(triples.values(name, "owl:hasKey")),
    )


def _ancestors(classes: Mapping[str, Element], name: str) -> list[str]:
    found = [name]
    for current in found:
        if current in classes:
            found += [parent for parent in classes[current].parents if parent not in found]
    return found


def _link(triples: Triples, name: str) -> Link:
    return Link(
        name=name,
        key=snake(name),
        label=triples.value(name, "rdfs:label"),
        definition=triples.value(name, "skos:definition"),
        domain=local(triples.value(name, "rdfs:domain")),
        range=local(triples.value(name, "rdfs:range")),
    )


def _attributes(triples: Triples, below: Mapping[str, list[str]]) -> Iterator[Attribute]:
    for kind in ("owl:DatatypeProperty", "owl:ObjectProperty"):
        for name in triples.subjects("rdf:type", kind):
            domain = local(triples.value(name, "rdfs:domain"))
            if {"SystemElement", "Part"} & set(below.get(domain, ())):
                value_range = _range(triples, below, name, local(triples.value(name, "rdfs:range")))
                if value_range.kind != "element":
                    yield _attribute(triples, name, domain, value_range)


def _attribute(triples: Triples, name: str, domain: str, value_range: Range) -> Attribute:
    return Attribute(
        name=name,
        key=triples.value(name, "mm:key") or snake(name),
        label=triples.value(name, "rdfs:label"),
        definition=triples.value(name, "skos:definition"),
        example=triples.value(name, "skos:example"),
        domain=domain,
        range=value_range,
        single=triples.value(name, "mm:single") == "true",
        unit=triples.value(name, "mm:unit"),
        informs=triples.locals(name, "mm:informs"),
        asked_of=triples.locals(name, "mm:askedOf"),
    )


def _range(triples: Triples, below: Mapping[str, list[str]], attribute: str, name: str) -> Range:
    if name in below:
        ancestors = below[name]
        if "SystemElement" in ancestors:
            return Range("element", name)
        return Range("part" if "Part" in ancestors else "list", name)
    datatype = name.removeprefix(iri("xsd:"))
    if datatype in type_of:
        return Range("datatype", datatype)
    definition = triples.value(name, "owl:equivalentClass")
    base = triples.value(definition, "owl:onDatatype").removeprefix(iri("xsd:"))
    if base not in type_of:
        raise KnowledgeError(
            f"The range of mm:{attribute} is {name}, no class and none of the datatypes we keep",
            "Give it a part, a value list, or a datatype that survives every store",
        )
    minimum, maximum, pattern = _bounds(triples, definition)
    try:
        re.compile(pattern)
    except re.error as error:
        raise KnowledgeError(f"The pattern of mm:{name} is none: {error}", "Correct it") from error
    return Range("datatype", base, minimum, maximum, pattern, name)


def _bounds(triples: Triples, definition: str) -> tuple[float | None, float | None, str]:
    found: dict[str, float] = {}
    pattern = ""
    for restriction in triples.members(triples.value(definition, "owl:withRestrictions")):
        for facet in ("xsd:minInclusive", "xsd:maxInclusive"):
            for text in triples.values(restriction, facet):
                found[facet] = float(text)
        pattern = triples.value(restriction, "xsd:pattern") or pattern
    return found.get("xsd:minInclusive"), found.get("xsd:maxInclusive"), pattern


def _members(triples: Triples, list_name: str) -> dict[str, Value]:
    return {
        name: Value(
            name=name,
            label=triples.value(name, "skos:prefLabel"),
            definition=triples.value(name, "skos:definition"),
            names=(
                name,
                *triples.values(name, "skos:prefLabel"),
                *triples.values(name, "skos:altLabel"),
            ),
        )
        for name in triples.subjects("rdf:type", list_name)
    }


def _names(members: Mapping[str, Value]) -> dict[str, Value]:
    return {name.lower(): value for value in members.values() for name in value.names}


_LONGEST_NAME = 200
_PLAIN = re.compile(r"[\s\d,*+-]*|max|\d+ (?:char|byte)|'[^()]*'")
_IN_ROUND = re.compile(r"(?P<name>[^()\[\]<>]+)\((?P<inner>.*)\)(?P<rest>[^()\[\]<>]*)")
_IN_ANGLES = re.compile(r"(?P<name>[^()\[\]<>]+)<(?P<inner>.*)>(?:\[\d+\])?")
_IN_SQUARE = re.compile(r"(?P<name>[^()\[\]<>]+)\[(?P<inner>[^\[\]]*)\]")
_HOLDING = {"array", "object"}


def _parametrised(called: Mapping[str, Value], text: str) -> Value | None:
    """The member that a name with parameters means; None where they may change what it means.

    A length, a precision, a unit or a time zone changes nothing, nor does what a list or a record
    holds. `int[]` is a list, of `int[3]` nobody can tell.
    """
    if match := _IN_ROUND.fullmatch(text):
        found = called.get(" ".join(f"{match['name']} {match['rest']}".split()))
        # ONNX's tensor(float) is a float.
        holding = found and found.name in _HOLDING and match["name"] != "tensor"
        return found if holding or _PLAIN.fullmatch(match["inner"]) else None
    if match := _IN_ANGLES.fullmatch(text):
        if match["name"] == "dictionary":
            return called.get(match["inner"].partition(",")[0].removeprefix("values=").strip())
        found = called.get(match["name"].strip())
        return found if found and found.name in _HOLDING else None
    if match := _IN_SQUARE.fullmatch(text):
        if not match["inner"].strip():
            return called.get("array")
        sized = match["inner"].strip().isdigit() and not match["name"].startswith("fixed_size")
        return None if sized else called.get(match["name"].strip())
    return None


def _checked(vocabulary: Vocabulary, attribute: Attribute, value: Literal) -> Literal:
    wanted = attribute.range
    if wanted.kind == "list":
        member = vocabulary.value(wanted.name, str(value))
        if member is None:
            allowed = ", ".join(vocabulary.lists[wanted.name])
            raise DescriptorError(f"`{value}` is not a {attribute.label}", f"Use one of: {allowed}")
        return member.name
    if wanted.kind != "datatype":
        raise DescriptorError(
            f"{attribute.label} holds a {wanted.name}, not the value `{value}`",
            f"State it as a mapping; for example {attribute.example or 'name: …'}",
        )
    if wanted.is_day and type(value) is date:
        value = value.isoformat()
    return _in_pattern(attribute, _in_bounds(attribute, _typed(attribute, value)))


def _typed(attribute: Attribute, value: Literal) -> Literal:
    kind = type_of[attribute.range.name]
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind or (isinstance(value, float) and isnan(value)):
        raise DescriptorError(
            f"{attribute.label} is `{value}`, which is no {_kind(attribute.range)}",
            _like(attribute),
        )
    return value


def _in_bounds(attribute: Attribute, value: Literal) -> Literal:
    low, high = attribute.range.minimum, attribute.range.maximum
    if isinstance(value, int | float) and (
        (low is not None and value < low) or (high is not None and value > high)
    ):
        bounds = f"{low:g} or more" if high is None else f"from {low:g} to {high:g}"
        raise DescriptorError(f"{attribute.label} is {value}", f"It must be {bounds}")
    return value


def _in_pattern(attribute: Attribute, value: Literal) -> Literal:
    wanted = attribute.range
    if wanted.pattern and isinstance(value, str):
        fitting = re.fullmatch(wanted.pattern, value)
        if not fitting or (wanted.is_day and not _in_calendar(value)):
            raise DescriptorError(
                f"{attribute.label} is `{value}`, which is no {_kind(wanted)}", _like(attribute)
            )
    return value


def _in_calendar(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _kind(wanted: Range) -> str:
    if wanted.is_day:
        return "day of the calendar"
    return f"text of the form {wanted.pattern}" if wanted.pattern else wanted.name


def _like(attribute: Attribute) -> str:
    return f"Write it like {attribute.example}" if attribute.example else "Correct the value"
