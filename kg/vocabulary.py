"""The ontology as records: which elements, parts, links and value lists there are, and what can be
stated.

Reads `ontology/` and nothing else. No Python class mirrors an element: an `Attribute` is a record
about `mm:requiredMemory`, so a researcher's file is enough to add one.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from math import isnan
from pathlib import Path
from typing import TypeAlias

from kg.errors import DescriptorError, KnowledgeError, TermUndefined
from kg.extensions import knowledge_files
from kg.namespaces import iri, local, namespace, prefixes, snake, stem
from kg.paths import knowledge_roots
from kg.prefixes import curie, keys, own_prefixes
from kg.reasoning import Hierarchy, hierarchy, inherited
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

_DESCRIBING = ("rdfs:label", "skos:definition", "rdfs:domain", "rdfs:range")
_KINDS = ("owl:Class", "owl:DatatypeProperty", "owl:ObjectProperty", "owl:AnnotationProperty")


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
    """What can be stated about an element or part; `domain` and `range.name` are names as `name`
    is: local ones of our terms, IRIs of others'. A value counts for all attributes `above`.
    """

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
    above: tuple[str, ...] = ()

    @property
    def unit_name(self) -> str:
        """The unit's name without its namespace, as `kg.units` knows it; empty where there is
        none.
        """
        return self.unit.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Element:
    """A class of elements or of parts; `named` parts are known by their `name`, and no element is
    described as one of an `abstract` class.
    """

    name: str
    key: str
    label: str
    definition: str
    parents: tuple[str, ...]
    named: bool = False
    abstract: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """How an element relates to another; it counts for all links `above`, and for `inverse` ones
    the other way round.
    """

    name: str
    key: str
    label: str
    definition: str
    domain: str
    range: str
    above: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A member of a controlled list; `names` are all it may be called, without regard to case."""

    name: str
    key: str
    label: str
    definition: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The ontology's terms by local name, or by IRI where they are not ours; `keys` are what people
    call them, `prefixes` those of namespaces that are not ours. It is equal to itself alone, so
    that what follows from it can be kept.
    """

    elements: Mapping[str, Element]
    parts: Mapping[str, Element]
    links: Mapping[str, Link]
    attributes: Mapping[str, Attribute]
    lists: Mapping[str, Mapping[str, Value]]
    called: Mapping[str, Mapping[str, Value]]
    triples: Triples
    keys: Mapping[str, str]
    prefixes: Mapping[str, str]
    _lines: dict[str, tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def key(self, name: str) -> str:
        """What people call the term in descriptors."""
        return self.keys.get(name, name)

    def curie(self, name: str) -> str:
        """The term's prefixed name, as Turtle writes it."""
        return curie(name, self.prefixes)

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
        # Asked for each statement.
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = tuple(self._line(name))
        return line

    def _line(self, name: str) -> list[str]:
        found = [name]
        for current in found:
            known = self.elements.get(current) or self.parts.get(current)
            found += [parent for parent in (known.parents if known else ()) if parent not in found]
        return found

    def concrete(self) -> Iterator[Element]:
        """The element classes that something can be described as: the paper's elements, in the
        ontology's order, then those of extensions.
        """
        return (element for element in self.elements.values() if not element.abstract)

    def base(self, name: str) -> str:
        """The widest concrete class above an element class, such as the trained model above some
        extension's image model; the class itself where there is none.
        """
        known = (self.elements[c] for c in self.ancestors(name) if c in self.elements)
        return [name, *(element.name for element in known if not element.abstract)][-1]

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
    roots = tuple(knowledge_roots(tuple(extra)))
    return _load(roots, tuple(_stamps(roots[1:])), retired)


def _stamps(roots: Iterable[Path]) -> Iterator[tuple[Path, int, int]]:
    """What tells whether a file of another's was edited since it was loaded: ours are not."""
    for root in roots:
        for path in files_of(root):
            status = path.stat()
            yield path, status.st_mtime_ns, status.st_size


_Stamps: TypeAlias = tuple[tuple[Path, int, int], ...]


@cache
def _read(root: Path, _: _Stamps) -> Triples:
    return read_triples(files_of(root))


