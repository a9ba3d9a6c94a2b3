"""How version ranges relate, worked out before detection because SPARQL cannot (PEP 440).

Compared are the ranges of two paired packages, and the ranges that several statements give one
package.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations, product

from kg.measure.current import Current
from kg.statements import Node
from kg.versions import contradictory, relation

ATTRIBUTE = "versionRange"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two version ranges, of two parts or of one, and how they relate."""

    first: Node
    second: Node
    first_value: str
    second_value: str
    relation: str


def compared(current: Current, paired: Iterable[tuple[Node, Node]]) -> Iterator[Comparison]:
    """Every comparison that a predicate may ask for."""
    for need, have in paired:
        for one, other in product(_ranges(current, need), _ranges(current, have)):
            yield Comparison(need, have, one, other, relation(one, other))
    for node in current.nodes:
        for one in filter(contradictory, _ranges(current, node)):
            yield Comparison(node, node, one, one, "impossible")
        for one, other in permutations(sorted(_ranges(current, node)), 2):
            # Of one thing, any version agrees with each: no side needs, no side gives.
            related = relation(one, other) if other else relation(other, one)
            yield Comparison(node, node, one, other, related)


def _ranges(current: Current, node: Node) -> list[str]:
    return [str(value) for value in current.values(node, ATTRIBUTE)]
