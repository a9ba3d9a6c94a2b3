"""Label counts of both sides as a table of two rows, its rare columns pooled."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from kg.statistics import Distribution, fault

LEAST_VALUES = 50
LEAST_EXPECTED = 5.0
EFFECT = "Cramér's V at equal sizes (0 to 1)"

Column = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Table:
    """The counts on both sides label by label, the rare ones as one, and how many those are."""

    columns: tuple[Column, ...]
    pooled: int

    @property
    def sizes(self) -> Column:
        """The values on each side."""
        return _together(self.columns)

    @property
    def because(self) -> str:
        """What the tests of such a table take for granted, and was so."""
        told = "at least 50 values a side, each label expected 5 times on each"
        return f"{told}; {self.pooled} rare labels pooled" if self.pooled else told

    def expected(self, column: Column) -> tuple[float, float]:
        """How often a label would be there on each side if the shares were the same."""
        share = sum(column) / sum(self.sizes)
        return share * self.sizes[0], share * self.sizes[1]

    def effect(self) -> float:
        """Cramér's V of a table whose two rows are the shares.

        It is the usual V where both sides are of one size, but, unlike it, no smaller when ten
        thousand rows are compared with fifty.
        """
        sizes = self.sizes
        shares = [(left / sizes[0], right / sizes[1]) for left, right in self.columns]
        return sqrt(fsum((left - right) ** 2 / (left + right) for left, right in shares) / 2)


def table(left: Distribution, right: Distribution) -> Table | str:
    """The table of two distributions of labels, or why it cannot be tested.

    Where all rare labels together are still too rare, the rarest of the others joins them.
    """
    because = fault(left, right, "categorical", LEAST_VALUES)
    if because:
        return because
    labels = left.counts.keys() | right.counts.keys()
    counts = ((left.counts.get(label, 0), right.counts.get(label, 0)) for label in labels)
    columns = sorted(
        (column for column in counts if any(column)), key=lambda pair: (sum(pair), pair)
    )
    whole = Table(tuple(columns), 0)
    rare = sum(_too_rare(column, whole) for column in columns)
    while 0 < rare < len(columns) - 1 and _too_rare(_together(columns[:rare]), whole):
        rare += 1
    found = Table((_together(columns[:rare]), *columns[rare:]), rare) if rare else whole
    if len(found.columns) > 1 and any(_too_rare(column, found) for column in found.columns):
        return "the labels are too rare: each must be expected 5 times on each side"
    return found


def _together(columns: Sequence[Column]) -> Column:
    """Several labels as one."""
    return sum(left for left, _ in columns), sum(right for _, right in columns)


def _too_rare(column: Column, whole: Table) -> bool:
    """Whether the label is expected less than 5 times on some side."""
    return min(whole.expected(column)) < LEAST_EXPECTED
