"""What one source states: the records that importers write and the workspace reads.

The unit of knowledge is a statement: element or part, attribute, value, and where it stands. A
reading holds all statements of one source and what the importer passed over, so that nothing is
lost silently.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from kg.errors import DescriptorInvalid
from kg.reading import decode, read_bytes
from kg.vocabulary import Literal, Vocabulary, load

_HIGH = bytes(range(0x80, 0x100))

SIZE_LIMIT = 8 * 2**20
"""The largest file, in bytes, that is read whole."""


@dataclass(frozen=True, slots=True)
class Node:
    """An element of a system, or a part of one, before it has an IRI.

    `name` is what the source calls the element: a model folder's path, a manifest's workload, the
    text after `name:`. It is empty where the source names none. `named` is false where the name is
    only that of a file, as of a Dockerfile: then the statements belong to the only element of that
    kind, if there is only one. `iri` is the element's own where the source gives one that is not
    below the project; its parts keep it. `mentioned` is true where the source only speaks of an
    element that others describe: what it says of one that nobody describes is passed over.

    >>> model = Node("TrainedModel", "models/churn")
    >>> model.part("requiredSoftware", "scikit-learn").parts
    (('requiredSoftware', 'scikit-learn'),)
    """

    kind: str
    name: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    named: bool = True
    iri: str | None = None
    mentioned: bool = False

    def part(self, attribute: str, name: str) -> "Node":
        """The part that `attribute` holds under `name`."""
        parts = (*self.parts, (attribute, name))
        return Node(self.kind, self.name, parts, self.named, self.iri, self.mentioned)

    @property
    def element(self) -> "Node":
        """The element that the node is, or is a part of."""
        # Asked for each statement, and `replace` takes ten times as long.
        if not self.parts:
            return self
        return Node(self.kind, self.name, (), self.named, self.iri, self.mentioned)

    @property
    def holder(self) -> "Node":
        """The part or element that holds the part; an element is held by itself."""
        return replace(self, parts=self.parts[:-1]) if self.parts else self


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands in its source: line from 1, JSON pointer or other locator, the value
    as given.
    """

    line: int | None = None
    pointer: str | None = None
    given: str | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Statement:
    """One value of one attribute (by its local name) of an element or part, and where it stands.

    `prose` is true where the value was found in sentences that people wrote for people. What
    follows from another statement names that one's attribute in `inferred_from`, and stands where
    that one does.
    """

    node: Node
    attribute: str
    value: Literal | Node
    place: Place = NOWHERE
    observed: bool = False
    prose: bool = False
    inferred_from: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """That two elements relate, as a source says it: `object` may be the only element of its
    kind.

    `confidence` is how sure it is: stated, or as the rule says that found it. `inferred_from` names
    the link that it follows from, if it does.
    """

    name: str
    subject: Node
    object: Node
    because: str
    place: Place = NOWHERE
    confidence: str = "stated"
    inferred_from: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """That the first of `paths` that the project has speaks about `node`, whatever its reader took
    it for.
    """

    paths: tuple[str, ...]
    node: Node
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What an importer saw and did not state, and why."""

    because: str
    line: int | None = None
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a place in one, that could not be read as it should."""

    file: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one importer read from one source; `digest` is the source's SHA-256 in hexadecimal,
    where the importer has it from reading all bytes.

    `types` are the narrower classes that the source gives its elements, such as an extension's kind
    of trained model. `inferred` is what follows from `statements`; `current` are both.
    """

    statements: tuple[Statement, ...] = ()
    links: tuple[Link, ...] = ()
    claims: tuple[Claim, ...] = ()
    complete: tuple[tuple[Node, str], ...] = ()
    elements: tuple[Node, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    problems: tuple[Problem, ...] = ()
    stated_by: str | None = None
    digest: str = ""
    types: tuple[tuple[Node, str], ...] = ()
    inferred: tuple[Statement, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is stated of any element."""
        return not (self.statements or self.links or self.elements or self.complete)

    @property
    def current(self) -> tuple[Statement, ...]:
        """What the source states, and what follows from that."""
        return (*self.statements, *self.inferred) if self.inferred else self.statements


@dataclass(frozen=True)
class Source:
    """A file of a project, as importers are given it: where it is, its first bytes, its digest, its
    neighbours.

    `path` is below the project's folder, `head` holds at most 4,096 bytes, `neighbours` are the
    names of the files in the same folder, `digest` is SHA-256 in hexadecimal, and `knowledge` are
    the folders laid over our own ontology.
    """

    path: PurePosixPath
    location: Path
    head: bytes
    digest: str
    neighbours: frozenset[str] = frozenset()
    knowledge: tuple[Path, ...] = ()

    @property
    def vocabulary(self) -> Vocabulary:
        """What can be stated, and could once; only importers of our own formats ask."""
        return load(self.knowledge, retired=True)

    # Each importer may ask for these of each file.
    @cached_property
    def is_text(self) -> bool:
        """Whether the first bytes are those of a text, which those of an empty file are not."""
        try:
            # Where they end, a character may be cut in two.
            return bool(decode(self.head.rstrip(_HIGH)).strip())
        except DescriptorInvalid:
            return False

    @cached_property
    def plain(self) -> bytes:
        """The first bytes without zero bytes: what matters of UTF-16 reads as plain letters."""
        return self.head.replace(b"\0", b"")

    @cached_property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @cached_property
    def suffix(self) -> str:
        """What the name ends in, from its last dot on, in small letters."""
        return self.path.suffix.lower()

    @property
    def folder(self) -> str:
        """The folder's path below the project, `.` for the project's own folder."""
        return str(self.path.parent)

    def data(self, limit: int = SIZE_LIMIT) -> bytes:
        """All bytes; raises DescriptorInvalid where there are more than the limit."""
        return read_bytes(self.location, limit)

    def text(self, limit: int = SIZE_LIMIT) -> str:
        """All text, whatever its encoding; raises DescriptorInvalid where it is none, or too
        long.
        """
        return decode(self.data(limit))


