"""Works out before detection what plain SPARQL cannot: counterparts, how values relate, whether
assumptions hold, statistical tests.

The results are stored as triples beside the descriptors, so every verdict can be followed in the
graph and any SPARQL 1.1 engine can run the predicates.
"""

from collections.abc import Collection
from dataclasses import dataclass

from kg.measure.assumptions import checked
from kg.measure.comparisons import Comparison, compared
from kg.measure.current import Current
from kg.measure.cycles import covered
from kg.measure.pairings import pairings
from kg.measure.pairs import Pair, pairs
from kg.measure.tests import Test, tested
from kg.projects import Project
from kg.vocabulary import Vocabulary

__all__ = ["Comparison", "Measured", "Pair", "Test", "measure"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was worked out for one project."""

    pairs: tuple[Pair, ...]
    comparisons: tuple[Comparison, ...]
    tests: tuple[Test, ...]


def measure(
    project: Project, vocabulary: Vocabulary, statistics: Collection[str] | None = None
) -> Measured:
    """Counterparts along the project's links, comparisons of values and of what is assumed of them,
    and tests by the statistics named, or by all there are.
    """
    current = Current(project, vocabulary)
    found = pairs(current, pairings(vocabulary.triples))
    sure = [(pair.first, pair.second) for pair in found if pair.is_sure]
    return Measured(
        pairs=tuple(found),
        comparisons=tuple(
            dict.fromkeys((*compared(current, sure), *checked(current), *covered(current)))
        ),
        tests=tuple(tested(current, sure, statistics)),
    )