@cache
def _load(roots: tuple[Path, ...], stamps: _Stamps, retired: bool) -> Vocabulary:  # noqa: FBT001 - `load` names it
    read = [_read(root, tuple(s for s in stamps if s[0].is_relative_to(root))) for root in roots]
    gone = {name: one for triples in read for name, one in retired_terms(triples).items()}
    if retired and not gone:
        return _load(roots, stamps, False)  # noqa: FBT003 - the cache takes no other spelling
    if gone and not retired:
        read = [without(triples, gone) for triples in read]
    triples, above = read[0], Hierarchy()
    # Our own hierarchy is closed as it stands, so only an extension's is worked out.
    if len(roots) > 1:
        _refuse_clashes(roots, read)
        triples = Triples(triple for one in read for triple in one)
        above = hierarchy(triples)
        for triple in [*inherited(triples, above.properties)]:
            triples.add(*triple)
    parents = _parents(triples, above)
    below = {name: _ancestors(parents, name) for name in parents}
    attributes = {a.name: a for a in _attributes(triples, below)}
    links = [*triples.subjects("rdfs:subPropertyOf", "mm:link")]
    links += [n for n, others in above.properties.items() if "link" in others and n not in links]
    lists = [name for name in below if iri("skos:Concept") in below[name]]
    members = {name: triples.subjects("rdf:type", name) for name in lists}
    things = [name for name in below if {"SystemElement", "Part"} & set(below[name])]
    plain = {
        **{
            name: stem(name)
            for name in (*things, *lists, *(n for v in members.values() for n in v))
        },
        **{name: snake(name) for name in links},
        **{name: attribute.key for name, attribute in attributes.items()},
    }
    own = own_prefixes((path for root in roots[1:] for path in files_of(root)), triples, plain)
    known = keys(plain, own)
    classes = {name: _element(triples, name, known[name], parents[name]) for name in things}
    values = {name: _members(triples, members[name], known) for name in lists}
    _refuse_misfits(attributes.values(), above, below)
    return Vocabulary(
        elements={n: c for n, c in classes.items() if "SystemElement" in below[n]},
        parts={n: c for n, c in classes.items() if "Part" in below[n]},
        links={name: _link(triples, name, known[name], above, links) for name in links},
        attributes={
            name: replace(
                one,
                key=known[name],
                above=tuple(n for n in above.properties.get(name, ()) if n in attributes),
            )
            for name, one in attributes.items()
        },
        lists=values,
        called={name: _names(found) for name, found in values.items()},
        triples=triples,
        keys=known,
        prefixes=own,
    )


def _called(name: str) -> str:
    return name if namespace(name) else f"mm:{name}"


def files_of(root: Path) -> list[Path]:
    """The files of a knowledge folder's ontology that are loaded at each start."""
    files = knowledge_files([root], "ontology", "ttl")
    return [path for path in files if _UNREAD.isdisjoint(path.relative_to(root).parts)]


def _refuse_clashes(roots: Iterable[Path], read: Iterable[Triples]) -> None:
    """Raise KnowledgeError for a term that two folders describe: one would silently win. To say
    only of what kind a term of another is, as OWL asks for, describes nothing.
    """
    others = set(prefixes().values())
    described: dict[str, Path] = {}
    for root, triples in zip(roots, read, strict=True):
        for name in dict.fromkeys(n for kind in _KINDS for n in triples.subjects("rdf:type", kind)):
            is_shared = name.startswith("_:") or namespace(name) in others
            if is_shared or not any(triples.values(name, one) for one in _DESCRIBING):
                continue
            other = described.setdefault(name, root)
            if other is not root:
                raise KnowledgeError(
                    f"{_called(name)} is described in {other} and in {root}",
                    "Give one of the two another name, best in a namespace of its own",
                )


def _refuse_misfits(
    attributes: Iterable[Attribute], above: Hierarchy, below: Mapping[str, list[str]]
) -> None:
    """Raise KnowledgeError for an attribute whose values could not count for one above it."""
    known = {attribute.name: attribute for attribute in attributes}
    for one in known.values():
        for wider in (known[n] for n in above.properties.get(one.name, ()) if n in known):
            wide = wider.range
            if wider.domain not in below[one.domain] or not _fits(one.range, wide, below):
                raise KnowledgeError(
                    f"{_called(one.name)} cannot be a sub-property of {_called(wider.name)}, "
                    f"which leads from {_called(wider.domain)} to {_called(wide.name)}",
                    "Give it the same domain and range, or narrower ones",
                )


