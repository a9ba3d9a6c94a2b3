"""A system while things are stated of it, source by source."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import PurePosixPath
from random import Random

from bench._topics import Topic
from kg.projects.identity import Entry, moved
from kg.statements import Node, Notes, Place, Reading, Statement
from kg.vocabulary import Literal
from tests.judging import VOCABULARY


@dataclass(frozen=True, slots=True)
class Role:
    """What an element is called in every system, which file describes it, and who wrote that."""

    name: str
    file: str
    stated_by: str


ROLES = {
    "TaskAndPurpose": Role("task", "docs/purpose.yaml", "business-owner"),
    "Data": Role("table", "data/tables.yaml", "data-scientist"),
    "RawData": Role("raw", "data/raw.yaml", "data-provider"),
    "TrainingData": Role("training", "data/training.yaml", "data-scientist"),
    "OperationalData": Role("live", "data/live.yaml", "operations"),
    "DataPipeline": Role("pipeline", "pipeline/steps.yaml", "data-scientist"),
    "TrainedModel": Role("model", "model/card.yaml", "data-scientist"),
    "DevelopmentEnvironment": Role("dev", "service/integration.yaml", "software-engineer"),
    "OperationalEnvironment": Role("host", "deploy/service.yaml", "operations"),
}

_TOGETHER = "descriptors/system.yaml"
_MEASURED = "measured/profile.yaml"
_BESIDE = "notes/handover.yaml"
_STATED_BY = {role.file: role.stated_by for role in ROLES.values()}
# How names of attributes end whose values tell one thing from others in all systems.
_IDENTIFYING = ("Identifier", "Dataset", "Hash")


class _Sheet:
    """One source while it is written, line by line."""

    def __init__(self) -> None:
        self.notes = Notes()
        self._lines = count(1)

    def state(self, statement: Statement) -> None:
        """Take down the statement on a line of its own."""
        place = Place(next(self._lines), given=statement.place.given)
        self.notes.add(replace(statement, place=place))

    def link(self, name: str, subject: Node, object: Node, because: str) -> None:
        """Take down the link on a line of its own."""
        self.notes.link(name, subject, object, because, next(self._lines))


class Draft:
    """A system while things are stated of it.

    Where an attribute has but one value, the first that is stated holds. So topics come before what
    is usual; a topic that contradicts one before it is about elements of its own.
    """

    def __init__(self, random: Random, company: int) -> None:
        together = random.sample(sorted(ROLES), random.randint(2, 5))
        self._files = {k: _TOGETHER if k in together else ROLES[k].file for k in ROLES}
        self._company = company
        self._sheets: dict[str, _Sheet] = defaultdict(_Sheet)
        self._elements: set[Node] = set()
        self._single: dict[tuple[Node, str], Literal | Node] = {}
        self._links: set[tuple[str, Node, Node]] = set()

    def element(self, kind: str) -> Node:
        """The element of the kind that every system has."""
        return Node(kind, ROLES[kind].name)

    def state(
        self, node: Node, attribute: str, value: Literal | Node, *, observed: bool = False
    ) -> None:
        """State a value, unless another one holds."""
        statement = self._own(Statement(node, attribute, value, observed=observed))
        if not self._contradicts(statement):
            self._add(_MEASURED if observed else self._files[node.kind], statement)

    def part(self, node: Node, attribute: str, name: str, *, observed: bool = False) -> Node:
        """The named part that the attribute holds, which is stated."""
        part = node.part(attribute, name)
        self.state(node, attribute, part, observed=observed)
        self.state(part, "name", name, observed=observed)
        return part

    def complete(self, node: Node, attribute: str) -> None:
        """State that all values of the attribute are stated."""
        self._sheet(node).notes.complete(node, attribute)

    def link(self, name: str, subject: Node, object: Node) -> None:
        """Link two elements, if they are not yet."""
        if (name, subject, object) in self._links:
            return
        self._links.add((name, subject, object))
        because = f"{self._files[subject.kind]} says so"
        self._sheet(subject).link(name, subject, object, because)
        for element in (subject, object):
            self._sheet(element).notes.declare(element)

    def held(self, attribute: str) -> set[Node]:
        """The parts that are held by the attribute so far."""
        readings = (sheet.notes.reading(file) for file, sheet in self._sheets.items())
        nodes = {statement.node for reading in readings for statement in reading.statements}
        return {node for node in nodes if node.parts and node.parts[-1][0] == attribute}

    def fits(self, topic: Topic) -> bool:
        """Whether nothing that holds contradicts the topic."""
        return not self._contested(self._renamed(topic, self._unified(topic)))

    def discuss(self, topic: Topic) -> None:
        """State all that the topic does, of the system's own elements where nothing contradicts."""
        names = self._unified(topic)
        readings = self._renamed(topic, names)
        apart = self._contested(readings)
        if apart:
            names = {one: self._fresh(to) if to in apart else to for one, to in names.items()}
            readings = self._renamed(topic, names)
        for number, reading in enumerate(readings):
            self._take(reading, first=number == 0)
        for link in topic.links:
            self.link(link.name, names[link.subject], names[link.object])
        self._elements |= set(names.values())

    def entries(self, project: str) -> Iterator[Entry]:
        """The system's sources, as if they had been read."""
        for file, sheet in sorted(self._sheets.items()):
            sheet.notes.stated_by = _STATED_BY.get(file)
            digest = sha256(f"{project}/{file}".encode()).hexdigest()
            yield Entry(PurePosixPath(file), digest, "descriptor", sheet.notes.reading(file))

    def _unified(self, topic: Topic) -> dict[Node, Node]:
        """The topic's elements by the names that they have here: of each kind one is the system's
        own.
        """
        names = {node: node for node in topic.elements}
        for kind in dict.fromkeys(node.kind for node in names):
            own = self.element(kind)
            first = next(node for node in names if node.kind == kind)
            names[own if own in names else first] = own
        return names

    def _fresh(self, node: Node) -> Node:
        numbered = (replace(node, name=f"{node.name}-{number}") for number in count(2))
        return next(one for one in numbered if one not in self._elements)

    def _renamed(self, topic: Topic, names: dict[Node, Node]) -> list[Reading]:
        """The topic's readings with elements and what identifies things called as they are here."""
        found = (moved(reading, names.__getitem__) for reading in topic.readings)
        return [replace(r, statements=tuple(map(self._own, r.statements))) for r in found]

    def _contested(self, readings: list[Reading]) -> set[Node]:
        """The elements of which something else holds."""
        return {s.node.element for r in readings for s in r.statements if self._contradicts(s)}

    def _own(self, statement: Statement) -> Statement:
        """The statement with what identifies things made that of the company."""
        value = statement.value
        if isinstance(value, str) and statement.attribute.endswith(_IDENTIFYING):
            return replace(statement, value=f"{value}-{self._company}")
        return statement

    def _contradicts(self, statement: Statement) -> bool:
        held = self._single.get((statement.node, statement.attribute), statement.value)
        return held != statement.value

    def _take(self, reading: Reading, *, first: bool) -> None:
        for statement in reading.statements:
            declared = self._files[statement.node.kind] if first else _BESIDE
            self._add(_MEASURED if statement.observed else declared, statement)
        for node, attribute in reading.complete:
            self.complete(node, attribute)
        for element in reading.elements:
            self._sheet(element).notes.declare(element)

    def _add(self, file: str, statement: Statement) -> None:
        if VOCABULARY.attribute(statement.attribute).single:
            self._single.setdefault((statement.node, statement.attribute), statement.value)
        self._sheets[file].state(statement)

    def _sheet(self, node: Node) -> _Sheet:
        """The source that describes the element."""
        return self._sheets[self._files[node.kind]]
