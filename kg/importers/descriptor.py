"""Our own descriptors in YAML and JSON: what people write by hand, or in what `mismatch new` wrote.

A file is walked along the vocabulary, so an attribute that somebody added to the ontology is read
without further ado. A fault spoils only the line it stands on; the rest is stated.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeAlias

from kg.errors import KgError
from kg.identifiers import referred
from kg.importers._classes import Classes, either
from kg.importers._terms import is_iri
from kg.names import canonical
from kg.reading import Tree, pointer, read_json, read_yaml_all
from kg.statements import Node, Notes, Reading, Source, Subject
from kg.values import like, quoted, value_of
from kg.vocabulary import Attribute, Link, Literal, Vocabulary

TITLE = "Descriptors of our own (YAML, JSON)"
FILES = "any `.yaml`, `.yml` or `.json` file that says with `element` which element it describes"
BY_CONTENT = True
STATES: frozenset[str] = frozenset()

Steps: TypeAlias = tuple[str | int, ...]

# The terms that this module knows by itself; all others are the vocabulary's.
_ROLE = "Role"
_NAME = "name"
# Data whose role in the system is not known.
_ANY_DATA = "Data"

_SUFFIXES = {".yaml", ".yml", ".json"}
_KEYS = ("element", "@type")
_SIGNS = tuple(key.encode() for key in _KEYS)
_HEAD_KEYS = {*_KEYS, _NAME, "@id", "stated_by", "observed", "prose", "complete"}
_PART_KEYS = {"@id", "@type", _NAME, "complete"}
_SILENT_KEYS = {"@context", "$schema", "$comment"}

_KEY = r"""["']?(?:element|@type)["']?[ \t]*:[ \t]*\[?[ \t]*["']?(?P<kind>[\w:/.# -]+)"""
_TOP_LEVEL = re.compile(rf"^(?:-[ \t]+)?{_KEY}", re.MULTILINE)
_IN_A_LIST = re.compile(rf"^[ \t]+{_KEY}", re.MULTILINE)
_IN_BRACES = re.compile(rf"[{{,]\s*{_KEY}")
_PLACES = {"{": [_IN_BRACES], "[": [_IN_BRACES], "-": [_TOP_LEVEL, _IN_A_LIST, _IN_BRACES]}
_FIRST_SIGN = re.compile(r"^(?!\s*(?:#|$|---|%))\s*(\S)", re.MULTILINE)

_ADVICE = "Correct it, or begin it with `x-` to keep it as it is"
_NONE = {"none", "not applicable", "n/a"}
# How pip writes a package with its versions in one word.
_PACKAGE = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^]]*\])?\s*([<>=!~].*)?")


def claims(source: Source) -> bool:
    """Whether it says at its top level, or by its name if it is no text, what it describes."""
    if source.suffix not in _SUFFIXES:
        return False
    if not source.is_text:
        return _plain(source.path.stem) in map(_plain, source.vocabulary.elements)
    if not any(key in source.plain for key in _SIGNS):
        return False
    text = source.plain.decode(errors="ignore").lstrip("\ufeff")
    first = _FIRST_SIGN.search(text)
    patterns = _PLACES.get(first[1] if first else "", [_TOP_LEVEL])
    written = (match["kind"] for pattern in patterns for match in pattern.finditer(text))
    return any(_kind(kind, source.vocabulary) for kind in written)


def read(source: Source) -> Reading:
    """All that the descriptors state; raises DescriptorInvalid where the file cannot be parsed."""
    text, notes, classes = source.text(), Notes(), Classes(source.vocabulary)
    is_json = source.suffix == ".json"
    for tree in (read_json(text),) if is_json else read_yaml_all(text):
        for where, line in tree.duplicates:
            key = where.rpartition("/")[2]
            notes.problem(f"`{key}` stands twice, and only the first is read. Remove one.", line)
        for where, tag, line in tree.tags:
            notes.pass_over(f"The tag {tag} has no meaning here", line, where)
        for steps, found in _descriptors(tree, notes):
            _Descriptor(tree, source, notes, classes).read(steps, found)
    return notes.reading(source.path)