def _fits(narrow: Range, wide: Range, below: Mapping[str, list[str]]) -> bool:
    """Whether values of the one range can be of the other: numbers may be converted."""
    if narrow.kind != wide.kind:
        return False
    if narrow.kind != "datatype":
        return wide.name in below[narrow.name]
    return narrow.name == wide.name or {narrow.name, wide.name} == {"integer", "double"}


def _parents(triples: Triples, above: Hierarchy) -> dict[str, tuple[str, ...]]:
    """The classes directly above each class: those that it names, then those that follow. Classes
    of the vocabularies that we use, such as SKOS, are none of ours nor of an extension.
    """
    others = set(prefixes().values())
    stated = {
        name: tuple(n for n in triples.locals(name, "rdfs:subClassOf") if n[:2] != "_:")
        for name in triples.subjects("rdf:type", "owl:Class")
        if name[:2] != "_:" and namespace(name) not in others
    }
    found = dict(stated)
    for name in stated.keys() & above.classes.keys():
        near = set(_ancestors(stated, name))
        further = [n for n in above.classes[name] if n in stated and n not in near]
        further.sort(key=lambda one: -len(above.classes.get(one, ())))
        found[name] += tuple(further)
    return found


def _element(triples: Triples, name: str, key: str, parents: tuple[str, ...]) -> Element:
    return Element(
        name=name,
        key=key,
        label=triples.value(name, "rdfs:label") or key,
        definition=triples.value(name, "skos:definition"),
        parents=parents,
        named=bool(triples.values(name, "owl:hasKey")),
        abstract=triples.value(name, "mm:abstract") == "true",
    )


def _ancestors(parents: Mapping[str, tuple[str, ...]], name: str) -> list[str]:
    found = [name]
    for current in found:
        found += [parent for parent in parents.get(current, ()) if parent not in found]
    return found


def _link(triples: Triples, name: str, key: str, above: Hierarchy, links: Collection[str]) -> Link:
    inverse = (*triples.locals(name, "owl:inverseOf"), *triples.subjects("owl:inverseOf", name))
    return Link(
        name=name,
        key=key,
        label=triples.value(name, "rdfs:label") or key,
        definition=triples.value(name, "skos:definition"),
        domain=local(triples.value(name, "rdfs:domain")),
        range=local(triples.value(name, "rdfs:range")),
        above=tuple(n for n in above.properties.get(name, ()) if n in links),
        inverse=tuple(n for n in inverse if n in links),
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
        label=triples.value(name, "rdfs:label") or stem(name),
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
            f"The range of {_called(attribute)} is {name}, no class and no datatype that we keep",
            "Give it a part, a value list, or a datatype that survives every store",
        )
    minimum, maximum, pattern = _bounds(triples, definition)
    try:
        re.compile(pattern)
    except re.error as error:
        raise KnowledgeError(
            f"The pattern of {_called(name)} is none: {error}", "Correct it"
        ) from error
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


def _members(
    triples: Triples, members: Iterable[str], known: Mapping[str, str]
) -> dict[str, Value]:
    return {
        name: Value(
            name=name,
            key=known[name],
            label=triples.value(name, "skos:prefLabel"),
            definition=triples.value(name, "skos:definition"),
            names=tuple(
                dict.fromkeys(
                    (
                        stem(name),
                        known[name],
                        *triples.values(name, "skos:prefLabel"),
                        *triples.values(name, "skos:altLabel"),
                    )
                )
            ),
        )
        for name in members
    }


def _names(members: Mapping[str, Value]) -> dict[str, Value]:
    iris = {name.lower(): value for name, value in members.items()}
    return iris | {name.lower(): value for value in members.values() for name in value.names}


# What a start can do without: what follows from the rest, and the study's examples (kg.study).
_UNREAD = frozenset({"derived", "study"})

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
            members = vocabulary.lists[wanted.name].values()
            allowed = ", ".join(one.key for one in members)
            raise DescriptorError(f"`{value}` is not a {attribute.label}", f"Use one of: {allowed}")
        return member.name
    if wanted.kind != "datatype":
        raise DescriptorError(
            f"{attribute.label} holds a {vocabulary.key(wanted.name)}, not the value `{value}`",
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
