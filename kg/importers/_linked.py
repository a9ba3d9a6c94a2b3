"""Reads JSON-LD as a graph whose nodes know where they stand in the file.

Every node is given a name that leads back to its place; whatever prefix or context a file gives a
term, it is known by its last word. Contexts are never fetched: those that a file names by address
are replaced by the one of its format, which also defines what a file forgets to.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from urllib.parse import quote, unquote

from kg.errors import DescriptorInvalid
from kg.importers._mappings import mappings
from kg.namespaces import iri
from kg.parsing import Literal, NamedNode, parse_rdf
from kg.reading import Tree, pointer
from kg.statements import NOWHERE, Notes, Place

_NODE, _PLACE = "urn:node:", "urn:place:"
_BASE = "file:///"
_TYPE = iri("rdf:type")
_LAST = re.compile(r"[^/#:]+\Z")
_VALUES = frozenset({"@value", "@list", "@set", "@context"})


def last_word(name: str) -> str:
    """The last word of an IRI, or of one that was cut short by a prefix.

    >>> last_word("http://mlcommons.org/croissant/recordSet"), last_word("sc:Text")
    ('recordSet', 'Text')
    """
    found = _LAST.search(name)
    return found[0] if found else name


@cache
def _pinned(name: str) -> Mapping[str, object]:
    text = files("kg.importers").joinpath("contexts", f"{name}.jsonld").read_text("utf-8")
    context: Mapping[str, object] = json.loads(text)
    return context


class Linked:
    """A file of JSON-LD as nodes with values, both known by name.

    `format` names the context that is pinned for it, and `opaque` the keys of what is no RDF and
    not looked into. Raises DescriptorInvalid where the file cannot be read at all.
    """

    def __init__(self, tree: Tree, format: str, notes: Notes, opaque: frozenset[str]) -> None:  # noqa: A002 (the word of the trade)
        self._tree = tree
        self._notes = notes
        self._opaque = opaque
        self._places: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        context = _pinned(format)
        self._tell_prefixes()
        document = self._named(tree.value, "")
        self._pin_contexts(document)
        try:
            quads = parse_rdf(_bytes(document), "jsonld", _BASE, context=context)
        except DescriptorInvalid as fault:
            notes.problem(f"Its context cannot be used ({fault.what}); that of the format is")
            for node in mappings(document, "@context"):
                node.pop("@context", None)
            quads = parse_rdf(_bytes(document), "jsonld", _BASE, context=context)
        for quad in quads:
            name = "@type" if quad.predicate.value == _TYPE else last_word(quad.predicate.value)
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self._about[quad.subject.value][name].append(quad.object.value)

    def of_type(self, name: str) -> list[str]:
        """The nodes of a type, in the order of the file."""
        found = [n for n, said in self._about.items() if name in map(last_word, said["@type"])]
        return sorted(found, key=self._order)

    def values(self, node: str, name: str) -> list[str]:
        """What the node has under the name: texts, and names of nodes."""
        said = self._about.get(node)
        return said[name] if said and name in said else []

    def value(self, node: str, name: str) -> str:
        """The first value that the node has under the name; nothing where it has none."""
        return next(iter(self.values(node, name)), "")

    def nodes(self, node: str, name: str) -> list[str]:
        """The nodes that the node has under the name, in the order of the file."""
        found = [value for value in self.values(node, name) if value in self._about]
        return sorted(found, key=self._order)

    def names(self, node: str) -> list[str]:
        """The names under which something is said of the node."""
        return list(self._about.get(node, ()))

    def called(self, node: str) -> str:
        """What the file calls the node; nothing where it has no name of its own."""
        return unquote(node.removeprefix(_NODE)) if node.startswith(_NODE) else ""

    def place(self, node: str, name: str = "") -> Place:
        """Where the node stands, or what it has under the name."""
        where = self._places.get(node)
        if where is None:
            return NOWHERE
        inside = self._at(where)
        for key in inside if name or "@id" in inside else ():
            if last_word(key) == (name or "@id"):
                where = f"{where}{pointer(key)}"
                break
        return Place(self._tree.line(where), where)

    def _order(self, node: str) -> tuple[int, str]:
        place = self.place(node)
        return place.line or 0, place.pointer or ""

    def _at(self, where: str) -> Mapping[str, object]:
        value = self._tree.value
        for step in where.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            value = value[int(key)] if isinstance(value, list) else value[key]  # type: ignore[index]
        return value if isinstance(value, dict) else {}

    def _named(self, value: object, where: str) -> object:
        """The value with a name for each node, and without what is not looked into."""
        if isinstance(value, list):
            return [self._named(one, f"{where}{pointer(n)}") for n, one in enumerate(value)]
        if not isinstance(value, dict):
            return value
        found = {
            key: one if key == "@context" else self._named(one, f"{where}{pointer(key)}")
            for key, one in value.items()
            if last_word(key) not in self._opaque
        }
        given = value.get("@id")
        if isinstance(given, str):
            found["@id"] = f"{_NODE}{quote(given, safe='')}"
        elif not _VALUES & value.keys() - {"@context"}:
            if "@id" in value:
                self._notes.problem("The name of a node is no text.", self._tree.line(where))
            found["@id"] = f"{_PLACE}{quote(where, safe='')}"
        name = found.get("@id")
        # Elsewhere a node is only referred to: where most is said of it, it stands.
        if isinstance(name, str) and len(value) > self._sizes.get(name, 0):
            self._places[name], self._sizes[name] = where, len(value)
        return found

    def _tell_prefixes(self) -> None:
        """Tell which prefixes of types the file's own contexts do not define."""
        defined = {
            key
            for node in mappings(self._tree.value, "@context")
            for context in _listed(node.get("@context"))
            for key in (context if isinstance(context, dict) else ())
        }
        if not defined:
            return
        missing: dict[str, str] = {}
        for where, key, value in _texts(self._tree.value):
            prefix, mark, rest = value.partition(":")
            typed = last_word(key) in {"@type", "dataType"}
            if typed and mark and not rest.startswith("//") and prefix not in defined:
                missing.setdefault(prefix, where)
        for prefix, where in missing.items():
            message = f"The context does not define the prefix `{prefix[:80]}`."
            self._notes.problem(message, self._tree.line(where))

    def _pin_contexts(self, document: object) -> None:
        """Leave out the addresses of contexts; the format's own stands for them all."""
        for node in mappings(document, "@context"):
            listed = _listed(node.get("@context"))
            for one in listed:
                if isinstance(one, str):
                    self._notes.pass_over(f"the context at {one[:200]}: that of the format is used")
            if any(isinstance(one, str) for one in listed):
                node["@context"] = [one for one in listed if not isinstance(one, str)]


def _bytes(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> Iterator[tuple[str, str, str]]:
    """Every text below a key, or in a list below it, with its place and the key."""
    waiting = [("", "", value)]
    while waiting:
        where, key, part = waiting.pop()
        if isinstance(part, dict):
            inner = [(f"{where}{pointer(k)}", k, v) for k, v in part.items() if k != "@context"]
            waiting += reversed(inner)
        elif isinstance(part, list):
            waiting += [(f"{where}{pointer(n)}", key, v) for n, v in reversed([*enumerate(part)])]
        elif isinstance(part, str):
            yield where, key, part
