"""A source's statements as a tree: elements, their parts, and what is stated of each."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias
from urllib.parse import quote

from kg import __version__
from kg.graphs import key, place_of, plain
from kg.identifiers import mint, project_iri
from kg.namespaces import iri
from kg.projects import Project
from kg.projects.identity import Entry
from kg.projects.judging import class_of
from kg.statements import NOWHERE, Node, Place, Statement
from kg.vocabulary import Literal, Vocabulary

Value: TypeAlias = tuple[Literal, Place]

NAME = "name"
"""The attribute by which named parts are known."""


@dataclass(slots=True)
class Branch:
    """An element or part with its values, its parts, and what is said to be complete.

    A part that is not `held` is spoken of, but no source says that it is there: so does a file of
    constraints, which limits the versions of packages that may not be installed. What a part is
    `called` may be said by another source, or by the other half of what one declares and shows.
    """

    node: Node
    place: Place = NOWHERE
    values: dict[str, list[Value]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, dict[Node, "Branch"]] = field(default_factory=lambda: defaultdict(dict))
    complete: list[str] = field(default_factory=list)
    held: bool = True
    called: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """What one source declares of its elements, or what was observed in it; `prose` where it only
    tells of it in sentences.
    """

    entry: Entry
    observed: bool
    elements: tuple[Branch, ...]
    prose: bool = False


def described(project: Project, *, prose_apart: bool = False) -> Iterator[Described]:
    """Each source that states something, twice where it both declares and was observed, and once
    more for its prose where that is to stand apart.
    """
    known = _Known(project)
    for entry in project.entries:
        for observed, prose in product((False, True), repeat=2):
            elements = _elements(entry, known, (observed, prose), apart=prose_apart)
            if elements:
                yield Described(entry, observed, tuple(elements), prose)


class _Known:
    """Which parts some source of a project says that there are, and what it calls them."""

    def __init__(self, project: Project) -> None:
        stated = [s for entry in project.entries for s in entry.reading.statements]
        self.held = {s.value for s in stated if isinstance(s.value, Node)}
        self.names = {s.node: str(s.value) for s in reversed(stated) if s.attribute == NAME}


def _elements(entry: Entry, known: _Known, kind: tuple[bool, bool], *, apart: bool) -> list[Branch]:
    trunk: dict[Node, Branch] = {}
    for statement in entry.reading.statements:
        if (statement.observed, apart and statement.prose) == kind:
            branch = _branch(statement.node, trunk)
            for one in _with_holders(branch, trunk):
                one.held = not one.node.parts or one.node in known.held
                one.called = known.names.get(one.node, "")
            if isinstance(statement.value, Node):
                _branch(statement.value, trunk).place = statement.place
            else:
                branch.values[statement.attribute].append((statement.value, statement.place))
    if kind == (False, False):
        for node, attribute in entry.reading.complete:
            _branch(node, trunk).complete.append(attribute)
    return list(trunk.values())


def _with_holders(branch: Branch, trunk: dict[Node, Branch]) -> Iterator[Branch]:
    """The branch, and the parts that it is a part of."""
    yield branch
    while branch.node.parts:
        branch = _branch(branch.node.holder, trunk)
        yield branch


def _branch(node: Node, trunk: dict[Node, Branch]) -> Branch:
    if not node.parts:
        return trunk.setdefault(node, Branch(node))
    owner = _branch(node.holder, trunk)
    return owner.parts[node.parts[-1][0]].setdefault(node, Branch(node))


class Names:
    """Relative IRIs of a project's elements, parts and graphs: whoever loads them has a base."""

    def __init__(self, project: Project, vocabulary: Vocabulary) -> None:
        self._id = project.id
        self._vocabulary = vocabulary
        self.project = project_iri("", project.id)

    def of(self, node: Node, entry: Entry | None = None) -> str:
        """The IRI of an element or part; a part without a name is one a source."""
        return mint("", self._id, node, self._vocabulary, str(entry.path) if entry else "")

    def graph(self, one: Described) -> str:
        """The IRI of the graph that holds what the source states."""
        path = quote(str(one.entry.path), errors="surrogateescape")
        return f"{self.project}/descriptors/{path}{'#observed' if one.observed else ''}"

    def places(self, one: Described) -> str:
        """JSON of line, locator and writing of each statement, by the key of `kg.graphs`."""
        found: dict[str, list[list[object]]] = defaultdict(list)
        for statement in one.entry.reading.statements:
            if statement.observed is one.observed:
                subject = self.of(statement.node, one.entry)
                name = key(subject, iri(statement.attribute), self._plain(statement, one.entry))
                found[name].append(place_of(statement))
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    def class_of(self, node: Node) -> str:
        """The class of an element, or of the part."""
        return class_of(node, self._vocabulary)

    def _plain(self, statement: Statement, entry: Entry) -> str:
        if isinstance(statement.value, Node):
            return self.of(statement.value, entry)
        listed = self._vocabulary.attribute(statement.attribute).range.kind == "list"
        return iri(str(statement.value)) if listed else plain(statement.value)


def provenance(one: Described) -> dict[str, Literal]:
    """What is known of a source, by local names of the ontology; a role is a local name too."""
    entry = one.entry
    stated: dict[str, Literal | None] = {
        "file": str(entry.path),
        "digest": entry.digest,
        "importer": f"{entry.importer} {__version__}",
        "observed": one.observed,
        "statedBy": entry.reading.stated_by,
        "reachedFrom": entry.via,
    }
    return {name: value for name, value in stated.items() if value is not None}


def infinity(value: float) -> str:
    """An infinite number as XML Schema writes it.

    >>> infinity(float("-inf"))
    '-INF'
    """
    return str(value).upper()