def _descriptors(tree: Tree, notes: Notes) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Each descriptor of a document with its place."""
    value: Any = tree.value
    steps: Steps = ()
    if isinstance(value, dict) and isinstance(value.get("@graph"), list):
        value, steps = value["@graph"], ("@graph",)
    for here, found in _each(steps, value):
        if isinstance(found, dict):
            yield here, found
        elif found is not None:
            message = f"{quoted(found)} is no descriptor. Begin one with `element: TrainedModel`."
            notes.problem(message, tree.line(pointer(*here)))


class _Descriptor:
    """A descriptor on its way into the notes; numbers of linked data are in their own units."""

    def __init__(self, tree: Tree, source: Source, notes: Notes, classes: Classes) -> None:
        self.tree = tree
        self.source = source
        self.notes = notes
        self.classes = classes
        self.vocabulary = classes.vocabulary
        self.linked = isinstance(tree.value, dict) and "@context" in tree.value

    def read(self, steps: Steps, found: dict[str, Any]) -> None:
        """State all that the mapping says, unless it does not say what it describes."""
        kind = self._element(steps, found)
        if kind is None:
            return
        node = self._node(self.vocabulary.base(kind), steps, found)
        if kind != node.kind:
            self.notes.narrow(node, kind)
            self.notes.declare(node)
        self._role((*steps, "stated_by"), found.get("stated_by"))
        observed = self._is_so((*steps, "observed"), found.get("observed"))
        prose = self._is_so((*steps, "prose"), found.get("prose"))
        subject = self.notes.about(node, observed=observed, prose=prose)
        self._walk(subject, kind, steps, {k: v for k, v in found.items() if k not in _HEAD_KEYS})
        self._complete(subject, kind, steps, found.get("complete"))
        if self.notes.links_from(node):
            # An element that only has links still takes part in them.
            self.notes.declare(node)

    # -- the head of a descriptor ------------------------------------------------------------------

    def _element(self, steps: Steps, found: dict[str, Any]) -> str | None:
        key = next((key for key in _KEYS if key in found), None)
        if key is None:
            self._wrong(steps, "What is described is not said. Write `element: TrainedModel`")
            return None
        value = found[key][0] if isinstance(found[key], list) and found[key] else found[key]
        kind = _kind(str(value), self.vocabulary)
        names = [element.name for element in self.vocabulary.concrete()]
        if kind in {*names, _ANY_DATA} and kind == _meant(str(value), self.vocabulary):
            return kind
        alike = _alike(str(value), self.vocabulary)
        meant = [name for name in names if kind and kind in self.vocabulary.ancestors(name)]
        meant = alike if len(alike) > 1 else meant
        known = either([self.vocabulary.key(name) for name in meant or names])
        advice = f"Did you mean {known}?" if meant else f"Use {known}"
        self._wrong((*steps, key), f"{quoted(value)} is no element. {advice}")
        return None

    def _node(self, kind: str, steps: Steps, found: dict[str, Any]) -> Node:
        if isinstance(written := found.get(_NAME), dict | list):
            self._wrong((*steps, _NAME), f"`name` is {quoted(written)}. Write one text")
        name = self._text((*steps, _NAME), written)
        if isinstance(found.get("@id"), str):
            node = referred(found["@id"], kind, self.vocabulary)
            name = name or node.name
            if node.iri and not is_iri(node.iri):
                self._wrong((*steps, "@id"), f"{quoted(node.iri)} is no IRI. Correct it")
                return Node(kind, name, named=bool(name))
            return Node(kind, name, named=bool(name), iri=node.iri)
        return Node(kind, name, named=bool(name))

    def _role(self, steps: Steps, value: object) -> None:
        if _empty(value):
            return
        role = self.vocabulary.value(_ROLE, str(value))
        if role is None:
            known = either(list(self.vocabulary.lists[_ROLE]))
            self._wrong(steps, f"{quoted(value)} is no role. Use {known}")
        elif self.notes.stated_by not in {None, role.name}:
            others = f"`{self.notes.stated_by}` and `{role.name}` both state this file"
            self._wrong(steps, f"{others}. Give each a file of their own")
        else:
            self.notes.stated_by = role.name

    def _is_so(self, steps: Steps, value: object) -> bool:
        if value is not None and not isinstance(value, bool):
            self._wrong(steps, f"`{steps[-1]}` is {quoted(value)}. Write true or false")
        return value is True

    def _complete(self, subject: Subject, kind: str, steps: Steps, value: object) -> None:
        attributes = self.classes.of(kind).attributes
        for here, key in _each((*steps, "complete"), value):
            if isinstance(key, str) and key in attributes:
                self.notes.complete(subject.node, attributes[key].name)
            elif not _empty(key):
                self._wrong(here, self.classes.unknown(str(key), kind, _ADVICE))

    # -- attributes and links ----------------------------------------------------------------------

    def _walk(self, subject: Subject, kind: str, steps: Steps, found: Mapping[str, Any]) -> None:
        said = self.classes.of(kind)
        for key, value in found.items():
            here = (*steps, key)
            if key in _SILENT_KEYS:
                continue
            if key.startswith("x-"):
                self._pass_over(here, f"`{key}` is left to whoever wrote it")
            elif _empty(value):
                self._pass_over(here, f"`{key}` has no value")
            elif key in said.attributes:
                self._attribute(subject, said.attributes[key], here, value)
            elif key in said.links:
                self._link(subject, said.links[key], here, value)
            else:
                self._wrong(here, self.classes.unknown(key, kind, _ADVICE))

    def _none(self, attribute: Attribute, value: object) -> bool:
        """Whether the attribute is said to have no value; a list may have a member that says so."""
        if not isinstance(value, str):
            return value == []
        text = value.strip().lower()
        members = self.vocabulary.lists.get(attribute.range.name, {}).values()
        return text in _NONE and not any(text in member.names for member in members)

    def _attribute(self, owner: Subject, attribute: Attribute, steps: Steps, value: object) -> None:
        if self._none(attribute, value):
            # Said to have no value, which is more than saying nothing.
            self.notes.complete(owner.node, attribute.name)
        elif attribute.single and isinstance(value, list) and len(value) > 1:
            self._wrong(steps, f"`{attribute.key}` has {len(value)} values. Write one")
        elif attribute.range.kind == "part":
            for here, name, item in self._items(attribute, steps, value):
                self._part(owner, attribute, here, name, item)
        else:
            for here, item in _each(steps, value):
                self._literal(owner, attribute, here, item)

    def _literal(self, owner: Subject, attribute: Attribute, steps: Steps, value: object) -> None:
        if _empty(value):
            self._pass_over(steps, f"`{attribute.key}` has an item without a value")
        elif not isinstance(value, str | int | float | date):
            advice = f"Write one value, {like(attribute)}"
            self._wrong(steps, f"{attribute.label} is {quoted(value)}. {advice}")
        else:
            self._state(owner, attribute, steps, value, self._text(steps, value))

    def _state(
        self, owner: Subject, attribute: Attribute, steps: Steps, value: Literal, text: str
    ) -> None:
        where = pointer(*steps)
        try:
            stated = value_of(attribute, value, text, self.vocabulary, exact=self.linked)
        except KgError as error:
            self._wrong(steps, str(error))
        else:
            line = self.tree.line(where)
            owner.state(attribute.name, stated, line=line, pointer=where, given=text)

    def _link(self, subject: Subject, link: Link, steps: Steps, value: object) -> None:
        for here, item in _each(steps, value):
            text = self._text(here, item.get("@id") if isinstance(item, dict) else item)
            if not text:
                advice = "Write the name of the element at the other end"
                self._wrong(here, f"`{link.key}` is {quoted(item)}. {advice}")
            elif text.lower() in _NONE:
                self._pass_over(here, f"`{link.key}` is said not to apply")
            else:
                target = referred(text, self.vocabulary.base(link.range), self.vocabulary)
                line = self.tree.line(pointer(*here))
                because = f"{self.source.path} says so"
                self.notes.link(link.name, subject.node, target, because, line)

    # -- parts -------------------------------------------------------------------------------------

    def _items(
        self, attribute: Attribute, steps: Steps, value: object
    ) -> Iterator[tuple[Steps, str, Any]]:
        """Each part with its place, and the name that stands before it as its key."""
        named = self.classes.of(attribute.range.name).named
        if named and isinstance(value, dict) and isinstance(value.get(_NAME), dict | None):
            for name, item in value.items():
                yield (*steps, name), name, item
        else:
            for here, item in _each(steps, value):
                yield here, "", item

    def _part(
        self, owner: Subject, attribute: Attribute, steps: Steps, name: str, value: object
    ) -> None:
        kind, found = attribute.range.name, value if isinstance(value, dict) else {}
        if value is None and not name:
            self._pass_over(steps, f"`{attribute.key}` has an item without a value")
            return
        if name and not isinstance(value, dict | None):
            self._wrong(steps, f"`{name}` is {quoted(value)}. Write {like(attribute)}")
            return
        if self.classes.of(kind).named:
            name = name or self._text((*steps, _NAME), found.get(_NAME))
            part = self._named(owner, attribute, steps, name or self._text(steps, value))
        else:
            part = self._own(owner, attribute, steps, value)
        if part is None:
            lacks = "is a mapping without a name" if found else f"is {quoted(value)}"
            self._wrong(steps, f"{attribute.label} {lacks}. Write {like(attribute)}")
            return
        for key in sorted({"@id", "@type"} & {*found}):
            self._pass_over((*steps, key), "Parts are known by their name and their element")
        self._walk(part, kind, steps, {k: v for k, v in found.items() if k not in _PART_KEYS})
        self._complete(part, kind, steps, found.get("complete"))

    def _named(
        self, owner: Subject, attribute: Attribute, steps: Steps, name: str
    ) -> Subject | None:
        versioned = self.classes.of(attribute.range.name).versions
        written = _PACKAGE.fullmatch(name) if versioned else None
        name, versions = written.groups() if written else (name, None)
        if not name:
            return None
        where, key = pointer(*steps), canonical(name) if versioned else name
        line = self.tree.line(where)
        part = owner.part(attribute.name, name, key=key, line=line, pointer=where)
        if versioned and versions:
            self._state(part, versioned, steps, versions, versions)
        return part

    def _own(
        self, owner: Subject, attribute: Attribute, steps: Steps, value: object
    ) -> Subject | None:
        if not isinstance(value, dict):
            return None
        where, last = pointer(*steps), steps[-1]
        name = str(last + 1) if isinstance(last, int) else "1"
        return owner.own(attribute.name, name, line=self.tree.line(where), pointer=where)

    # -- words -------------------------------------------------------------------------------------

    def _text(self, steps: Steps, value: object) -> str:
        """The scalar as it was written; empty where there is none."""
        if value is None or isinstance(value, dict | list):
            return ""
        return (self.tree.text(pointer(*steps)) or str(value)).strip()

    def _wrong(self, steps: Steps, message: str) -> None:
        text = message if message.endswith((".", "?")) else f"{message}."
        self.notes.problem(text, self.tree.line(pointer(*steps)))

    def _pass_over(self, steps: Steps, because: str) -> None:
        where = pointer(*steps)
        self.notes.pass_over(because, self.tree.line(where), where)


def _kind(text: str, vocabulary: Vocabulary) -> str | None:
    """The element class that is written so, or nearly so."""
    if exact := _meant(text, vocabulary):
        return exact
    known = {_plain(element.key): name for name, element in vocabulary.elements.items()}
    near = get_close_matches(_plain(text), known, n=1, cutoff=0.85)
    return known[near[0]] if near else None


def _meant(text: str, vocabulary: Vocabulary) -> str | None:
    """The element class that is written so; by its prefix, where several have its name."""
    called = re.split(r"\s#", text)[0].strip().lower()
    alike = _alike(text, vocabulary)
    exact = [n for n in alike if called in {n.lower(), vocabulary.curie(n).lower()}]
    keyed = [n for n in alike if ":" not in vocabulary.key(n)]
    found = exact or keyed or alike
    return found[0] if len(found) == 1 else None


def _alike(text: str, vocabulary: Vocabulary) -> list[str]:
    """The element classes of that name, whatever their namespaces."""
    plain = _plain(text)
    return [name for name in vocabulary.elements if _plain(name) == plain]


def _plain(name: str) -> str:
    """A class as it is compared: without prefix, comment, case and marks between words."""
    written = re.split(r"\s#", name)[0].strip()
    return re.sub("[^a-z]", "", re.split("[:/#]", written)[-1].lower())


def _each(steps: Steps, value: object) -> Iterator[tuple[Steps, Any]]:
    """The items of a list, or the one value, each with its place."""
    if isinstance(value, list):
        yield from (((*steps, at), item) for at, item in enumerate(value))
    else:
        yield steps, value


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
