"""All current statements of a project, merged over its sources, as what is worked out before
detection needs them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256

from kg.identifiers import known_by_name
from kg.projects import Project
from kg.statements import Node
from kg.vocabulary import Literal, Vocabulary

Values = dict[Literal | Node, None]


class Current:
    """Values by node and attribute, and links, whatever source they come from."""

    def __init__(self, project: Project, vocabulary: Vocabulary) -> None:
        self.project = project
        nameless = _nameless(vocabulary)
        self._values: dict[tuple[Node, str], Values] = defaultdict(dict)
        self.nodes: dict[Node, None] = {}
        for entry in project.entries:
            own = _of_source(str(entry.path), nameless)
            for statement in entry.reading.statements:
                node, value = own(statement.node), statement.value
                held = own(value) if isinstance(value, Node) else value
                self._values[node, statement.attribute][held] = None
                self.nodes[node.element] = None
                self.nodes[node] = None

    def values(self, node: Node, attribute: str) -> list[Literal]:
        """The literals stated of the node."""
        found = self._values.get((node, attribute), {})
        return [value for value in found if not isinstance(value, Node)]

    def value(self, node: Node, attribute: str) -> Literal | None:
        """The only literal stated of the node, or None where there is none or more than one."""
        found = self.values(node, attribute)
        return found[0] if len(found) == 1 else None

    def parts(self, node: Node, attribute: str) -> list[Node]:
        """The parts that the attribute holds."""
        found = self._values.get((node, attribute), {})
        return [value for value in found if isinstance(value, Node)]

    def linked(self, name: str) -> Iterator[tuple[Node, Node]]:
        """The pairs of elements that the link joins."""
        for _, link in self.project.links:
            if link.name == name:
                yield link.subject, link.object


def _nameless(vocabulary: Vocabulary) -> frozenset[str]:
    """The attributes that hold parts which no name tells apart, such as distributions."""
    held = (a for a in vocabulary.attributes.values() if a.range.kind == "part")
    return frozenset(a.name for a in held if not known_by_name(a.range.name, vocabulary))


def _of_source(path: str, nameless: frozenset[str]) -> Callable[[Node], Node]:
    """What makes of a node the one of this source: as in its IRI, a part without a name is no other
    source's.
    """
    mark = sha256(path.encode()).hexdigest()[:8]

    @cache
    def own(node: Node) -> Node:
        parts = (
            (attribute, f"{mark}-{name}" if attribute in nameless else name)
            for attribute, name in node.parts
        )
        return replace(node, parts=tuple(parts)) if node.parts else node

    return own
