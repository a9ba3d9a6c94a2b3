"""All current statements of a project, merged over its sources, as what is worked out before
detection needs them.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from kg.comparing.concept import concept
from kg.projects import Project
from kg.statements import Node
from kg.vocabulary import Literal, Vocabulary

Values = dict[Literal | Node, None]
T = TypeVar("T", bound=Hashable)

_TERMS = "glossaryTerm"
_BROADER = "broaderTerm"


class Current:
    """Values by node and attribute, and links, whatever source they come from."""

    def __init__(self, project: Project, vocabulary: Vocabulary) -> None:
        self.project = project
        self.vocabulary = vocabulary
        self.stated: dict[Node, dict[str, Values]] = {}
        self.complete: set[tuple[Node, str]] = set()
        for entry in project.entries:
            self.complete.update(entry.reading.complete)
            for statement in entry.reading.current:
                held = self.stated.setdefault(statement.node, {})
                held.setdefault(statement.attribute, {})[statement.value] = None

    def values(self, node: Node, attribute: str) -> list[Literal]:
        """The literals stated of the node."""
        found = self.stated.get(node, {}).get(attribute, {})
        return [value for value in found if not isinstance(value, Node)]

    def value(self, node: Node, attribute: str) -> Literal | None:
        """The only literal stated of the node, or None where there is none or more than one."""
        found = self.values(node, attribute)
        return found[0] if len(found) == 1 else None

    def number(self, node: Node, attribute: str) -> float | None:
        """The only number stated of the node, or None where there is none or more than one."""
        value = self.value(node, attribute)
        return float(value) if isinstance(value, int | float) else None

    def numbers(self, node: Node, attribute: str) -> list[float]:
        """The numbers stated of the node."""
        found = self.values(node, attribute)
        return [float(value) for value in found if isinstance(value, int | float)]

    def parts(self, node: Node, attribute: str) -> list[Node]:
        """The parts that the attribute holds."""
        found = self.stated.get(node, {}).get(attribute, {})
        return [value for value in found if isinstance(value, Node)]

    def linked(self, name: str) -> Iterator[tuple[Node, Node]]:
        """The pairs of elements that the link joins."""
        for _, link in self.project.links:
            if link.name == name:
                yield link.subject, link.object

    @cached_property
    def neighbours(self) -> Mapping[Node, list[Node]]:
        """The elements that a link joins with each element, in either direction."""
        found: dict[Node, list[Node]] = defaultdict(list)
        for _, link in self.project.links:
            found[link.subject].append(link.object)
            found[link.object].append(link.subject)
        return found

    def joined(self, element: Node) -> dict[Node, None]:
        """The element, and all that links join with it in any number of steps."""
        return {element: None} | _reached(element, self.neighbours)

    def names(self, part: Node) -> frozenset[str]:
        """What the part is called: its own normalised name, and each spelling that a source gives
        it.
        """
        return frozenset((part.parts[-1][1], *map(str, self.values(part, "name"))))

    @cached_property
    def broader(self) -> Mapping[str, frozenset[str]]:
        """Every term of the project's glossaries, with all that cover it, step by step."""
        steps: dict[str, dict[str, None]] = defaultdict(dict)
        for node in self.stated:
            if node.parts and node.parts[-1][0] == _TERMS:
                above = [concept(str(name)) for name in self.values(node, _BROADER)]
                for name in self.names(node):
                    steps[concept(name)] |= dict.fromkeys(above)
        return {name: frozenset(_reached(name, steps)) for name in list(steps)}


def _reached(start: T, steps: Mapping[T, Iterable[T]]) -> dict[T, None]:
    """All that steps lead to from the start; a circle of them is walked once."""
    found: dict[T, None] = {}
    waiting = [start]
    for current in waiting:
        further = [one for one in steps.get(current, ()) if one not in found]
        found |= dict.fromkeys(further)
        waiting += further
    return found
