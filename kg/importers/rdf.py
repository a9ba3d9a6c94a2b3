"""Descriptors that are RDF already: Turtle, TriG, N-Triples, N-Quads and JSON-LD.

Takes what is said of our elements in our terms, and says how much else it saw. No context is ever
fetched: a file may name ours, which comes with the program. Values are judged as they were written,
before any store could change them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import unquote

from kg.context import context
from kg.errors import DescriptorInvalid, KgError
from kg.identifiers import node_of, referred
from kg.importers._classes import Classes
from kg.importers._lines import Lines
from kg.importers._terms import BASE, last_step, shown, value_of
from kg.names import canonical
from kg.namespaces import iri, local, stem
from kg.parsing import BlankNode, Media, NamedNode, Quad, parse_rdf
from kg.parsing import Literal as Text
from kg.statements import Node, Notes, Place, Reading, Source, Statement
from kg.vocabulary import Attribute, Link

TITLE = "Descriptors in RDF (Turtle, TriG, N-Triples, N-Quads, JSON-LD)"
FILES = "any `.ttl`, `.trig`, `.nt`, `.nq` or `.jsonld` file that uses our terms"
BY_CONTENT = True
STATES: frozenset[str] = frozenset()

Resource: TypeAlias = NamedNode | BlankNode

# The terms that this module knows by itself; all others are the vocabulary's.
_NAME = "name"
_COMPLETE = "complete"
_STATED_BY = "statedBy"
_OBSERVED = "observed"
_ROLE = "Role"
_DESCRIPTOR = "Descriptor"
_ANY_DATA = "Data"

_FORMATS: dict[str, Media] = {
    ".ttl": "turtle",
    ".trig": "trig",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".jsonld": "jsonld",
}
_CONTEXT = "context.jsonld"
_ADVICE = "Correct it, or use a term of your own."
# A part that others share is read once for each of them; no honest file repeats itself so often.
_MOST_REPEATED = 3


def claims(source: Source) -> bool:
    """Whether it is RDF by its name, and speaks of our terms in its first bytes or is no text."""
    if source.suffix not in _FORMATS:
        return False
    head = source.plain
    if iri("mm:").encode() in head or f'{_CONTEXT}"'.encode() in head or not source.is_text:
        return True
    return any(space.encode() in head for space in source.vocabulary.prefixes.values())


def read(source: Source) -> Reading:
    """All that the file says of elements; raises DescriptorInvalid where it cannot be parsed."""
    data = source.data()
    media = _FORMATS[source.suffix]
    pinned = _contexts(source) if media == "jsonld" else {}
    quads = parse_rdf(data, media, base=BASE, pinned=pinned)
    return _Reader(quads, source, Lines(source.text())).read()


def _contexts(source: Source) -> dict[str, Mapping[str, object]]:
    """Our context under the addresses by which a file may name it."""
    names = (iri(f"mm:{_CONTEXT}"), f"{BASE}{_CONTEXT}", f"{BASE}ontology/derived/{_CONTEXT}")
    document = {"@context": context(source.vocabulary)}
    return dict.fromkeys(names, document)


class _Reader:
    """One file's triples on their way into the notes."""

    def __init__(self, quads: list[Quad], source: Source, lines: Lines) -> None:
        self._vocabulary = source.vocabulary
        self._classes = Classes(self._vocabulary)
        self._source = source
        self._lines = lines
        self._notes = Notes()
        self._about: dict[Resource, list[Quad]] = defaultdict(list)
        for quad in quads:
            if isinstance(quad.subject, NamedNode | BlankNode):
                self._about[quad.subject].append(quad)
        self._left = _MOST_REPEATED * len(quads)
        self._read: dict[tuple[Node, Resource], None] = {}
        self._orders: dict[tuple[Node, str], dict[Resource, int]] = defaultdict(dict)
        self._unread: dict[str, list[Quad]] = defaultdict(list)
        self._untaken: dict[str, list[Quad]] = defaultdict(list)
        self._decimals: list[str] = []
        self._sources: list[Resource] = []
        concrete = {element.name for element in self._vocabulary.concrete()}
        self._vague = {*self._vocabulary.elements} - concrete - {_ANY_DATA}
        self._observed = {str(s) for s in self._about if self._says(s, _OBSERVED) == "true"}
        self._elements = dict(self._found())

    def read(self) -> Reading:
        """State what is said of elements, then count what is said of anything else."""
        for subject, node in self._elements.items():
            kind = self._kind(subject) or node.kind
            if self._vocabulary.base(kind) != kind:
                self._notes.narrow(node, kind)
                self._notes.declare(node)
            self._state(node, kind, subject)
        read = {subject for _, subject in self._read}
        for subject in [subject for subject in self._about if subject not in read]:
            self._stray(subject)
        self._one_project()
        self._provenance()
        self._tell()
        found = self._notes.reading(self._source.path)
        if not found.is_empty or found.problems:
            return found
        self._tell_empty(found)
        return self._notes.reading(self._source.path)

    # -- elements ----------------------------------------------------------------------------------

    def _found(self) -> Iterator[tuple[Resource, Node]]:
        base = self._vocabulary.base
        kinds = {s: base(kind) for s in self._about if (kind := self._kind(s))}
        nameless = Counter(kind for s, kind in kinds.items() if not self._says(s, _NAME))
        numbers: Counter[str] = Counter()
        for subject, kind in kinds.items():
            name = self._says(subject, _NAME)
            if kind in self._vague:
                label = self._vocabulary.elements[kind].label
                self._notes.problem(f"{shown(subject)} is only said to be {label}. Say which kind.")
            if isinstance(subject, NamedNode):
                node = referred(subject.value, kind, self._vocabulary, BASE)
                name = name if name and (node.iri or not node.name) else node.name
                yield subject, replace(node, kind=kind, name=name, named=bool(name))
                continue
            numbers[kind] += not name
            if not name and nameless[kind] > 1:
                name = f"{self._source.path.stem}-{numbers[kind]}"
            yield subject, Node(kind, name, named=bool(name))

    def _kind(self, subject: Resource) -> str | None:
        """The class of an element, the narrowest of several; None for anything else."""
        found = [name for name in self._types(subject) if name in self._vocabulary.elements]
        if not found and isinstance(subject, NamedNode):
            node = node_of(subject.value, BASE, self._vocabulary)
            return node.kind if node and not node.parts else None
        return max(found, key=lambda name: len(self._vocabulary.ancestors(name)), default=None)

    def _types(self, subject: Resource) -> list[str]:
        kind = iri("rdf:type")
        found = [quad.object for quad in self._about[subject] if quad.predicate.value == kind]
        return [local(value.value) for value in found if isinstance(value, NamedNode)]

    def _says(self, subject: Resource, name: str) -> str:
        """The first text that one of our terms has for the subject."""
        quads = self._about.get(subject, ())
        found = (q.object for q in quads if q.predicate.value == iri(name))
        return next((value.value for value in found if isinstance(value, Text)), "")

    def _one_project(self) -> None:
        root = f"{BASE}projects/"
        below = [s.value.removeprefix(root) for s in self._elements if s.value.startswith(root)]
        projects = sorted({path.split("/")[0] for path in below})
        if len(projects) > 1:
            names = " and ".join(map(unquote, projects))
            self._notes.problem(f"The file speaks of {names} as of one project. Split it.")

    # -- statements --------------------------------------------------------------------------------

    def _state(self, node: Node, kind: str, subject: Resource) -> None:
        if (node, subject) in self._read:
            return
        self._read[node, subject] = None
        said = self._classes.of(kind)
        for quad in self._about.get(subject, ()):
            self._left -= 1
            if self._left < 0:
                raise DescriptorInvalid(
                    "The same parts are used over and over", "Give every element parts of its own"
                )
            name = local(quad.predicate.value)
            if name in said.attributes:
                self._attribute(node, said.attributes[name], quad)
            elif name in said.links and not node.parts:
                self._link(node, said.links[name], quad)
            else:
                self._other(node, kind, quad)

    def _attribute(self, node: Node, attribute: Attribute, quad: Quad) -> None:
        if attribute.range.kind == "part":
            self._part(node, attribute, quad)
            return
        try:
            value = value_of(attribute, quad.object, self._vocabulary)
        except KgError as error:
            self._wrong(str(error), node, quad, attribute.key)
        else:
            place = self._place(node, quad, attribute.key)
            observed = self._is_observed(quad)
            self._notes.add(Statement(node, attribute.name, value, place, observed))
            if isinstance(quad.object, Text) and quad.object.datatype.value == iri("xsd:decimal"):
                self._decimals.append(quad.object.value)

    def _part(self, node: Node, attribute: Attribute, quad: Quad) -> None:
        held = quad.object
        if not isinstance(held, NamedNode | BlankNode):
            message = f"{attribute.label} is a value. Write a node that holds what is stated."
            self._wrong(message, node, quad, attribute.key)
            return
        key = self._part_key(node, attribute, held)
        if key is None:
            message = f"{attribute.label} has no name. Give it mm:name."
            self._wrong(message, node, quad, attribute.key)
            return
        part, kind = node.part(attribute.name, key), attribute.range.name
        place, observed = self._place(node, quad, attribute.key, key), self._is_observed(quad)
        self._notes.add(Statement(node, attribute.name, part, place, observed))
        if self._classes.of(kind).named and not self._says(held, _NAME):
            self._notes.add(Statement(part, _NAME, key, place, observed))
        self._state(part, kind, held)

    def _part_key(self, node: Node, attribute: Attribute, held: Resource) -> str | None:
        """The name by which the part is known within its element."""
        kind, name, last = attribute.range.name, self._says(held, _NAME), ""
        if isinstance(held, NamedNode):
            ours = node_of(held.value, BASE, self._vocabulary)
            if ours and ours.parts:
                return ours.parts[-1][1]
            last = last_step(held.value)
        if not self._classes.of(kind).named:
            order = self._orders[node, attribute.name]
            return last or str(order.setdefault(held, len(order) + 1))
        versioned = self._classes.of(kind).versions
        return (canonical(name) if versioned else name) or last or None

    def _link(self, node: Node, link: Link, quad: Quad) -> None:
        held = quad.object
        if not isinstance(held, NamedNode | BlankNode):
            self._wrong(f"{link.label} leads to an element, not to a value.", node, quad, link.key)
            return
        wanted = self._vocabulary.base(link.range)
        target = self._elements.get(held)
        if target is None and isinstance(held, NamedNode):
            target = referred(held.value, wanted, self._vocabulary, BASE)
        target = target or Node(wanted, named=False)
        if wanted not in self._vocabulary.ancestors(target.kind):
            label = self._vocabulary.elements[target.kind].label
            self._wrong(f"{link.label} does not lead to a {label}.", node, quad, link.key)
            return
        line = self._place(node, quad, link.key, target.name).line
        self._notes.link(link.name, node, target, f"{self._source.path} says so", line)
        # An element that only has links still takes part in them.
        self._notes.declare(node)

    def _other(self, node: Node, kind: str, quad: Quad) -> None:
        """Take down what is no attribute and no link of the class."""
        name = local(quad.predicate.value)
        if name == _COMPLETE:
            self._complete(node, kind, quad)
        elif name == _STATED_BY:
            self._role(quad)
        elif name in {_NAME, _OBSERVED} or quad.predicate.value == iri("rdf:type"):
            return
        elif name in self._vocabulary.attributes or not self._declared(quad.predicate):
            self._wrong(self._classes.unknown(name, kind, _ADVICE), node, quad, name)
        else:
            self._unread[shown(quad.predicate)].append(quad)

    def _declared(self, predicate: NamedNode) -> bool:
        """Whether the term is another's, or one of ours that says something else."""
        name = local(predicate.value)
        return name == predicate.value or bool(self._vocabulary.triples.value(name, "rdf:type"))

    def _complete(self, node: Node, kind: str, quad: Quad) -> None:
        known = self._classes.of(kind).attributes
        name = local(quad.object.value) if isinstance(quad.object, NamedNode | Text) else ""
        if name in known:
            self._notes.complete(node, known[name].name)
        else:
            message = f"{shown(quad.object)} is no attribute whose values could be complete."
            self._wrong(message, node, quad, _COMPLETE)

    # -- where it comes from -----------------------------------------------------------------------

    def _stray(self, subject: Resource) -> None:
        """Take down what is said of a part that nothing holds, of a source, or of anything else."""
        if isinstance(subject, NamedNode):
            node = node_of(subject.value, BASE, self._vocabulary)
            if node and node.parts:
                kind = self._vocabulary.attribute(node.parts[-1][0]).range.name
                self._state(node, kind, subject)
                return
        if _DESCRIPTOR in self._types(subject):
            self._sources.append(subject)
            return
        for quad in self._about[subject]:
            if quad.predicate.value == iri("rdf:type"):
                if isinstance(quad.object, NamedNode) and not self._declared(quad.object):
                    self._untaken[shown(quad.object)].append(quad)
            else:
                self._unread[shown(quad.predicate)].append(quad)

    def _provenance(self) -> None:
        """Take over who stated the file's graphs, where that was one role."""
        said = [quad for source in self._sources for quad in self._about[source]]
        by = {q.object: q for q in said if q.predicate.value == iri(_STATED_BY)}
        if len(by) == 1:
            self._role(next(iter(by.values())))
        if self._sources:
            count = len(self._sources)
            self._notes.pass_over(f"Where statements once came from is not kept ({count} sources)")

    def _role(self, quad: Quad) -> None:
        written = local(quad.object.value) if isinstance(quad.object, NamedNode | Text) else ""
        role = self._vocabulary.value(_ROLE, written)
        if role is None:
            known = ", ".join(self._vocabulary.lists[_ROLE])
            self._notes.problem(f"{shown(quad.object)} is no role. Use one of {known}.")
        elif self._notes.stated_by not in {None, role.name}:
            others = f"`{self._notes.stated_by}` and `{role.name}` both state this file"
            self._notes.problem(f"{others}. Give each a file of their own.")
        else:
            self._notes.stated_by = role.name

    def _is_observed(self, quad: Quad) -> bool:
        graph, subject = str(quad.graph_name), str(quad.subject)
        return graph.endswith(f"#{_OBSERVED}>") or not self._observed.isdisjoint({graph, subject})

    # -- words -------------------------------------------------------------------------------------

    def _place(self, node: Node, quad: Quad, key: str, value: str | None = None) -> Place:
        given = quad.object.value if isinstance(quad.object, Text) else None
        name = stem(quad.predicate.value)
        wanted = given if value is None else value
        if wanted is None and isinstance(quad.object, NamedNode):
            wanted = last_step(quad.object.value)
        about = node.parts[-1][1] if node.parts else node.name
        return Place(self._lines.of((name, key), wanted or "", about), None, given)

    def _wrong(self, message: str, node: Node, quad: Quad, key: str) -> None:
        self._notes.problem(message, self._place(node, quad, key).line)

    def _tell(self) -> None:
        """Say how much was seen and not stated."""
        for kind, quads in self._untaken.items():
            message = f"{kind} is no element, so nothing of {shown(quads[0].subject)} is taken."
            self._notes.problem(f"{message} Use another, such as mm:TrainedModel.")
        for predicate, quads in self._unread.items():
            times, first = len(quads), shown(quads[0].subject)
            self._notes.pass_over(
                f"{predicate} says nothing here that is known of elements"
                f" ({times} times, first of {first})"
            )
        if self._decimals:
            first, times = self._decimals[0], len(self._decimals)
            self._notes.pass_over(f"{first} is a decimal, kept as a double ({times} in all)")

    def _tell_empty(self, found: Reading) -> None:
        """Say why nothing at all was read."""
        first = next(iter(self._elements), None)
        if first is not None:
            self._notes.pass_over(f"Nothing is stated of {shown(first)}")
        elif not found.passed_over:
            self._notes.pass_over("Nothing in it is known here")
