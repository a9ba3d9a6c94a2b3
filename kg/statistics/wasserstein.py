"""Wasserstein distance: how far the reference's values must move to become the current ones.

The first-order distance, the area between the two quantile functions, in the field's own unit; its
size is that distance in standard deviations of the reference. It is a distance and has no p-value.
Of a sketch the outermost shares (hundredths, of 101 quantiles) are taken to lie at their inner
edge: all that is known beyond is one extreme value, and a single outlier must not count as
that share of the data.
Source: Vallender, Theory of Probability and Its Applications 18 (1974), 784-786.
"""

from math import fsum, inf

from kg.statistics import LEVELS, Distribution, Kind, Result, fault, undecided

TITLE = "Wasserstein distance"
KINDS: tuple[Kind, ...] = ("numeric",)
LEAST_VALUES = 50
EFFECT = "distance in standard deviations of the reference"
_STEPS = 10 * (LEVELS - 1)


def test(left: Distribution, right: Distribution) -> Result:
    """Compares two samples or sketches of numbers by how far values must move on average.

    >>> from kg.statistics import of_numbers
    >>> found = test(of_numbers(range(100)), of_numbers(range(10, 110)))
    >>> round(found.statistic, 9), round(found.effect_size, 3)
    (10.0, 0.345)
    """
    because = fault(left, right, "numeric", LEAST_VALUES)
    spread = left.sd or 0.0
    if not because and not 0 < spread < inf:
        because = "the reference states no spread, or has none"
    if because:
        return undecided("wasserstein", left, right, because)
    edge = max(left.step, right.step)
    levels = (min(max((step + 0.5) / _STEPS, edge), 1 - edge) for step in range(_STEPS))
    gaps = fsum(abs(left.quantile(level) - right.quantile(level)) for level in levels)
    distance, n = gaps / _STEPS, (left.n, right.n)
    because = "at least 50 values a side"
    return Result(
        "wasserstein", distance, None, distance / spread, EFFECT, *n, holds=True, because=because
    )