class Notes:
    """Collects what an importer states, so that its code reads as a list of statements.

    >>> notes = Notes()
    >>> model = notes.about(Node("TrainedModel", "model"))
    >>> model.state("requiredMemory", 16_000_000_000, line=12, given="16 GB")
    >>> package = model.part("requiredSoftware", "scikit-learn", line=9)
    >>> package.state("versionRange", "==1.4.2", line=9)
    >>> [s.attribute for s in notes.reading("model.yaml").statements]
    ['requiredMemory', 'requiredSoftware', 'name', 'versionRange']
    """

    def __init__(self) -> None:
        self._statements: list[Statement] = []
        self._links: list[Link] = []
        self._claims: list[Claim] = []
        self._complete: dict[tuple[Node, str], None] = {}
        self._elements: dict[Node, None] = {}
        self._types: dict[tuple[Node, str], None] = {}
        self._passed_over: list[PassedOver] = []
        self._problems: list[tuple[str, int | None]] = []
        self.stated_by: str | None = None

    def about(self, node: Node, *, observed: bool = False, prose: bool = False) -> "Subject":
        """A subject to state things of."""
        return Subject(self, node, observed, prose)

    def add(self, statement: Statement) -> None:
        """Take down one statement."""
        self._statements.append(statement)

    def link(
        self, name: str, subject: Node, object: Node, because: str, line: int | None = None
    ) -> None:
        """Take down that two elements relate, with the reason."""
        self._links.append(Link(name, subject, object, because, Place(line)))

    def claim(self, paths: Iterable[str], node: Node, line: int | None = None) -> None:
        """Take down that the first of the paths below the project that is a file speaks about
        `node`.
        """
        self._claims.append(Claim(tuple(paths), node, Place(line)))

    def links_from(self, element: Node) -> bool:
        """Whether a link was taken down that starts at the element."""
        return any(link.subject == element for link in self._links)

    def declare(self, element: Node) -> None:
        """Take down that there is such an element, whatever is stated about it."""
        self._elements[element] = None

    def narrow(self, element: Node, kind: str) -> None:
        """Take down that the element is of a class below that of its node."""
        self._types[element, kind] = None

    def complete(self, node: Node, attribute: str) -> None:
        """Take down that all values of the attribute are stated."""
        self._complete[(node, attribute)] = None

    def keep_last(self, attribute: str, because: str) -> None:
        """Let the last value of the attribute stand for each part, and pass over those before
        it.
        """
        last = {s.node: s for s in self._statements if s.attribute == attribute}
        kept: list[Statement] = []
        for statement in self._statements:
            if statement.attribute != attribute or statement.value == last[statement.node].value:
                kept.append(statement)
            else:
                given = statement.place.given or statement.value
                self.pass_over(f"{given}: {because}", statement.place.line)
        self._statements = kept

    def pass_over(self, because: str, line: int | None = None, pointer: str | None = None) -> None:
        """Take down what is not stated, and why."""
        self._passed_over.append(PassedOver(because, line, pointer))

    def problem(self, message: str, line: int | None = None) -> None:
        """Take down what is broken in the source."""
        self._problems.append((message, line))

    def reading(self, file: str | PurePosixPath) -> Reading:
        """All that was taken down, as the reading of `file`."""
        return Reading(
            statements=tuple(self._statements),
            links=tuple(self._links),
            claims=tuple(self._claims),
            complete=tuple(self._complete),
            elements=tuple(self._elements),
            passed_over=tuple(self._passed_over),
            problems=tuple(Problem(str(file), message, line) for message, line in self._problems),
            stated_by=self.stated_by,
            types=tuple(self._types),
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """An element or part that statements are being made about."""

    notes: Notes
    node: Node
    observed: bool = False
    prose: bool = False

    def state(
        self,
        attribute: str,
        value: Literal | Node,
        *,
        line: int | None = None,
        pointer: str | None = None,
        given: str | None = None,
    ) -> None:
        """Take down one value of one attribute, given by its local name, in the attribute's
        unit.
        """
        place = Place(line, pointer, given)
        self._add(self.node, attribute, value, place)

    def part(
        self,
        attribute: str,
        name: str,
        *,
        key: str | None = None,
        line: int | None = None,
        pointer: str | None = None,
    ) -> "Subject":
        """The named part that the attribute holds; `key` is its normalised name where `name` is
        written freely.
        """
        node = self.node.part(attribute, name if key is None else key)
        place = Place(line, pointer, None)
        self._add(self.node, attribute, node, place)
        self._add(node, "name", name, place)
        return replace(self, node=node)

    def own(
        self, attribute: str, name: str, *, line: int | None = None, pointer: str | None = None
    ) -> "Subject":
        """A part without a name of its own (a distribution, a step), told apart by `name` within
        its source.
        """
        node = self.node.part(attribute, name)
        self._add(self.node, attribute, node, Place(line, pointer))
        return replace(self, node=node)

    def _add(self, node: Node, attribute: str, value: Literal | Node, place: Place) -> None:
        self.notes.add(Statement(node, attribute, value, place, self.observed, self.prose))
