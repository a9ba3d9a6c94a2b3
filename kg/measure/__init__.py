"""Works out before detection what plain SPARQL cannot: counterparts, how versions relate,
statistical tests.

The results are stored as triples beside the descriptors, so every verdict can be followed in the
graph and any SPARQL 1.1 engine can run the predicates.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.measure.current import Current
from kg.measure.pairs import pairings, pairs
from kg.measure.ranges import Comparison, compared
from kg.measure.tests import Test, tested
from kg.projects import Project
from kg.statements import Node
from kg.vocabulary import Vocabulary

__all__ = ["Comparison", "Measured", "Test", "measure"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was worked out for one project."""

    pairs: tuple[tuple[Node, Node], ...]
    comparisons: tuple[Comparison, ...]
    tests: tuple[Test, ...]


def measure(project: Project, vocabulary: Vocabulary) -> Measured:
    """Counterparts along the project's links, comparisons of version ranges, and tests of
    distributions.
    """
    current = Current(project, vocabulary)
    found = dict.fromkeys(_pairs(current, vocabulary))
    return Measured(
        pairs=tuple(found),
        comparisons=tuple(compared(current, found)),
        tests=tuple(tested(current, found)),
    )


def _pairs(current: Current, vocabulary: Vocabulary) -> Iterator[tuple[Node, Node]]:
    for pairing in pairings(vocabulary.triples):
        yield from pairs(current, pairing)
