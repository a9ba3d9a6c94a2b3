"""Population stability index: how far the shares of the reference's ten bins have moved.

PSI is the sum over the bins of (current - reference) * ln(current / reference), in shares; an empty
bin counts as half a value. It is a distance and has no p-value; by custom up to 0.1 is stable and
above 0.2 or 0.25 is a shift.
Source: Siddiqi, Credit Risk Scorecards (2006), chapter 9; Kullback and Leibler, Ann. Math. Statist.
22 (1951), 79-86, whose divergence J it is.
"""

from math import fsum, log

from kg.statistics import Distribution, Kind, Result, undecided
from kg.statistics._shares import shares

TITLE = "Population stability index"
KINDS: tuple[Kind, ...] = ("numeric", "categorical")
EFFECT = "PSI (0 to infinity)"


def test(left: Distribution, right: Distribution) -> Result:
    """Compares shares by deciles of the reference, or by labels; statistic and effect size are PSI.

    >>> from kg.statistics import of_labels
    >>> reference, current = of_labels("lmh" * 200), of_labels("l" * 300 + "m" * 200 + "h" * 100)
    >>> round(test(reference, current).statistic, 4)
    0.1831
    """
    pairs = shares(left, right)
    if isinstance(pairs, str):
        return undecided("population_stability", left, right, pairs)
    index = fsum(_part(*pair, left.n, right.n) for pair in pairs)
    because = f"at least 500 values a side, {len(pairs)} bins"
    n = left.n, right.n
    return Result(
        "population_stability", index, None, index, EFFECT, *n, holds=True, because=because
    )


def _part(reference: float, current: float, n_left: int, n_right: int) -> float:
    """What one bin adds to the index."""
    expected, found = max(reference, 0.5 / n_left), max(current, 0.5 / n_right)
    return (found - expected) * log(found / expected)
