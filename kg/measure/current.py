"""All current statements of a project, merged over its sources, as what is worked out before detection needs them."""

from collections import defaultdict
from collections.abc import Iterator

from kg.projects import Project
from kg.statements import Literal, Node

Values = dict[Literal | Node, None]


class Current:
    """Values by node and attribute, and links, whatever source they come from."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._values: dict[tuple[Node, str], Values] = defaultdict(dict)
        self.nodes: dict[Node, None] = {}
        for entry in project.entries:
            for statement in entry.reading.statements:
                self._values[statement.node, statement.attribute][statement.value] = None
                self.nodes[statement.node.element] = None
                self.nodes[statement.node] = None

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
