"""All sources of a project as one tree: what is stated of each element, and where first."""

from collections import defaultdict
from dataclasses import dataclass, field

from kg.projects import Project
from kg.projects.identity import Entry
from kg.projects.judging import class_of
from kg.statements import Node, Place
from kg.vocabulary import Literal, Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Stated:
    """One value as a source states it; two are never the same, even where they say the same."""

    value: Literal
    where: str
    given: str = ""
    observed: bool = False

    @property
    def text(self) -> str:
        """The value as a text, with the capitals of its source where lists spell it their way."""
        text = str(self.value)
        return self.given if self.given.lower() == text.lower() else text

    @property
    def shown(self) -> str:
        """The value as its source gives it."""
        return self.given or str(self.value)


@dataclass(slots=True, eq=False)
class Merged:
    """An element or part with all that any source states of it, in the order of sources."""

    node: Node
    kind: str
    where: str = ""
    values: dict[str, list[Stated]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, dict[Node, "Merged"]] = field(default_factory=lambda: defaultdict(dict))
    complete: dict[str, str] = field(default_factory=dict)


def merged(project: Project, vocabulary: Vocabulary) -> list[Merged]:
    """The project's elements; a part without a name is one a source."""
    trunk: dict[Node, Merged] = {}
    for entry in project.entries:
        for statement in entry.reading.statements:
            branch = _branch(statement.node, trunk, vocabulary)
            where = _where(entry, statement.place)
            if isinstance(statement.value, Node):
                part = _branch(statement.value, trunk, vocabulary)
                part.where = part.where or where
            else:
                given = (statement.place.given or "").strip()
                stated = Stated(statement.value, where, given, statement.observed)
                branch.values[statement.attribute].append(stated)
        for node, attribute in entry.reading.complete:
            _branch(node, trunk, vocabulary).complete.setdefault(attribute, str(entry.path))
    return list(trunk.values())


def _branch(node: Node, trunk: dict[Node, Merged], vocabulary: Vocabulary) -> Merged:
    kind = class_of(node, vocabulary)
    if not node.parts:
        return trunk.setdefault(node, Merged(node, kind))
    owner = _branch(node.holder, trunk, vocabulary)
    return owner.parts[node.parts[-1][0]].setdefault(node, Merged(node, kind))


def _where(entry: Entry, place: Place) -> str:
    return f"{entry.path}:{place.line}" if place.line else str(entry.path)
