"""Population stability index: how far the shares of the reference's ten bins have moved.

PSI is the sum over the bins of (current - reference) * ln(current / reference), in shares; an empty
bin counts as half a value. It is a distance and has no p-value; by custom up to 0.1 is stable and
above 0.2 or 0.25 is a shift.
Source: Siddiqi, Credit Risk Scorecards (2006), chapter 9; Kullback and Leibler, Ann. Math. Statist.
22 (1951), 79-86, whose divergence J it is.
"""

from itertools import pairwise
from math import fsum, log

from kg.statistics import Distribution, Kind, Result, fault, undecided

TITLE = "Population stability index"
KINDS: tuple[Kind, ...] = ("numeric", "categorical")
LEAST_VALUES = 500
BINS = 10
EFFECT = "PSI (0 to infinity)"


def test(left: Distribution, right: Distribution) -> Result:
    """Compares shares by deciles of the reference, or by labels; statistic and effect size are PSI.

    A value that is a tenth of the reference or more is a bin of its own, so that values below it
    are told from it.

    >>> from kg.statistics import of_labels
    >>> reference, current = of_labels("lmh" * 200), of_labels("l" * 300 + "m" * 200 + "h" * 100)
    >>> round(test(reference, current).statistic, 4)
    0.1831
    """
    because = fault(left, right, left.kind, LEAST_VALUES) or _coarse(left, right)
    if because:
        return undecided("population_stability", left, right, because)
    pairs = _by_label(left, right) if left.kind == "categorical" else _by_decile(left, right)
    index = fsum(_part(*pair, left.n, right.n) for pair in pairs)
    because = f"at least 500 values a side, {len(pairs)} bins"
    n = left.n, right.n
    return Result(
        "population_stability", index, None, index, EFFECT, *n, holds=True, because=because
    )


def _coarse(left: Distribution, right: Distribution) -> str:
    """Why two sketches do not tell the shares of ten bins, or nothing."""
    fewest = min((len(s.quantiles) for s in (left, right) if s.kind == "numeric"), default=BINS + 1)
    return "" if fewest > BINS else f"a side states {fewest} quantiles, {BINS + 1} are needed"


def _by_label(left: Distribution, right: Distribution) -> list[tuple[float, float]]:
    """The shares of each label on both sides."""
    sizes = sum(left.counts.values()), sum(right.counts.values())
    labels = sorted(left.counts.keys() | right.counts.keys())
    return [
        (left.counts.get(label, 0) / sizes[0], right.counts.get(label, 0) / sizes[1])
        for label in labels
    ]


def _by_decile(left: Distribution, right: Distribution) -> list[tuple[float, float]]:
    """The shares between the deciles of the reference on both sides, without bins empty on both."""
    edges = sorted({left.quantile(step / BINS) for step in range(1, BINS)})
    shares = [(0.0, 0.0)]
    for edge in edges:
        if left.at_most(edge) - left.below(edge) >= 1 / BINS:
            shares.append((left.below(edge), right.below(edge)))
        shares.append((left.at_most(edge), right.at_most(edge)))
    shares.append((1.0, 1.0))
    steps = [(high[0] - low[0], high[1] - low[1]) for low, high in pairwise(shares)]
    return [step for step in steps if any(step)]


def _part(reference: float, current: float, n_left: int, n_right: int) -> float:
    """What one bin adds to the index."""
    expected, found = max(reference, 0.5 / n_left), max(current, 0.5 / n_right)
    return (found - expected) * log(found / expected)
